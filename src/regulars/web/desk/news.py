"""What came into a conversation since the page last asked: for pages that are open while others work."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.desk.selectors import threads
from regulars.desk.selectors.threads import Conversation
from regulars.web.access import requires
from regulars.web.desk import composing, noted, standing, thread
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """New lines for the end of the thread, how it stands now, what became of what was sent. Never the composer."""
    found = threads.shown(pk, by=request.actor)
    news = context(request, found, after=_number(request.GET, "after"), step=_number(request.GET, "step"))
    return render(request, "desk/news.html", news | {"deliveries": _deliveries(request, found, thread.names())})


def after_sending(request: AgentRequest, found: Conversation, *, shown: int) -> HttpResponse | None:
    """What sending a form changed on the page that holds it: the composer anew, and the news beside it.

    None where that is not enough: the page did not say what it showed last, or shows a conversation
    that was merged into this one meanwhile.
    """
    if found.pk != shown or "after" not in request.POST or "step" not in request.POST:
        return None
    news = context(request, found, after=_number(request.POST, "after"), step=_number(request.POST, "step"))
    told = news | composing.context(request, found) | {"thread": {"last": news["newest"]}}
    answer = render(request, "desk/sent.html", told)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#composer", "outerHTML"
    return answer


def context(request: AgentRequest, found: Conversation, *, after: int, step: int) -> dict[str, Any]:
    """What came after this message and this step, and how it stands now."""
    names = thread.names()
    said = threads.Thread(
        (found.pk,), sorted([*threads.newer(found, after=after), *threads.steps_after(found, step)], key=_at)
    )
    return {
        "conversation": found,
        "lines": thread.lines(said, found, reader=request.actor, names=names),
        "team_names": names.teams,
        "after": after,
        "step": step,
        "newest": max([after, *(turn.message.pk for turn in said.turns)]),
        "newest_step": max([step, *(each.pk for each in said.steps)]),
        **standing.context(request, found, agents=names.agents),
        **noted.context(found),
    }


def _deliveries(request: AgentRequest, found: Conversation, names: thread.Names) -> list[thread.Said]:
    turns = [threads.Turn(message) for message in threads.on_their_way(found)]
    return [thread.Said(turn, request.actor, names, found) for turn in turns]


def _at(line: threads.Turn | threads.Step) -> datetime:
    return line.at


def _number(said: QueryDict, name: str) -> int:
    text = said.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
