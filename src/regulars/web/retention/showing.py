"""What the page shows of an answer: figures, rows and sentences, ready for the template."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.insights import breakdown
from regulars.web.templatetags.house import percent

MOST_ROWS = 48
NAMES = {
    "full": gettext_lazy("Full"),
    "classic": gettext_lazy("Classic"),
    "rolling": gettext_lazy("Rolling"),
    "return": gettext_lazy("Return"),
    "bracket": gettext_lazy("Bracket"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind at the chosen period."""

    kind: str
    name: str
    rate: float | None
    low: float | None
    high: float | None
    at_risk: int
    definition: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One share of a cohort; `rate` is None while the period has not ended for anybody."""

    rate: float | None = None
    low: float | None = None
    high: float | None = None
    retained: int = 0
    at_risk: int = 0
    tint: int = 0

    @property
    def points(self) -> str:
        """The share in whole percent, as a heat-map has room for; one decimal below one."""
        if self.rate is None:
            return ""
        return f"{100 * self.rate:.0f}" if self.rate >= 0.01 or not self.rate else f"{100 * self.rate:.1f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One cohort, or all of them together."""

    name: str
    start: date | None
    size: int
    cells: list[Cell]


def chosen_period(answer: Any, wanted: int | None) -> int:
    """The period whose figures stand on top: the wanted one, or the last that a third of the customers reached."""
    at_risk = answer.at_risk.sum(axis=0)
    reached = np.flatnonzero(at_risk > 0)
    last = int(reached[-1]) if len(reached) else 0
    if wanted is not None:
        return min(wanted, answer.periods)
    enough = np.flatnonzero(at_risk * 3 >= at_risk[0])
    return max(1, min(last, int(enough[-1]) if len(enough) else last))


def figures(answer: Any, n: int) -> list[Figure]:
    """The five kinds side by side at period n, over everybody for whom it has ended."""
    return [_figure(answer, kind, n) for kind in answer.kinds]


def _figure(answer: Any, kind: str, n: int) -> Figure:
    curve = answer.curve(kind)
    return Figure(
        kind=kind,
        name=str(NAMES[kind]),
        rate=_known(curve.rate[n]),
        low=_known(curve.low[n]),
        high=_known(curve.high[n]),
        at_risk=int(curve.at_risk[n]),
        definition=definition(kind, answer.question.period, n, int(answer.bracket_starts[n])),
        is_provisional=bool(curve.provisional[n]),
    )


def definition(kind: str, period: str, n: int, first: int) -> str:
    """What a kind counts at period n, in words."""
    of = {"n": n, "first": first or n, "period": period_name(period, n)}
    return {
        "full": _("in every %(period)s 1 to %(n)s"),
        "classic": _("in %(period)s %(n)s"),
        "rolling": _("in %(period)s %(n)s or later"),
        "return": _("at least once by %(period)s %(n)s"),
        "bracket": _("at least once in %(period)ss %(first)s to %(n)s"),
    }[kind] % of


def period_name(period: str, n: int = 1) -> str:
    """The period in the reader's language."""
    names = {"day": _("day"), "week": _("week"), "month": _("month"), "quarter": _("quarter"), "year": _("year")}
    return names.get(period, _("window"))


def pooled_row(answer: Any, kind: str) -> Row:
    """Every cohort together, at each period those for whom it has ended."""
    curve = answer.curve(kind)
    columns = (curve.rate, curve.low, curve.high, curve.retained, curve.at_risk)
    return Row(_("All cohorts"), None, int(answer.sizes.sum()), _cells(columns, top=_top(answer, kind)))


def cohort_rows(answer: Any, kind: str) -> tuple[list[Row], int]:
    """The newest cohorts, newest first, and how many older ones are left to the download."""
    rate, (low, high) = answer.rate(kind), answer.interval(kind)
    retained, at_risk = answer.retained[kind], answer.at_risk_of(kind)
    top = _top(answer, kind)
    places = range(len(answer.sizes) - 1, -1, -1)
    rows = [
        Row(
            cohort_name(answer.cohorts[place].item(), answer.question.period),
            answer.cohorts[place].item(),
            int(answer.sizes[place]),
            _cells((rate[place], low[place], high[place], retained[place], at_risk[place]), top=top),
        )
        for place in list(places)[:MOST_ROWS]
    ]
    return rows, max(0, len(answer.sizes) - MOST_ROWS)


def segment_rows(answer: Any, kind: str) -> list[Row]:
    """One pooled row a segment, the largest first."""
    rows = []
    for segment in answer.segment_names:
        curve = answer.curve(kind, segment=segment)
        columns = (curve.rate, curve.low, curve.high, curve.retained, curve.at_risk)
        rows.append(Row(group_name(str(segment)), None, int(curve.at_risk[0]), _cells(columns, top=_top(answer, kind))))
    return sorted(rows, key=lambda row: -row.size)


def group_name(segment: str) -> str:
    """A group as people call it, those without one and the small ones gathered included."""
    return {breakdown.NONE: _("none"), breakdown.OTHER: _("all others")}.get(segment, segment)


def cohort_name(start: date, period: str) -> str:
    """A cohort by its first day: Dec 2010, Q4 2010, 2010, or the day itself."""
    from django.utils.formats import date_format

    if period == "year":
        return str(start.year)
    if period == "quarter":
        return f"Q{(start.month - 1) // 3 + 1} {start.year}"
    return date_format(start, "M Y" if period == "month" else "j M Y")


def cohort_end(start: date, period: str) -> date:
    """The day after a cohort's last."""
    steps = {"day": 1, "week": 7}
    if period in steps:
        return date.fromordinal(start.toordinal() + steps[period])
    months = {"month": 1, "quarter": 3, "year": 12}.get(period)
    if months is None:
        return date.fromordinal(start.toordinal() + 1)
    number = start.year * 12 + start.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def sentences(answer: Any, kind: str, n: int) -> list[str]:
    """What the answer says, in words a person would use; nothing that its numbers do not."""
    figure = _figure(answer, kind, n)
    if figure.rate is None:
        return [_("This period has not ended for anybody yet. Choose an earlier one, or ask again later.")]
    said = [
        ngettext(
            "Of %(count)s customer, %(rate)s came back %(definition)s (%(low)s to %(high)s).",
            "Of %(count)s customers, %(rate)s came back %(definition)s (%(low)s to %(high)s).",
            figure.at_risk,
        )
        % {
            "count": f"{figure.at_risk:,}",
            "rate": percent(figure.rate),
            "definition": figure.definition,
            "low": percent(figure.low),
            "high": percent(figure.high),
        }
    ]
    return said + _ever_and_always(answer, n) + _best_and_worst(answer, kind, n)


def _ever_and_always(answer: Any, n: int) -> list[str]:
    ever, always = _figure(answer, "return", n).rate, _figure(answer, "full", n).rate
    if ever is None or always is None:
        return []
    said = _("%(ever)s came back at least once; %(always)s in every single %(period)s.")
    return [said % {"ever": percent(ever), "always": percent(always), "period": period_name(answer.question.period)}]


def _best_and_worst(answer: Any, kind: str, n: int) -> list[str]:
    """The first and the last cohort that can be compared, when their intervals do not touch."""
    rate, (low, high) = answer.rate(kind)[:, n], answer.interval(kind)
    low, high = low[:, n], high[:, n]
    ended = np.flatnonzero(~np.isnan(rate))
    if answer.segments is not None or len(ended) < 2:
        return []
    best, worst = ended[np.argmax(rate[ended])], ended[np.argmin(rate[ended])]
    if low[best] <= high[worst]:
        return [_("The cohorts differ no more than chance allows: their intervals overlap.")]
    said = _("The cohort of %(best)s kept the most (%(high)s), that of %(worst)s the fewest (%(low)s).")
    period = answer.question.period
    return [
        said
        % {
            "best": cohort_name(answer.cohorts[best].item(), period),
            "high": percent(float(rate[best])),
            "worst": cohort_name(answer.cohorts[worst].item(), period),
            "low": percent(float(rate[worst])),
        }
    ]


def _top(answer: Any, kind: str) -> float:
    """The share that gets the full tint: so that differences are seen where rates are small."""
    rates = answer.rate(kind)[:, 1:]
    known = rates[~np.isnan(rates)]
    return max(float(np.percentile(known, 98)), 0.02) if len(known) else 1.0


def _cells(columns: tuple[Any, ...], *, top: float) -> list[Cell]:
    rate, low, high, retained, at_risk = columns
    return [
        Cell(
            _known(rate[n]),
            _known(low[n]),
            _known(high[n]),
            int(retained[n]),
            int(at_risk[n]),
            tint=0 if np.isnan(rate[n]) else min(100, round(100 * float(rate[n]) / top)),
        )
        for n in range(1, len(rate))
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
