"""The subject and the fields of a conversation, on a page with room for them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.desk.selectors import threads
from regulars.web.access import requires
from regulars.web.desk import noted
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """Forms for the subject and for each field."""
    found = threads.shown(pk, by=request.actor)
    return render(request, "desk/details.html", {"conversation": found, **noted.context(found)})
