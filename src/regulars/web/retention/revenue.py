"""The Revenue page: how much of the money of one period is still there in the next."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.insights import pictures, tables
from regulars.insights.errors import NothingYet
from regulars.insights.selectors import retention, revenue
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention import earning
from regulars.web.retention.downloads import NotAsked, as_file


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """The page; with htmx only its answer, when a blank of the sentence was filled anew."""
    form = earning.Asking(request.GET)
    is_valid = form.is_valid()
    context: dict[str, Any] = {"form": form, "address": request.GET.urlencode(), "parts": earning.MOVEMENTS.values()}
    if is_valid:
        context |= _answered(form)
    part = "#answer" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"retention/revenue.html{part}", context, status=200 if is_valid else 422)


@require_safe
@requires("see_numbers")
def specification(request: AgentRequest, form: str) -> JsonResponse:
    """One of the page's charts: what was kept, or what moved."""
    kept = _answer(request)
    if form == "movements":
        return JsonResponse(pictures.bars_on_a_page(earning.drawn_movements(kept)))
    return JsonResponse(pictures.on_a_page(kept.found))


@require_safe
@requires("see_numbers")
def table(request: AgentRequest) -> HttpResponse:
    """Every period as CSV."""
    return as_file(tables.plain_csv(_answer(request).found.table()), "text/csv; charset=utf-8", "revenue.csv")


@require_safe
@requires("see_numbers")
def svg(request: AgentRequest) -> HttpResponse:
    """What was kept as a picture that scales."""
    return as_file(pictures.as_file(_answer(request).found, "svg"), "image/svg+xml", "revenue.svg")


@require_safe
@requires("see_numbers")
def png(request: AgentRequest) -> HttpResponse:
    """What was kept as a picture of dots."""
    return as_file(pictures.as_file(_answer(request).found, "png"), "image/png", "revenue.png")


def _answered(form: earning.Asking) -> dict[str, Any]:
    try:
        return earning.shown(revenue.answer(form.question()))
    except NothingYet:
        return {"is_empty": True}
    except retention.Refused as refused:
        return {"refusal": str(refused)}


def _answer(request: AgentRequest) -> revenue.Kept:
    form = earning.Asking(request.GET)
    if not form.is_valid():
        raise NotAsked
    return revenue.answer(form.question())
