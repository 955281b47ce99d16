"""What came into a conversation since the page last asked: for pages that are open while others work."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.desk.selectors import threads
from regulars.desk.selectors.threads import Conversation
from regulars.web.access import requires
from regulars.web.desk import noted, standing, thread
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """New lines for the end of the thread, how it stands now, what became of what was sent. Never the composer."""
    found = threads.shown(pk, by=request.actor)
    after, step = _number(request, "after"), _number(request, "step")
    names = thread.names()
    said = threads.Thread(
        (found.pk,), sorted([*threads.newer(found, after=after), *threads.steps_after(found, step)], key=_at)
    )
    context = {
        "conversation": found,
        "lines": thread.lines(said, found, reader=request.actor, names=names),
        "team_names": names.teams,
        "deliveries": _deliveries(request, found, names),
        "newest": max([after, *(turn.message.pk for turn in said.turns)]),
        "newest_step": max([step, *(each.pk for each in said.steps)]),
        **standing.context(request, found, agents=names.agents),
        **noted.context(found),
    }
    return render(request, "desk/news.html", context)


def _deliveries(request: AgentRequest, found: Conversation, names: thread.Names) -> list[thread.Said]:
    turns = [threads.Turn(message) for message in threads.on_their_way(found)]
    return [thread.Said(turn, request.actor, names, found) for turn in turns]


def _at(line: threads.Turn | threads.Step) -> datetime:
    return line.at


def _number(request: AgentRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
