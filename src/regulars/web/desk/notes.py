"""Notes: what only colleagues read."""

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.accounts import selectors as accounts
from regulars.desk.actions import macro_using, messages
from regulars.desk.actions.messages import Written
from regulars.desk.selectors import threads
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.desk import attachments, composing, conversation, macros, mentions, news, replies
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
        named, doing = mentions.found_in(text, colleagues), composing.doing(request)
        if doing:
            done, macro_id = doing["deeds"], doing["macro"]
            macro_using.note(found.pk, written, done=done, macro_id=macro_id, by=request.actor, mentioned=named)
        else:
            messages.note(found.pk, written, by=request.actor, mentioned=named)
    except DomainError as refusal:
        return replies.kept(request, pk, "note", refusal)
    if not request.htmx:
        return redirect("desk:conversation", found.pk)
    found = threads.opened(pk, by=request.actor)
    answer = news.after_sending(request, found, shown=pk) or conversation.answer(request, found)
    if doing and doing["deeds"]:
        told = _("The note is added, the rest done.")
        answer["HX-Trigger"] = macros.undo_toast(request, found.pk, written.key or "", told)
    return answer
