"""Revenue kept: the blanks of the sentence, and what the page shows of the answer."""

from datetime import date
from functools import partial
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.insights import bars
from regulars.insights.selectors.revenue import Keeping, Kept
from regulars.kernel import page_settings
from regulars.kernel.money import Money, exponent
from regulars.web.retention.showing import cohort_name, period_name
from regulars.web.templatetags.house import money, percent, whole

PERIODS: Final = (
    ("month", gettext_lazy("month")),
    ("quarter", gettext_lazy("quarter")),
    ("year", gettext_lazy("year")),
)
ACCOUNTS: Final = (("customer", gettext_lazy("customer")), ("company", gettext_lazy("company")))
MOVEMENTS: Final[dict[str, str | Promise]] = {
    "churned": gettext_lazy("Churned"),
    "contraction": gettext_lazy("Contraction"),
    "expansion": gettext_lazy("Expansion"),
    "new": gettext_lazy("New"),
    "reactivated": gettext_lazy("Reactivated"),
}
MOST_ROWS: Final = 36


class Asking(forms.Form):
    """The blanks of the sentence. Whatever is left out takes the usual value."""

    period = forms.ChoiceField(label=gettext_lazy("By"), required=False, choices=PERIODS)
    accounts = forms.ChoiceField(label=gettext_lazy("Counted by"), required=False, choices=ACCOUNTS)

    def __init__(self, given: QueryDict) -> None:
        filled = given.copy()
        filled["period"] = given.get("period") or "quarter"
        filled["accounts"] = given.get("accounts") or "customer"
        super().__init__(filled)
        for field in self.fields.values():  # the sentence around a blank is its label for the eye
            field.widget.attrs["aria-label"] = field.label

    def question(self) -> Keeping:
        """What a valid form asks."""
        said = self.cleaned_data
        zone, currency = page_settings.value("time_zone"), page_settings.value("currency")
        return Keeping(said["period"], said["accounts"], zone=zone, currency=currency)


def shown(kept: Kept) -> dict[str, Any]:
    """Everything the template needs of an answer."""
    lines, period = kept.found.lines, kept.question.period
    latest = kept.found.line
    return {
        "kept": kept,
        "latest": latest,
        "between": {"first": cohort_name(_day(latest.start), period), "then": cohort_name(_day(latest.end), period)},
        "amounts": {name: amount(getattr(latest, name), kept) for name in ("opening", "closing", *MOVEMENTS)},
        "rows": [_row(line, period) for line in reversed(lines[-MOST_ROWS:])],
        "older": max(0, len(lines) - MOST_ROWS),
        "period_name": period_name(period),
        "says": sentences(kept),
        "left_out": _left_out(kept),
        "as_of": date_format(kept.as_of),
    }


def amount(major: float, kept: Kept) -> Money:
    """An amount of the answer as money."""
    currency = kept.question.currency
    return Money(round(major * 10 ** exponent(currency)), currency)


def sentences(kept: Kept) -> list[str]:
    """What the newest line says, in words; nothing that its numbers do not."""
    line, period = kept.found.line, kept.question.period
    names = {"first": cohort_name(_day(line.start), period), "then": cohort_name(_day(line.end), period)}
    text = _(
        "Of %(opening)s in %(first)s, %(gross)s was still there in %(then)s, nobody counted above what they paid then."
    )
    said = [
        text % {**names, "opening": money(amount(line.opening, kept)), "gross": percent(line.gross_retention.value)}
    ]
    text = _("With what the same accounts added it was %(net)s.")
    said.append(text % {"net": percent(line.net_retention.value)})
    gone = ngettext(
        "%(lost)s of %(all)s account ordered nothing in %(then)s.",
        "%(lost)s of %(all)s accounts ordered nothing in %(then)s.",
        line.accounts,
    )
    said.append(gone % {**names, "lost": whole(line.lost_accounts), "all": whole(line.accounts)})
    return [*said, _without_subscriptions(period)]


def drawn_movements(kept: Kept) -> Any:
    """The movements as bars, to be drawn in a theme."""
    return partial(bars.movements, kept, {name: str(word) for name, word in MOVEMENTS.items()})


def _without_subscriptions(period: str) -> str:
    if period == "month":
        return _(
            "Without subscriptions, “churned” in a month only means: no order in that month. Somebody who orders "
            "every six weeks churns and comes back all the time; the quarter or the year says more."
        )
    if period == "quarter":
        return _(
            "Without subscriptions, “churned” only means: no order in that quarter. "
            "Where customers order less often than that, the year says more."
        )
    return _("Without subscriptions, “churned” only means: no order in that year.")


def _left_out(kept: Kept) -> list[str]:
    said = []
    if kept.other:
        text = ngettext(
            "%(n)s order in another currency is left out: currencies are never added.",
            "%(n)s orders in other currencies are left out: currencies are never added.",
            kept.other,
        )
        said.append(text % {"n": whole(kept.other)})
    if kept.unpriced:
        text = ngettext(
            "%(n)s order has no amount that can be read.",
            "%(n)s orders have no amount that can be read.",
            kept.unpriced,
        )
        said.append(text % {"n": whole(kept.unpriced)})
    if kept.alone and kept.question.accounts == "company":
        text = ngettext(
            "%(n)s customer belongs to no company and counts alone.",
            "%(n)s customers belong to no company and count each alone.",
            kept.alone,
        )
        said.append(text % {"n": whole(kept.alone)})
    return [*said, _("Refunds are not taken off. The very first period may be shorter than the others.")]


def _row(line: Any, period: str) -> dict[str, Any]:
    return {
        "accounts": line.accounts,
        "opening": round(line.opening),
        "closing": round(line.closing),
        "gross": line.gross_retention,
        "net": line.net_retention,
        "first": cohort_name(_day(line.start), period),
        "then": cohort_name(_day(line.end), period),
        "movements": [round(getattr(line, name)) for name in MOVEMENTS],
    }


def _day(day: date | None) -> date:
    assert day is not None  # lines of payments by date have their periods
    return day
