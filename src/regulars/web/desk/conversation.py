"""One conversation in the inbox: read it, answer it, see who wrote."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from regulars.desk.actions import unseen
from regulars.desk.selectors import threads
from regulars.desk.selectors.around import around
from regulars.desk.selectors.threads import Conversation
from regulars.web.access import requires
from regulars.web.desk import card, composing, listing, noted, standing, thread, whence
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The conversation alone for a page that has the list already, else the whole inbox with it open."""
    found = threads.opened(pk, by=request.actor)
    if found.pk != pk and not listing.wants_part(request):
        return redirect(whence.with_query(found.pk, request.GET.urlencode()))
    if (known := around(found)) is None or known.has_mentions:
        unseen.mentions_seen(found.pk, by=request.actor)
    return answer(request, found)


@require_safe
@requires("answer")
def earlier(request: AgentRequest, pk: int) -> HttpResponse:
    """The part of the thread before a message; without htmx the page that ends there."""
    found = threads.shown(pk, by=request.actor)
    before = request.GET.get("before", "")
    context = {"conversation": found} | thread.page(
        found,
        reader=request.actor,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    if listing.wants_part(request):
        return render(request, "desk/thread.html#lines", context)
    return render(request, "desk/earlier.html", context)


def answer(request: AgentRequest, found: Conversation, *, status: int = 200, **extra: Any) -> HttpResponse:
    """The conversation as the page asked for it: the region alone, or with everything around it."""
    context = context_of(request, found) | extra
    if listing.wants_part(request):
        return render(request, "desk/conversation.html", context, status=status)
    return render(request, "desk/inbox.html", listing.context(request) | context, status=status)


def context_of(request: AgentRequest, found: Conversation) -> dict[str, Any]:
    """Everything the region needs."""
    said = thread.page(found, reader=request.actor)
    return {
        "conversation": found,
        **said,
        **standing.context(request, found, agents=said["agent_names"]),
        **card.context(request, found),
        **noted.context(found),
        **composing.context(request, found),
    }
