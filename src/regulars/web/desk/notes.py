"""Notes: what only colleagues read."""

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from regulars.accounts import selectors as accounts
from regulars.desk.actions import messages
from regulars.desk.actions.messages import Written
from regulars.desk.selectors import threads
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.desk import attachments, conversation, mentions, replies
from regulars.web.middleware import AgentRequest


@require_POST
@requires("answer")
def create(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Add a note; colleagues it names with an @ hear of the conversation from now on."""
    found = threads.shown(pk, by=request.actor)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    colleagues = {agent.pk: str(agent) for agent in accounts.answering_agents()}
    try:
        written = Written(text=text, files=attachments.of_form(request), key=replies.key_of(request))
        messages.note(found.pk, written, by=request.actor, mentioned=mentions.found_in(text, colleagues))
    except DomainError as refusal:
        return replies.kept(request, found, "note", refusal)
    if not request.htmx:
        return redirect("desk:conversation", found.pk)
    return conversation.answer(request, found, opens_note=False)
