"""The inbox: its views, and the list of one of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.desk.selectors.visible import visible_to
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest) -> HttpResponse:
    """The page without a conversation, or the list alone."""
    return render(request, "desk/inbox.html", context(request))


def context(request: AgentRequest) -> dict[str, Any]:
    """What `desk/inbox.html` needs besides an open conversation."""
    rows = visible_to(request.actor).filter(spam_at=None, merged_into=None).select_related("customer")
    return {"rows": rows.order_by("-last_at", "-pk")[:50], "asked_query": request.GET.urlencode()}


def wants_part(request: AgentRequest) -> bool:
    """Whether htmx asks for a part of a page it has, and not for the whole one to go back to."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
