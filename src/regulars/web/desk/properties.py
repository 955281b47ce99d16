"""What a conversation is like and whose it is: each a thing one posts to, each answered with how it stands now."""

import json
from collections.abc import Callable

from django.contrib import messages as notices
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.desk.actions import assignments, conversations, labels, spam, states, unseen
from regulars.desk.errors import FieldsMissing
from regulars.desk.selectors import threads
from regulars.kernel.errors import Invalid
from regulars.web.access import requires
from regulars.web.desk import replies, standing, thread
from regulars.web.middleware import AgentRequest

Change = Callable[[AgentRequest, int], object]


def _resource(change: Change) -> Callable[..., HttpResponseBase]:
    """A form's address: do it, then show how the conversation stands; without htmx, the page again."""

    @require_POST
    @requires("answer")
    def view(request: AgentRequest, pk: int) -> HttpResponseBase:
        try:
            said = change(request, pk)
        except FieldsMissing as refusal:
            if request.htmx:
                raise
            notices.error(request, str(refusal))
            return redirect(reverse("desk:conversation", args=[pk]) + "#noted")
        if isinstance(said, HttpResponseBase):
            return said
        if isinstance(said, str):
            notices.success(request, said)
        return shown(request, pk)

    view.__doc__ = change.__doc__
    return view


def shown(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The head of the conversation; the page fetches the new steps itself, and what is being typed stays."""
    found = threads.shown(pk, by=request.actor)
    if not request.htmx:
        return redirect("desk:conversation", found.pk)
    names = thread.names()
    context = {
        "conversation": found,
        "team_names": names.teams,
        **standing.context(request, found, agents=names.agents),
    }
    answer: HttpResponse = render(request, "desk/standing.html", context)
    answer["HX-Trigger"] = json.dumps({"conversation-changed": {"id": found.pk, "status": found.status}})
    return answer


@_resource
def resolution(request: AgentRequest, pk: int) -> object:
    """Settle it."""
    return states.resolve(pk, by=request.actor)


@_resource
def resolution_removal(request: AgentRequest, pk: int) -> object:
    """Take it up again."""
    return states.reopen(pk, by=request.actor)


@_resource
def snooze(request: AgentRequest, pk: int) -> object:
    """Put it aside until a moment."""
    until = replies.moment(request.POST.get("until", ""))
    if until is None:
        raise Invalid(_("Choose until when. Nothing was changed."))
    states.snooze(pk, until=until, by=request.actor)
    return _("Put aside. It comes back by itself, or when the customer writes.")


@_resource
def turn(request: AgentRequest, pk: int) -> object:
    """Say whose turn it is: ours, or the customer's."""
    wanted = states.wait if request.POST.get("status") == "waiting" else states.open_
    return wanted(pk, by=request.actor)


@_resource
def assignment(request: AgentRequest, pk: int) -> object:
    """Give it to a colleague, or to nobody."""
    return assignments.to_agent(pk, number(request, "agent"), by=request.actor)


@_resource
def team(request: AgentRequest, pk: int) -> object:
    """Give it to a team, or to none."""
    return assignments.to_team(pk, number(request, "team"), by=request.actor)


@_resource
def priority(request: AgentRequest, pk: int) -> object:
    """Say how urgent it is."""
    return conversations.prioritise(pk, number(request, "priority") or 0, by=request.actor)


@_resource
def label(request: AgentRequest, pk: int) -> object:
    """Put a label on."""
    return labels.put(pk, request.POST.get("label", ""), by=request.actor)


@_resource
def label_removal(request: AgentRequest, pk: int) -> object:
    """Take a label off."""
    return labels.take_off(pk, number(request, "label") or 0, by=request.actor)


@_resource
def kind(request: AgentRequest, pk: int) -> object:
    """Say whether it is about an issue or about an account."""
    return conversations.change_kind(pk, request.POST.get("kind", ""), by=request.actor)


@_resource
def language(request: AgentRequest, pk: int) -> object:
    """Say in which language the customer writes."""
    return conversations.change_language(pk, request.POST.get("language", ""), by=request.actor)


@_resource
def subject(request: AgentRequest, pk: int) -> object:
    """Call it something else."""
    return conversations.rename(pk, request.POST.get("subject", ""), by=request.actor)


@_resource
def mark_spam(request: AgentRequest, pk: int) -> object:
    """Put it among the spam."""
    spam.mark(pk, by=request.actor)
    return _("Marked as spam. It is out of every list and every figure.")


@_resource
def unmark_spam(request: AgentRequest, pk: int) -> object:
    """Bring back what was no spam."""
    return spam.unmark(pk, by=request.actor)


@_resource
def watch(request: AgentRequest, pk: int) -> object:
    """Hear of it, or let a colleague: then one stays where one sees who watches."""
    agent_id = number(request, "agent")
    if agent_id is None:
        return unseen.start_watching(pk, by=request.actor)
    unseen.let_watch(pk, agent_id=agent_id, by=request.actor)
    return _who_watches(pk)


@_resource
def watch_removal(request: AgentRequest, pk: int) -> object:
    """Hear of it no more, or let a colleague hear no more."""
    agent_id = number(request, "agent")
    if agent_id is None:
        return unseen.stop_watching(pk, by=request.actor)
    unseen.forget_watcher(pk, agent_id=agent_id, by=request.actor)
    return _who_watches(pk)


def _who_watches(pk: int) -> HttpResponseBase:
    return redirect(reverse("desk:details", args=[pk]) + "#watchers")


def number(request: AgentRequest, name: str) -> int | None:
    """A key from the form; empty is none, anything else is refused."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid
    return int(text)
