"""Who stays: the question in a sentence, five kinds side by side, curves, cohorts and what they say."""

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.insights.errors import NothingYet
from regulars.insights.selectors import retention
from regulars.kernel import page_settings
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention import showing
from regulars.web.retention.asking import Asked, Asking, asked


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """The page; with htmx only its answer, when a blank of the sentence was filled anew."""
    form = Asking(request.GET, zone=page_settings.value("time_zone"))
    context: dict[str, Any] = {"form": form, "address": request.GET.urlencode(), "zones": sorted(available_timezones())}
    status = 200
    if not retention.fact_names():
        return render(request, "retention/empty.html", context)
    if not form.is_valid():
        status = 422
    else:
        context |= _answered(asked(form))
    return render(request, _template(request), context, status=status)


def _template(request: AgentRequest) -> str:
    return "retention/page.html#answer" if request.htmx and not request.htmx.boosted else "retention/page.html"


def _answered(asking: Asked) -> dict[str, Any]:
    try:
        whole = retention.answer(asking.question)
        chosen = whole if asking.cohort is None else retention.answer(of_cohort(asking))
    except NothingYet as nothing:
        return {"refusal": str(nothing)}
    except retention.Refused as refused:
        return {"refusal": str(refused)}
    n = showing.chosen_period(chosen, asking.n)
    rows, older = ([], 0) if whole.segments else showing.cohort_rows(whole, asking.kind)
    return {
        "asking": asking,
        "answer": whole,
        "n": n,
        "kind": asking.kind,
        "periods": range(1, whole.periods + 1),
        "figures": showing.figures(chosen, n),
        "pooled": showing.pooled_row(whole, asking.kind),
        "rows": rows,
        "older": older,
        "segments": showing.segment_rows(whole, asking.kind) if whole.segments else [],
        "curves": _curve_table(chosen),
        "says": showing.sentences(chosen, asking.kind, n),
        "period_name": showing.period_name(whole.question.period),
        "kind_name": showing.NAMES[asking.kind],
        "cohort_name": showing.cohort_name(asking.cohort, whole.question.period) if asking.cohort else None,
        "customers": int(chosen.sizes.sum()),
        "definitions": [(showing.NAMES[kind], text) for kind, text in whole.question.definitions.items()],
    }


def of_cohort(asking: Asked) -> retention.Question:
    """The question about the chosen cohort alone."""
    assert asking.cohort is not None
    return asking.of_cohort(showing.cohort_end(asking.cohort, _cohort_period(asking.question)))


def _cohort_period(question: retention.Question) -> str:
    """Personal windows are gathered into cohorts by day, or by week for weeks."""
    return question.period if question.window == "calendar" or question.period == "week" else "day"


def _curve_table(answer: Any) -> list[dict[str, Any]]:
    curves = [answer.curve(kind) for kind in answer.kinds]
    return [
        {"n": n, "at_risk": int(curves[1].at_risk[n]), "cells": [_reading(curve, n) for curve in curves]}
        for n in range(1, answer.periods + 1)
        if curves[1].at_risk[n]
    ]


def _reading(curve: Any, n: int) -> dict[str, Any]:
    if not curve.at_risk[n]:
        return {"rate": None}
    return {"rate": float(curve.rate[n]), "low": float(curve.low[n]), "high": float(curve.high[n]),
            "retained": int(curve.retained[n]), "is_provisional": bool(curve.provisional[n])}  # fmt: skip
