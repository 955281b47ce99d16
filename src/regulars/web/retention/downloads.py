"""The answer as files: the curves' specification for the page, a table, pictures."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from regulars.insights import pictures, tables
from regulars.insights.selectors import retention
from regulars.kernel import page_settings
from regulars.kernel.errors import Invalid
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention.asking import Asked, Asking, asked
from regulars.web.retention.page import of_cohort


class NotAsked(Invalid):
    """This address asks something that cannot be answered. Open the page and choose again."""


@require_safe
@requires("see_numbers")
def specification(request: AgentRequest) -> JsonResponse:
    """The curves for the page to draw."""
    asking, answer = _answer(request)
    return JsonResponse(pictures.Curves(answer, asking.kind).specification())


@require_safe
@requires("see_numbers")
def table(request: AgentRequest) -> HttpResponse:
    """Every cell of every kind as CSV."""
    _asking, answer = _answer(request)
    return as_file(tables.csv(answer), "text/csv; charset=utf-8", "retention.csv")


@require_safe
@requires("see_numbers")
def svg(request: AgentRequest) -> HttpResponse:
    """The curves as a picture that scales."""
    asking, answer = _answer(request)
    return as_file(pictures.Curves(answer, asking.kind).picture("svg"), "image/svg+xml", "retention.svg")


@require_safe
@requires("see_numbers")
def png(request: AgentRequest) -> HttpResponse:
    """The curves as a picture of dots."""
    asking, answer = _answer(request)
    return as_file(pictures.Curves(answer, asking.kind).picture("png"), "image/png", "retention.png")


def _answer(request: AgentRequest) -> tuple[Asked, Any]:
    form = Asking(request.GET, zone=page_settings.value("time_zone"))
    if not form.is_valid():
        raise NotAsked
    asking = asked(form)
    question = asking.question if asking.cohort is None else of_cohort(asking)
    return asking, retention.answer(question)


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """Bytes to keep, never to be taken for anything else."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)
