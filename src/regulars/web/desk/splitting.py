"""A conversation that is two matters: begin another with a message of it, and bring it back."""

from django.contrib import messages as notices
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desk.actions import splitting
from regulars.desk.selectors import threads
from regulars.web.access import requires
from regulars.web.desk import thread, whence
from regulars.web.middleware import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Look at what will move, name it, confirm."""
    message = threads.message(pk, by=request.actor)
    if request.method == "POST":
        is_alone = request.POST.get("which") == "alone"
        begun = splitting.split(pk, by=request.actor, subject=request.POST.get("subject", ""), is_alone=is_alone)
        notices.success(request, _("This is a conversation of its own now. You can bring it back in the thread."))
        return redirect(whence.address(request, begun.pk))
    found = threads.shown(message.conversation_id, by=request.actor)
    names = thread.names()
    said = thread.Said(threads.turns([message])[0], request.actor, names, found)
    later = len(threads.newer(found, after=pk))
    query = whence.query(request)
    back = {"from_query": query, "back": whence.with_query(found.pk, query)}
    shown = {"conversation": found, "line": said, "later": later, "read_only": True, **back}
    return render(request, "desk/split.html", shown)


@require_POST
@requires("answer")
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Bring back what was moved."""
    origin = splitting.undo(pk, by=request.actor)
    notices.success(request, _("Everything is back where it came from."))
    return redirect(whence.address(request, origin.pk))
