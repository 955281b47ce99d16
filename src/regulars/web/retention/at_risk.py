"""A list one can work from: who is likely to leave, what is at stake with each, and what goes with it."""

import csv
import io
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from regulars.customers.selectors import traits
from regulars.insights.selectors import scores
from regulars.kernel.errors import Invalid
from regulars.kernel.money import Money
from regulars.kernel.spreadsheets import harmless
from regulars.web.access import may, requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention import reasons

SORTS: Final[dict[str, str | Promise]] = {
    "stake": _("Most at stake first"),
    "risk": _("Most likely to leave first"),
    "value": _("Worth most first"),
}
MOST_IN_FILE = 100_000


class NoSuchPage(Invalid):
    """This page of the list is not there. Begin again from the top."""


@require_safe
@requires("see_customers")
def show(request: AgentRequest) -> HttpResponse:
    """The list, or its next rows."""
    learnt, value = scores.risk(), scores.value()
    sort = _sort(request, has_value=value is not None and value.model is not None)
    after = request.GET.get("after", "")
    ranking = _ranked(sort, after)
    context = {
        "learnt": learnt,
        "value": value,
        "sort": sort,
        "sorts": SORTS,
        "rows": [_line(row) for row in ranking.rows],
        "more": f"?sort={sort}&after={ranking.after}" if ranking.after else "",
        "may_export": may(request, "export_bulk"),
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, f"retention/at_risk.html#{'rows' if after else 'found'}", context)
    return render(request, "retention/at_risk.html", context | _figures(learnt, value))


@require_safe
@requires("export_bulk")
def table(request: AgentRequest) -> HttpResponse:
    """Everybody on the list as CSV; what a spreadsheet would take for a formula is made text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["customer_id", "name", "email", "risk", "stake", "stake_low", "stake_high", "value", "currency"])
    for row in _ranked(_sort(request, has_value=True), "", most=MOST_IN_FILE).rows:
        risk, stake, value = (row.traits.get(name, {}) for name in ("risk", "stake", "value"))
        money = [_major(stake, key) for key in ("amount", "low", "high")] + [_major(value, "amount")]
        line = [row.id, row.name, row.email, risk.get("probability"), *money, value.get("currency", "")]
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in line])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="at-risk.csv"'
    return answer


def _sort(request: AgentRequest, *, has_value: bool) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in SORTS else "stake" if has_value else "risk"


def _ranked(sort: str, after: str, *, most: int = traits.PAGE) -> traits.Ranking:
    try:
        return traits.ranked(sort, after=after, most=most)
    except ValueError as error:
        raise NoSuchPage from error


def _line(row: traits.Ranked) -> dict[str, Any]:
    risk, stake, value = (row.traits.get(name) for name in ("risk", "stake", "value"))
    return {
        "customer": row,
        "risk": risk,
        "stake": stake and _interval(stake),
        "staying": value and Money(value["if_they_stay"], value["currency"]),
        "reasons": reasons.sentences(risk, most=2) if risk else [],
    }


def _interval(found: dict[str, Any]) -> dict[str, Money]:
    return {name: Money(found[name], found["currency"]) for name in ("amount", "low", "high")}


def _figures(learnt: scores.Learnt | None, value: scores.Learnt | None) -> dict[str, Any]:
    """The sums over everybody. Expected leavers are the sum of the probabilities."""
    if learnt is None or learnt.model is None:
        return {}
    risk, stake = traits.totals("risk"), traits.totals("stake")
    has_money = value is not None and value.model is not None
    return {
        "scored": risk.customers,
        "expected": round(risk.total),
        "at_stake": Money(round(stake.total), value.summary["currency"]) if has_money and value else None,
        "definition": learnt.card.definition,
    }


def _major(found: dict[str, Any], name: str) -> Any:
    return Money(found[name], found["currency"]).major if name in found else ""
