"""Side conversations on the page: ask somebody else, read the answer, write on, beside the conversation."""

import json
from typing import Any

from django.contrib import messages as notices
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.desk import formatting
from regulars.desk.actions import drafts, side_mail
from regulars.desk.actions import side as sides
from regulars.desk.actions.messages import Written
from regulars.desk.selectors import side as reading
from regulars.desk.selectors import threads
from regulars.desk.selectors.side import NEW_DRAFT, SideConversation, SideMessage
from regulars.desk.selectors.threads import Conversation
from regulars.kernel.errors import DomainError, Invalid
from regulars.web.access import requires
from regulars.web.desk import attachments, composing, conversation, listing, mails, replies, side_reading
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One of them beside its conversation; whoever it concerns has read it then."""
    shown = _seen(request, pk)
    return _answer(request, _of(request, shown), side_reading.panel(request, shown))


@require_safe
@requires("answer")
def lines(request: AgentRequest, pk: int) -> HttpResponse:
    """What was said in it, for a panel that is open while answers come."""
    return render(request, "desk/side.html#lines", {"side_panel": side_reading.panel(request, _seen(request, pk))})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def begin(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The form that asks somebody else, and what it sends; what could not be sent stands in it with the reason."""
    found = threads.shown(pk, by=request.actor)
    if request.method != "POST":
        return _answer(request, found, side_reading.form(request, found))
    try:
        written = _written(request, found)
        sent = sides.begin(found.pk, written, subject=request.POST.get("subject", ""), by=request.actor)
    except DomainError as refusal:
        return _kept(request, found, side_reading.form(request, found), refusal)
    return _sent(request, sent)


@require_POST
@requires("answer")
def write(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Write on in one."""
    shown = reading.side(pk, by=request.actor)
    found = _of(request, shown)
    try:
        sent = sides.write(pk, _written(request, found), by=request.actor)
    except DomainError as refusal:
        return _kept(request, found, side_reading.panel(request, shown), refusal)
    return _sent(request, sent)


@require_POST
@requires("answer")
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a message back that has not left: its text is in the form again."""
    message = sides.take_back(pk, by=request.actor)
    shown = reading.side(message.side_id, by=request.actor)
    found = _of(request, shown)
    notices.success(request, _("Taken back. Your text is in the form again."))
    panel = side_reading.panel(request, shown) if shown.message_count else side_reading.form(request, found)
    return conversation.answer(request, found, side_panel=panel)


@require_POST
@requires("answer")
def again(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Try once more to send what did not leave."""
    message = side_mail.again(pk, by=request.actor)
    return _panel(request, message.side_id)


@require_POST
@requires("answer")
def closing(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Nothing more is expected of it."""
    sides.close(pk, by=request.actor)
    return _panel(request, pk)


@require_POST
@requires("answer")
def closing_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """It goes on after all."""
    sides.reopen(pk, by=request.actor)
    return _panel(request, pk)


@require_POST
@requires("answer")
def new_draft(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep what is being asked, as it is typed."""
    found = threads.shown(pk, by=request.actor)
    return _keep(request, found, NEW_DRAFT)


@require_POST
@requires("answer")
def draft(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep what is being written on, as it is typed."""
    shown = reading.side(pk, by=request.actor)
    return _keep(request, _of(request, shown), f"side:{shown.pk}")


@require_safe
@requires("answer")
def file(request: AgentRequest, pk: int) -> FileResponse:
    """Give a file out: to be saved, or, when it is a picture and asked for so, to be seen."""
    return attachments.answer(request, reading.file(pk, by=request.actor))


@require_safe
@requires("answer")
@xframe_options_sameorigin
def mail(request: AgentRequest, pk: int) -> HttpResponse:
    """What somebody wrote beside, as they sent it, in the frame that belongs to nobody."""
    message = reading.message(pk, by=request.actor)
    return mails.framed(request, message.html, pictures=mails.by_content_id(request, reading.files(message)))


def _seen(request: AgentRequest, pk: int) -> SideConversation:
    shown = reading.side(pk, by=request.actor)
    if shown.unread_since is not None:
        sides.see(pk, by=request.actor)
        shown.refresh_from_db()
    return shown


def _of(request: AgentRequest, shown: SideConversation) -> Conversation:
    return threads.shown(side_reading.head_of(shown), by=request.actor)


def _panel(request: AgentRequest, pk: int) -> HttpResponseBase:
    shown = reading.side(pk, by=request.actor)
    if not request.htmx:
        return redirect("desk:side", pk)
    return _answer(request, _of(request, shown), side_reading.panel(request, shown))


def _answer(request: AgentRequest, found: Conversation, panel: dict[str, Any], *, status: int = 200) -> HttpResponse:
    if listing.wants_part(request):
        return render(request, "desk/side.html", {"conversation": found, "side_panel": panel}, status=status)
    return conversation.answer(request, found, status=status, side_panel=panel)


def _kept(request: AgentRequest, found: Conversation, panel: dict[str, Any], refusal: DomainError) -> HttpResponse:
    """The form as it was typed, with why it was not sent; a page that stays has it still."""
    if request.htmx:
        raise refusal
    panel |= {"form": panel["form"] | side_reading.typed(request), "refusal": str(refusal)}
    return _answer(request, found, panel, status=refusal.status)


def _written(request: AgentRequest, found: Conversation) -> Written:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    text += side_reading.quoted(found, request.POST.getlist("quote"))
    return Written(
        text=text,
        html=formatting.as_html(text) if text.strip() else "",
        recipients=composing.recipients(request),
        files=attachments.of_form(request),
        key=replies.key_of(request),
    )


def _sent(request: AgentRequest, sent: SideMessage) -> HttpResponseBase:
    if not request.htmx:
        notices.success(request, _("Your mail leaves in ten seconds; until then you can take it back."))
        return redirect("desk:side", sent.side_id)
    answer = _panel(request, sent.side_id)
    told = {
        "undo": reverse("desk:side_undo", args=[sent.pk]),
        "seconds": 10,
        "text": _("Your mail is on its way."),
        "button": _("Undo"),
    }
    answer["HX-Trigger-After-Settle"] = json.dumps({"reply-sent": told})
    answer["HX-Push-Url"] = "false"
    return answer


def _keep(request: AgentRequest, found: Conversation, kind: str) -> HttpResponse:
    """A form that was sent meanwhile is not brought back; an address that is not finished keeps no text away."""
    try:
        people: dict[str, Any] | None = composing.recipients(request)
    except Invalid:
        people = None
    if people is not None and "subject" in request.POST:
        people["subject"] = request.POST["subject"][:500]
    drafts.save(
        found.pk, by=request.actor, text=request.POST.get("text", "").replace("\r\n", "\n"), kind=kind,
        recipients=people, attachments=[attachments.as_json(one) for one in attachments.of_form(request)],
        is_sent=lambda: reading.is_written(replies.key_of(request)),
    )  # fmt: skip
    return HttpResponse(status=204)
