"""The Survival page: how long customers stay, when nobody says that they leave."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.insights import pictures, tables
from regulars.insights.errors import NothingYet
from regulars.insights.selectors import retention, survival
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention import staying
from regulars.web.retention.downloads import NotAsked, as_file


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """The page; with htmx only its answer, when a blank of the sentence was filled anew."""
    form = staying.Asking(request.GET)
    context: dict[str, Any] = {"form": form, "address": request.GET.urlencode()}
    if not retention.fact_names():
        return render(request, "retention/survival.html", context | {"is_empty": True})
    is_valid = form.is_valid()
    if is_valid:
        context |= _answered(form)
    part = "#answer" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"retention/survival.html{part}", context, status=200 if is_valid else 422)


@require_safe
@requires("see_numbers")
def specification(request: AgentRequest) -> JsonResponse:
    """The curves for the page to draw."""
    return JsonResponse(pictures.on_a_page(_answer(request).curves))


@require_safe
@requires("see_numbers")
def table(request: AgentRequest) -> HttpResponse:
    """Every step of every curve as CSV."""
    return as_file(tables.plain_csv(_answer(request).curves.table()), "text/csv; charset=utf-8", "survival.csv")


@require_safe
@requires("see_numbers")
def svg(request: AgentRequest) -> HttpResponse:
    """The curves as a picture that scales."""
    return as_file(pictures.as_file(_answer(request).curves, "svg"), "image/svg+xml", "survival.svg")


@require_safe
@requires("see_numbers")
def png(request: AgentRequest) -> HttpResponse:
    """The curves as a picture of dots."""
    return as_file(pictures.as_file(_answer(request).curves, "png"), "image/png", "survival.png")


def _answered(form: staying.Asking) -> dict[str, Any]:
    try:
        return staying.shown(survival.answer(form.question()))
    except (NothingYet, retention.Refused) as refused:
        return {"refusal": str(refused)}


def _answer(request: AgentRequest) -> survival.Answer:
    form = staying.Asking(request.GET)
    if not form.is_valid():
        raise NotAsked
    return survival.answer(form.question())
