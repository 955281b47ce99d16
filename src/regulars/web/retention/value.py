"""The Value page: what customers are expected to order for in the next twelve months, and how far to believe it."""

import csv
import io
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.customers.selectors import traits
from regulars.insights import pictures
from regulars.insights.selectors import scores
from regulars.kernel.errors import DomainError
from regulars.kernel.money import Money
from regulars.kernel.spreadsheets import harmless
from regulars.web.access import may, requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention import worth
from regulars.web.retention.at_risk import MOST_IN_FILE, NoSuchPage
from regulars.web.retention.downloads import as_file

COLUMNS = ("amount", "low", "high", "spend")


class NoValue(DomainError):
    """Nothing has been learnt yet of what customers are worth."""

    status = 404


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """The page, or the next rows of its list. Who may not see customers gets the numbers alone."""
    learnt = scores.value()
    context: dict[str, Any] = {"learnt": learnt, "may_export": may(request, "export_bulk")}
    after = request.GET.get("after", "")
    if learnt is not None and learnt.model is not None and may(request, "see_customers"):
        ranking = _ranked(after)
        context["rows"] = [_line(row) for row in ranking.rows]
        context["more"] = f"?after={ranking.after}" if ranking.after else ""
    if after and request.htmx and not request.htmx.boosted:
        return render(request, "retention/value.html#rows", context)
    if learnt is not None and learnt.model is not None:
        context |= worth.shown(learnt)
    return render(request, "retention/value.html", context)


@require_safe
@requires("see_numbers")
def specification(request: AgentRequest) -> JsonResponse:
    """How many customers are worth how much, for the page to draw."""
    return JsonResponse(pictures.bars_on_a_page(worth.drawn(_summary())))


@require_safe
@requires("see_numbers")
def svg(request: AgentRequest) -> HttpResponse:
    """The same as a picture that scales."""
    return as_file(_picture("svg"), "image/svg+xml", "value.svg")


@require_safe
@requires("see_numbers")
def png(request: AgentRequest) -> HttpResponse:
    """The same as a picture of dots."""
    return as_file(_picture("png"), "image/png", "value.png")


@require_safe
@requires("see_numbers")
def steps(request: AgentRequest) -> HttpResponse:
    """The same as CSV: how many are worth how much, and nobody by name."""
    said = _summary()
    lines = [[step["from"], step["to"], step["customers"], step["held"], said["currency"]] for step in said["steps"]]
    return _csv(["from", "to", "customers", "share_of_value", "currency"], lines, "value-steps.csv")


@require_safe
@requires("export_bulk")
def table(request: AgentRequest) -> HttpResponse:
    """Everybody with a value as CSV; what a spreadsheet would take for a formula is made text."""
    lines = []
    for row in _ranked("", most=MOST_IN_FILE).rows:
        found = row.traits["value"]
        money = [Money(found[name], found["currency"]).major for name in COLUMNS]
        who = [row.id, harmless(row.name), harmless(row.email)]
        lines.append([*who, *money, found["orders"], found["alive"], found["currency"]])
    head = [
        "customer_id",
        "name",
        "email",
        "value",
        "low",
        "high",
        "spend_per_order",
        "orders",
        "still_customer",
        "currency",
    ]
    return _csv(head, lines, "value.csv")


def _csv(head: list[str], lines: list[list[Any]], name: str) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows([head, *lines])
    return as_file(text.getvalue().encode(), "text/csv; charset=utf-8", name)


def _picture(form: Any) -> bytes:
    return pictures.bars_as_file(worth.drawn(_summary()), form, title=_("What customers are worth"))


def _summary() -> dict[str, Any]:
    learnt = scores.value()
    if learnt is None or learnt.model is None or not learnt.summary.get("steps"):
        raise NoValue
    return learnt.summary


def _ranked(after: str, *, most: int = traits.PAGE) -> traits.Ranking:
    try:
        return traits.ranked("value", after=after, most=most)
    except ValueError as error:
        raise NoSuchPage from error


def _line(row: traits.Ranked) -> dict[str, Any]:
    found = row.traits["value"]
    money = {name: Money(found[name], found["currency"]) for name in COLUMNS}
    return {"customer": row, "alive": found["alive"], "orders": found["orders"], **money}
