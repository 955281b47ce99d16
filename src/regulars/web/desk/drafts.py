"""What is being written, kept as it is typed."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from regulars.desk.actions import drafts
from regulars.desk.selectors import threads
from regulars.kernel.errors import Invalid
from regulars.web.access import requires
from regulars.web.desk import attachments, composing, replies
from regulars.web.middleware import AgentRequest


@require_POST
@requires("answer")
def create(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep the form; one that was sent meanwhile is not brought back."""
    kind = "note" if request.POST.get("kind") == "note" else "message"
    drafts.save(
        threads.shown(pk, by=request.actor).pk,
        by=request.actor,
        text=request.POST.get("text", "").replace("\r\n", "\n"),
        kind=kind,
        recipients=_people(request),
        attachments=[attachments.as_json(file) for file in attachments.of_form(request)],
        doing=composing.doing(request),
        is_sent=lambda: threads.is_written(replies.key_of(request)),
    )
    return HttpResponse(status=204)


def _people(request: AgentRequest) -> dict[str, list[dict[str, str]]] | None:
    """To whom it will go; an address that is not finished yet is no reason not to keep the text."""
    if "to" not in request.POST:
        return None
    try:
        return composing.recipients(request)
    except Invalid:
        return None
