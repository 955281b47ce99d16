"""The figures as files: charts for the page and to keep, every step, group and agent as a table."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from regulars.desk.selectors.numbers import PARTS, Lasting, Measured
from regulars.insights import pictures
from regulars.kernel.spreadsheets import harmless
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.numbers import drawing, showing
from regulars.web.numbers.asking import from_address
from regulars.web.retention.downloads import as_file

COLUMNS = (
    "part", "name", "began", "reopenings", "messages", "resolved", "reopened", "replies",
    *(f"{kind}_{figure}" for kind in ("first", "next", "resolution")
      for figure in ("n", "median_seconds", "p90_seconds", "mean_seconds", "kept", "broken", "broken_open")),
    "left_open",
    *(f"bot_{figure}" for figure in ("n", "median_seconds", "p90_seconds", "mean_seconds")),
    *(f"load_{part}" for part in PARTS),
)  # fmt: skip


@require_safe
@requires("see_numbers")
def specification(request: AgentRequest, form: str) -> JsonResponse:
    """One of the page's charts."""
    return JsonResponse(pictures.bars_on_a_page(_drawn(request, form)))


@require_safe
@requires("see_numbers")
def svg(request: AgentRequest, form: str) -> HttpResponse:
    """A chart as a picture that scales."""
    picture = pictures.bars_as_file(_drawn(request, form), "svg", title=drawing.title(form))
    return as_file(picture, "image/svg+xml", f"{form}.svg")


@require_safe
@requires("see_numbers")
def png(request: AgentRequest, form: str) -> HttpResponse:
    """A chart as a picture of dots."""
    picture = pictures.bars_as_file(_drawn(request, form), "png", title=drawing.title(form))
    return as_file(picture, "image/png", f"{form}.png")


@require_safe
@requires("see_numbers")
def table(request: AgentRequest) -> HttpResponse:
    """Everything the page shows, in seconds: the whole, the steps, the groups, and who did how much."""
    found = showing.answer(from_address(request.GET))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell, keeps_numbers=True) for cell in row] for row in _rows(found))
    return as_file(written.getvalue().encode(), "text/csv; charset=utf-8", "numbers.csv")


def _rows(found: showing.Answer) -> Iterator[list[Any]]:
    left = showing.last_left(found)
    yield _row("all", "", found, lambda parts: parts.whole, list(left.values())[-1][1] if left else None)
    for step in found.steps:
        yield _row(
            found.asked.question.step,
            str(step),
            found,
            lambda parts, at=step: parts.steps.get(at),
            left[step][1] if step in left else None,
        )
    by = found.asked.question.by
    for group in found.volume.groups:
        yield _row(by, found.asked.names.name(by, group), found, lambda parts, of=group: parts.groups.get(of), None)
    for agent, load in found.workload.items():
        loads = [getattr(load, part) for part in PARTS]
        nothing = [None] * (len(COLUMNS) - 2 - len(loads))
        yield ["workload", found.asked.names.name("agent", str(agent)), *nothing, *loads]


def _row(part: str, name: str, found: showing.Answer, pick: Any, left: int | None) -> list[Any]:
    volume = pick(found.volume)
    row = [
        part,
        name,
        volume.began,
        volume.reopenings,
        volume.messages,
        volume.resolved,
        volume.reopened,
        volume.replies,
    ]
    for kind in ("first", "next", "resolution"):
        measured = pick(found.measured[kind]) or Measured()
        lasting, kept = measured.lasting, measured.kept
        row += [*_lasting(lasting), kept.kept, kept.broken, kept.open_broken]
    bot = pick(found.measured["bot"]) or Measured()
    return [*row, left, *_lasting(bot.lasting), *(None for _part in PARTS)]


def _lasting(one: Lasting) -> list[Any]:
    return [one.n, one.median, one.ninetieth, one.mean]


def _drawn(request: AgentRequest, form: str) -> Any:
    if form not in drawing.FORMS:
        raise Http404
    return drawing.draw(showing.answer(from_address(request.GET)), form)
