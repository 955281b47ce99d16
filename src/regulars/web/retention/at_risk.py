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
from regulars.insights import reasons
from regulars.insights.selectors import scores
from regulars.kernel.errors import Invalid
from regulars.kernel.money import Money
from regulars.kernel.spreadsheets import harmless
from regulars.web.access import may, requires
from regulars.web.middleware import AgentRequest

SORTS: Final[dict[str, str | Promise]] = {
    "stake": _("Most at stake first"),
    "risk": _("Most likely to leave first"),
    "value": _("Worth most first"),
}
WHO: Final[dict[str, str | Promise]] = {
    "above": _("More likely to leave than is usual here"),
    "half": _("More likely to leave than to stay"),
    "all": _("Everybody scored"),
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
    after, who = request.GET.get("after", ""), _who(request, "above")
    least = _least(who, learnt)
    ranking = _ranked(sort, after, least=least)
    context = {
        "learnt": learnt,
        "value": value,
        "sort": sort,
        "sorts": SORTS,
        "who": who,
        "whos": WHO,
        "usual": least if who == "above" else None,
        "listed": traits.totals("risk", least=least).customers if not after and ranking.rows else 0,
        "rows": [_line(row) for row in ranking.rows],
        "more": f"?sort={sort}&who={who}&after={ranking.after}" if ranking.after else "",
        "may_export": may(request, "export_bulk"),
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, f"retention/at_risk.html#{'rows' if after else 'found'}", context)
    return render(request, "retention/at_risk.html", context | _figures(learnt, value))


@require_safe
@requires("export_bulk")
def table(request: AgentRequest) -> HttpResponse:
    """Who is on the list, or everybody, as CSV; what a spreadsheet would take for a formula is made text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["customer_id", "name", "email", "risk", "stake", "stake_low", "stake_high", "value", "currency"])
    least = _least(_who(request, "all"), scores.risk())
    for row in _ranked(_sort(request, has_value=True), "", most=MOST_IN_FILE, least=least).rows:
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


def _who(request: AgentRequest, otherwise: str) -> str:
    asked = request.GET.get("who", "")
    return asked if asked in WHO else otherwise


def _least(who: str, learnt: scores.Learnt | None) -> float | None:
    """The risk from which on somebody is on the list; None for everybody."""
    if who == "all" or learnt is None or learnt.model is None:
        return None
    return 0.5 if who == "half" else learnt.usual


def _ranked(sort: str, after: str, *, least: float | None, most: int = traits.PAGE) -> traits.Ranking:
    try:
        return traits.ranked(sort, after=after, most=most, least=None if least is None else ("risk", least))
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
