"""The two forms below a thread: a reply to the customer, a note to colleagues."""

import secrets
from typing import Any

from regulars.channels.selectors import suppressed
from regulars.channels.selectors.forms import Channel
from regulars.desk.selectors import correspondence, threads
from regulars.desk.selectors.threads import Conversation
from regulars.web.desk import addresses, attachments, deed_words, macro_choosing
from regulars.web.middleware import AgentRequest

MOST_DEEDS = 20


def context(request: AgentRequest, found: Conversation) -> dict[str, Any]:
    """What the forms begin with: the drafts, or nothing and to whom an answer goes."""
    drafts = threads.drafts(found, by=request.actor)
    forms = {
        "reply": _form(request, "message", drafts) | _recipients(found, drafts),
        "note": _form(request, "note", drafts),
        "opens_note": "message" not in drafts and "note" in drafts,
    }
    return macro_choosing.put(request, found, forms) if request.GET.get("macro") else forms


def typed(request: AgentRequest, kind: str) -> dict[str, Any]:
    """A form as it was sent, to be shown again: nothing typed is lost."""
    said = request.POST
    return {
        "kind": kind,
        "text": said.get("text", ""),
        "files": attachments.hung(request, attachments.of_form(request)),
        "key": said.get("key") or key(),
        "doing": drawn(doing(request)),
        "goes_by_mail": "to" in said,
        "to": said.get("to", ""),
        "cc": said.get("cc", ""),
        "bcc": said.get("bcc", ""),
        "has_copies": bool(said.get("cc") or said.get("bcc")),
    }


def doing(request: AgentRequest) -> dict[str, Any]:
    """What is left of a macro's deeds in the form: what was unticked is not sent."""
    said = [each.partition(":") for each in request.POST.getlist("deed")[:MOST_DEEDS]]
    numbers = [each for each in request.POST.getlist("macro") if each.isascii() and each.isdigit() and len(each) < 19]
    kept = [{"deed": name, "value": value} for name, _colon, value in said]
    return {"macro": int(numbers[-1]) if numbers else None, "deeds": kept} if numbers or kept else {}


def key() -> str:
    """What makes sending a form twice the same as once."""
    return secrets.token_urlsafe(12)


def recipients(request: AgentRequest) -> dict[str, Any]:
    """To whom the form goes; without these fields nobody is named."""
    named = {name: addresses.parse(request.POST.get(name, "")) for name in ("to", "cc", "bcc")}
    return {name: people for name, people in named.items() if people}


def drawn(doing: dict[str, Any]) -> dict[str, Any] | None:
    """What will be done on sending, each as a sentence one can untick; none where no macro was chosen."""
    deeds = deed_words.told(doing["deeds"]) if doing.get("deeds") else []
    return {"macro": doing.get("macro"), "deeds": deeds} if doing else None


def _form(request: AgentRequest, kind: str, drafts: dict[str, Any]) -> dict[str, Any]:
    draft = drafts.get(kind)
    return {
        "kind": kind,
        "text": draft.text if draft else "",
        "files": attachments.hung(request, draft.attachments) if draft else [],
        "doing": drawn(draft.doing if draft else {}),
        "saved_at": draft.changed_at if draft else None,
        "key": key(),
    }


def _is_carried(channel: Channel) -> bool:
    """Whether an answer leaves by mail: of a form, where it has a mailbox; else it is read in the portal."""
    return channel.kind == "email" or (channel.kind == "form" and bool(channel.settings.get("mailbox_id")))


def _recipients(found: Conversation, drafts: dict[str, Any]) -> dict[str, Any]:
    if not _is_carried(found.channel):
        return {"goes_by_mail": False}
    draft = drafts.get("message")
    kept = draft.recipients if draft else {}
    asked, copied = correspondence.answering(found) if not kept.get("to") else ([], [])
    to = kept.get("to") or asked
    cc = kept.get("cc", []) if kept else copied
    people = {"to": to, "cc": cc, "bcc": kept.get("bcc", [])}
    refused = suppressed.reasons([one["address"] for line in people.values() for one in line])
    has_copies = bool(people["cc"] or people["bcc"])
    written = {name: addresses.written(each) for name, each in people.items()}
    return {"goes_by_mail": True, "has_copies": has_copies, "refused": refused} | written
