"""Saying that one looks at a conversation, or writes in it."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from regulars.desk.actions import presence
from regulars.desk.selectors import present
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest


@require_POST
@requires("answer")
def create(request: AgentRequest, pk: int) -> HttpResponse:
    """A sign of life of the page that shows this conversation, answered by who else is there; with `gone` its last."""
    if request.POST.get("gone"):
        presence.gone(pk, by=request.actor)
        return HttpResponse(status=204)
    presence.here(pk, is_writing=bool(request.POST.get("writes")), by=request.actor)
    who = [one for one in present.present_at([pk])[pk] if one.agent_id != request.actor.id]
    return JsonResponse({"id": pk, "who": [{"name": one.name, "writes": one.is_writing} for one in who]})
