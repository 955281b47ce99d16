"""One conversation in the inbox."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.desk.errors import NoSuchConversation
from regulars.desk.selectors.visible import visible_to
from regulars.web.access import requires
from regulars.web.desk import listing
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """The conversation alone for a page that has the list already, else the whole inbox with it open."""
    found = visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise NoSuchConversation
    context = {"conversation": found}
    if listing.wants_part(request):
        return render(request, "desk/conversation.html", context)
    return render(request, "desk/inbox.html", listing.context(request) | context)
