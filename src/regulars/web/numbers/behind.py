"""The conversations behind a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from regulars.desk.selectors import numbers
from regulars.desk.selectors.visible import visible_to
from regulars.web.access import may, requires
from regulars.web.middleware import AgentRequest
from regulars.web.numbers.asking import Asked, NotAsked, from_address
from regulars.web.numbers.lasting_words import lasted
from regulars.web.retention.showing import cohort_name

TITLES: dict[str, str | Promise] = {
    "first": _("First responses"),
    "next": _("Next responses"),
    "resolution": _("Resolutions"),
    "bot": _("Answers of the bot"),
    "first kept": _("First responses in target"),
    "first broken": _("First responses out of target, those still overdue included"),
    "next kept": _("Next responses in target"),
    "next broken": _("Next responses out of target, those still overdue included"),
    "resolution kept": _("Resolutions in target"),
    "resolution broken": _("Resolutions out of target, those still overdue included"),
    "began": _("Conversations that began"),
    "reopenings": _("Reopenings"),
    "resolved": _("Resolved since"),
    "reopened": _("Resolved, then taken up again"),
    "backlog": _("Open at the end of the day"),
    "load answered": _("Waits answered in these days"),
    "load resolved": _("Resolved in these days"),
    "load open_now": _("Open now"),
}


@dataclass(frozen=True, slots=True)
class Drilled:
    """A number, and what is behind it."""

    asked: Asked
    measure: str
    step: date | None
    group: str | None
    behind: numbers.Drill


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """Those conversations, the longest first; whoever may answer also sees what they are about."""
    drilled = _drilled(request)
    asking, found = drilled.asked, drilled.behind.page(after=_place(request, "after"), before=_place(request, "before"))
    subjects = _subjects(request, [row.conversation_id for row in found.rows])
    context: dict[str, Any] = {
        "title": TITLES[drilled.measure],
        "step_name": cohort_name(drilled.step, _step_of(drilled)) if drilled.step else "",
        "group_name": _group_name(drilled),
        "only": asking.only,
        "rows": [
            {
                "row": row,
                "lasted": lasted(row.seconds, is_business=asking.is_business),
                "subject": subjects.get(row.conversation_id),
            }
            for row in found.rows
        ],
        "n": found.n,
        "first": found.start + 1,
        "last": found.end,
        "is_business": asking.is_business,
        "is_timed": found.rows and found.rows[0].seconds is not None,
        "back": _address(request, "measure", "at", "of", "after", "before"),
        "address": _address(request, "after", "before"),
        "before": found.back.text if found.back else None,
        "next": found.next.text if found.next else None,
    }
    return render(request, "numbers/behind.html", context)


@require_safe
@requires("see_numbers")
def table(request: AgentRequest) -> StreamingHttpResponse:
    """All of them as CSV, however many."""
    answer = StreamingHttpResponse(_lines(_drilled(request).behind), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="conversations.csv"'
    return answer


def _lines(behind: numbers.Drill) -> Iterator[str]:
    """Numbers and times alone, which no spreadsheet runs and no comma is in."""
    yield "conversation,episode,began_at,seconds\r\n"
    for row in behind.every():
        seconds = "" if row.seconds is None else row.seconds
        yield f"{row.conversation_id},{row.episode},{row.began_at.isoformat()},{seconds}\r\n"


def _group_name(drilled: Drilled) -> str:
    if drilled.group is None:
        return ""
    by = "agent" if drilled.measure.startswith("load ") else drilled.asked.question.by
    return drilled.asked.names.name(by, drilled.group)


def _drilled(request: AgentRequest) -> Drilled:
    asking = from_address(request.GET)
    measure, of, at = (request.GET.get(name, "") for name in ("measure", "of", "at"))
    step = parse_date(at) if at else None
    group = of.removeprefix("=") if of else None  # “=” alone is the group of those without one
    is_load = measure.startswith("load ")
    if measure not in TITLES or (at and step is None) or (of and not (is_load or asking.question.by)):
        raise NotAsked
    if is_load:
        return _carried(asking, measure, group or "")
    behind = numbers.drill(asking.question, measure, is_business=asking.is_business, step=step, group=group)
    return Drilled(asking, measure, step, group, behind)


def _carried(asking: Asked, measure: str, agent: str) -> Drilled:
    if not agent.isdecimal() or len(agent) > 18:
        raise NotAsked
    part = measure.removeprefix("load ")
    behind = numbers.drill_load(asking.question, part, agent_id=int(agent), is_business=asking.is_business)
    return Drilled(asking, measure, None, agent, behind)


def _step_of(drilled: Drilled) -> str:
    return "day" if drilled.measure == "backlog" else drilled.asked.question.step


def _subjects(request: AgentRequest, ids: list[int]) -> dict[int, str]:
    """What may be seen of these by whoever asks; nothing for those who only see figures."""
    if not may(request, "answer"):
        return {}
    return dict(visible_to(request.actor).filter(pk__in=ids).values_list("pk", "subject"))


def _place(request: AgentRequest, name: str) -> numbers.Place | None:
    """After or before which row this page is."""
    text = request.GET.get(name, "")
    try:
        return numbers.Place.read(text) if text else None
    except numbers.NoPlace as error:
        raise NotAsked from error


def _address(request: AgentRequest, *without: str) -> str:
    """The address of this page without some of what it says."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()
