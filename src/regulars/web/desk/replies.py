"""Answering: send, be stopped when somebody was quicker, take back, try again."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.desk import formatting
from regulars.desk.actions import macro_using, messages, retrying
from regulars.desk.actions.messages import Written
from regulars.desk.errors import SnoozeInThePast, UnseenMessage
from regulars.desk.selectors import threads
from regulars.desk.selectors.threads import Conversation, Message
from regulars.kernel import clock, looking
from regulars.kernel.errors import DomainError, Invalid
from regulars.web.access import requires
from regulars.web.desk import attachments, composing, conversation, news, standing, thread
from regulars.web.middleware import AgentRequest

THEN = frozenset({"open", "waiting", "resolved", "snoozed"})


@require_POST
@requires("answer")
def create(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Send a reply; the conversation is shown again with it, or the form with the reason it was not sent."""
    with looking.look():  # who may answer, and where, is asked once; nothing of that changes here
        try:
            sent = _send(request, pk)
        except UnseenMessage as stop:
            return stopped(request, threads.shown(pk, by=request.actor), "message", str(stop))
        except DomainError as refusal:
            return kept(request, pk, "message", refusal)
        return _sent(request, sent, shown=pk)


def stopped(request: AgentRequest, found: Conversation, kind: str, reason: str) -> HttpResponse:
    """What came while one wrote, right above the form; the text stays in it."""
    seen = seen_of(request) or 0
    newer = threads.newer(found, after=seen)
    names = thread.names()
    context = {
        "reason": reason,
        "newer": [thread.Said(turn, request.actor, names, found) for turn in newer],
        "seen": seen,
        "newest": newer[-1].message.pk if newer else seen,
        "conversation": found,
    }
    if request.htmx:
        return render(request, "desk/unseen.html", context, status=409)
    shown = {"reply": composing.typed(request, kind), "unseen": context, "seen": context["newest"]}
    return conversation.answer(request, found, status=409, **shown)


def kept(request: AgentRequest, pk: int, kind: str, refusal: DomainError) -> HttpResponse:
    """The form as it was typed, with why it was not sent; a page that stays has it still."""
    if request.htmx:
        raise refusal
    found = threads.shown(pk, by=request.actor)
    name = "reply" if kind == "message" else "note"
    shown = {name: composing.typed(request, kind), "refusal": str(refusal), "opens_note": kind == "note"}
    return conversation.answer(request, found, status=refusal.status, **shown)


def seen_of(request: AgentRequest) -> int | None:
    """The last message the writer says they saw; a button that says more counts more."""
    said = [int(each) for each in request.POST.getlist("seen") if each.isascii() and each.isdigit() and len(each) < 19]
    return max(said, default=None)


def key_of(request: AgentRequest) -> str | None:
    """The form's key, as this agent's own: nobody can answer with somebody else's."""
    return f"agent:{request.actor.id}:{request.POST['key'][:40]}" if request.POST.get("key") else None


def moment(text: str) -> datetime | None:
    """A moment as a form sends it: with its zone, or in the company's."""
    try:
        at = parse_datetime(text.strip()) if text.strip() else None
    except ValueError:
        at = None
    if text.strip() and at is None:
        raise Invalid(_("That is no time. Nothing was changed; choose one from the calendar."))
    return at.replace(tzinfo=standing.zone()) if at and at.tzinfo is None else at


def _send(request: AgentRequest, pk: int) -> Message:
    said = request.POST
    due_at = moment(said.get("due_at", "")) if said.get("later") else None
    if due_at is not None and due_at <= clock.now():
        raise SnoozeInThePast
    then, _colon, until = said.get("then", "waiting").partition("@")
    text = said.get("text", "").replace("\r\n", "\n")
    written = Written(
        text=text,
        html=formatting.as_html(text) if text.strip() else "",
        recipients=composing.recipients(request),
        files=attachments.of_form(request),
        key=key_of(request),
    )
    rest: dict[str, Any] = {
        "by": request.actor,
        "seen": seen_of(request),
        "until": moment(until or said.get("until", "")) if then == "snoozed" else None,
        "due_at": due_at,
    }
    if doing := composing.doing(request):  # plain sending leaves it to the macro what becomes of the conversation
        asked = then if then in THEN - {"waiting"} else None
        done, macro_id = doing["deeds"], doing["macro"]
        return macro_using.reply(pk, written, done=done, macro_id=macro_id, then=asked, **rest)
    return messages.reply(pk, written, then=then if then in THEN else "waiting", **rest)


def _sent(request: AgentRequest, sent: Message, *, shown: int) -> HttpResponseBase:
    if not request.htmx:
        notices.success(request, _("Your reply leaves in ten seconds; until then you can take it back."))
        return redirect("desk:conversation", sent.conversation_id)
    found = threads.opened(sent.conversation_id, by=request.actor)
    answer = news.after_sending(request, found, shown=shown) or conversation.answer(request, found)
    answer["HX-Trigger-After-Settle"] = json.dumps({"reply-sent": _told(request, sent)})
    return answer


def _told(request: AgentRequest, sent: Message) -> dict[str, Any]:
    left = max(0, (sent.due_at - clock.now()).total_seconds()) if sent.due_at else 0
    is_later = left > 15
    return {
        "undo": reverse("desk:reply_undo", args=[sent.pk]),
        "seconds": 10 if is_later else round(left),
        "text": _("Your reply will leave at the time you chose.") if is_later else _("Your reply is on its way."),
        "button": _("Undo"),
        "next": "next" in request.POST,
    }


@require_POST
@requires("answer")
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a reply back that has not left: its text is the draft again."""
    message = messages.take_back(pk, by=request.actor)
    said = _("Taken back. Your text is in the form again.")
    return _shown(request, message.conversation_id, said)


@require_POST
@requires("answer")
def again(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Try once more to send a reply that did not leave."""
    message = retrying.again(pk, by=request.actor)
    return _shown(request, message.conversation_id, _("It is on its way again."))


def _shown(request: AgentRequest, pk: int, said: str) -> HttpResponseBase:
    notices.success(request, said)
    with looking.look():
        found = threads.opened(pk, by=request.actor)
        if not request.htmx:
            return redirect("desk:conversation", found.pk)
        answer = conversation.answer(request, found)
    answer["HX-Push-Url"] = reverse("desk:conversation", args=[found.pk])
    return answer
