"""A customer's conversations: the list, and one of them."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from regulars.channels.selectors import forms as doors
from regulars.desk import formatting
from regulars.desk.actions import reading
from regulars.desk.selectors import portal
from regulars.desk.selectors.threads import Attachment, Conversation, Message, Turn
from regulars.web.desk.shown import PICTURES
from regulars.web.forms.pages import company
from regulars.web.portal.sessions import CustomerRequest, for_customers

STATES: Final[dict[str, str | Promise]] = {
    portal.ASKED: gettext_lazy("We will answer"),
    portal.ANSWERED: gettext_lazy("We answered"),
    portal.SOLVED: gettext_lazy("Solved"),
}
TONES: Final = {portal.ASKED: "", portal.ANSWERED: "accent", portal.SOLVED: "good"}
PREVIEW = 160


@dataclass(frozen=True)
class Said:
    """One message as its customer reads it."""

    turn: Turn
    company: str

    @property
    def message(self) -> Message:
        return self.turn.message

    @property
    def is_theirs(self) -> bool:
        return self.message.author_kind == "customer"

    @property
    def author(self) -> str:
        message = self.message
        if message.author_kind in ("agent", "customer") and message.author_name:
            return message.author_name
        return _("You") if self.is_theirs else self.company or _("Customer service")

    @cached_property
    def body(self) -> SafeString:
        """Ours as it went out, theirs as plain text with its addresses made links."""
        if self.message.author_kind == "customer":
            return formatting.linked(self.message.text.strip())
        return formatting.as_html(self.message.text)

    @cached_property
    def folded(self) -> str:
        return "\n\n".join(part for part in (self.message.signature, self.message.quoted) if part.strip())

    @property
    def has_looks(self) -> bool:
        return bool(self.message.html) and self.is_theirs

    @property
    def height(self) -> int:
        """About how many lines the mail takes; its frame cannot say so itself."""
        return min(30, max(5, sum(1 + len(row) // 80 for row in self.message.text.split("\n"))))

    @property
    def pictures(self) -> list[Attachment]:
        return [file for file in self.turn.files if file.type in PICTURES]

    @property
    def files(self) -> list[Attachment]:
        return [file for file in self.turn.files if file.type not in PICTURES]


@for_customers
@require_safe
def show_all(request: CustomerRequest) -> HttpResponse:
    """Everything they wrote to us about."""
    lines = [
        {"line": each, "state": STATES[each.state], "tone": TONES[each.state], "preview": _preview(each.last)}
        for each in portal.lines(request.customer.customer_id)
    ]
    context = {
        "company": company(),
        "customer": request.customer,
        "lines": lines,
        "most": portal.MOST,
        "doors": doors.open_doors(),
    }
    return render(request, "portal/conversations.html", context)


@for_customers
@require_safe
def show(request: CustomerRequest, pk: int) -> HttpResponse:
    """One conversation, and the form to go on with it."""
    found = portal.conversation(pk, customer_id=request.customer.customer_id)
    if found.pk != pk:
        return redirect("portal:conversation", pk=found.pk)
    return page(request, found)


def page(
    request: CustomerRequest,
    found: Conversation,
    *,
    text: str = "",
    key: str = "",
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with what was typed when it could not be sent."""
    reader_id, before = request.customer.customer_id, _before(request)
    latest = portal.thread(found, customer_id=reader_id)
    thread = portal.thread(found, customer_id=reader_id, before=before) if before else latest
    reading.opened(found, thread.turns)
    state = portal.Line(found, latest.turns[-1].message).state if latest.turns else portal.ASKED
    name = company()
    context: dict[str, Any] = {
        "company": name,
        "customer": request.customer,
        "conversation": found,
        "lines": [Said(each, name) for each in thread.turns],
        "earlier": thread.earlier,
        "state": STATES[state],
        "tone": TONES[state],
        "is_solved": not found.is_open,
        "text": text,
        "key": key or secrets.token_urlsafe(12),
        "trouble": trouble,
        "sent": "sent" in request.GET,
        "lost_files": bool(trouble and request.FILES),
    }
    return render(request, "portal/conversation.html", context, status=status)


def _preview(message: Message) -> str:
    begins = message.text[: PREVIEW * 3]
    words = " ".join((begins if message.author_kind == "customer" else formatting.without_marks(begins)).split())
    return words if len(words) <= PREVIEW else f"{words[: PREVIEW - 1]}…"


def _before(request: CustomerRequest) -> int | None:
    """The message before which one wants to read; what is no number asks for the latest."""
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
