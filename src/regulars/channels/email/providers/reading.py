"""What a mail service's call brings: mail as it came, where the service gives it, else a mail made from its parts.

A mail as it came is not looked into here: that is done later, in a process of its own.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.generator import BytesGenerator
from email.policy import compat32
from io import BytesIO
from typing import Any, Final

from regulars.channels.email.providers import amazon, views
from regulars.channels.email.providers.amazon import NotHere

__all__ = ["Brought", "NotHere", "Told", "mails", "news"]

LONGEST_WORDS: Final = 500
_SOFT: Final = ("SoftBounce", "soft_bounce", "blocked")  # what services say of a mailbox that may work tomorrow


@dataclass(frozen=True, slots=True)
class Brought:
    """One mail: its bytes, the service's own number of it, and for whom the service took it."""

    raw: bytes
    number: str
    sender: str
    recipients: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a mail of ours, for one recipient. `about` is what we named it when it left."""

    recipient: str
    words: str
    about: str
    message_id: str
    is_permanent: bool
    at: datetime | None = None


def mails(request: Any, *, provider: str, secret: dict[str, str]) -> list[Brought]:
    """Every mail a call brings; raises `NotTheirs`, or `ValueError` and its kin when it makes no sense."""
    if provider == amazon.NAME:
        return [Brought(*mail) for mail in amazon.mails(request)]
    whole = _whole(request, provider)
    if whole is not None:
        views.check(request, provider=provider, secret=secret)
        return [whole]
    events = views.events_of(request, provider=provider, tells=False, secret=secret)
    return [_made(event) for event in events]


def news(request: Any, *, provider: str, secret: dict[str, str]) -> list[Told]:
    """What a call tells of mail that did not arrive, or that somebody called spam; of the rest nothing."""
    events = (
        amazon.news(request)
        if provider == amazon.NAME
        else views.events_of(request, provider=provider, tells=True, secret=secret)
    )
    return [told for event in events if (told := _told(event)) is not None]


def _whole(request: Any, provider: str) -> Brought | None:
    """The mail as it came, from the field each service puts it into."""
    if provider == "postmark":
        said = json.loads(request.body)
        if not isinstance(said.get("RawEmail"), str):
            return None
        wanted = [said.get("OriginalRecipient"), *(each.get("Email") for each in said.get("BccFull") or [])]
        raw = _bytes(said["RawEmail"])
        return Brought(raw, _number(said.get("MessageID"), raw), _sender_of_postmark(said), _named(wanted))
    if provider == "mailgun" and "body-mime" in request.POST:
        raw = _bytes(request.POST["body-mime"])
        number = _number(request.POST.get("token"), raw)
        return Brought(
            raw, number, request.POST.get("sender", ""), _named(request.POST.get("recipient", "").split(","))
        )
    if provider == "sendgrid" and "email" in request.POST:
        raw, said = _bytes(request.POST["email"]), _envelope(request.POST.get("envelope"))
        return Brought(raw, _number(None, raw), str(said.get("from") or ""), _named(said.get("to") or []))
    return None


def _made(event: Any) -> Brought:
    message = event.message
    _fix_boundaries(message)
    written = BytesIO()
    BytesGenerator(written, policy=compat32.clone(linesep="\r\n")).flatten(message)
    raw = written.getvalue()
    to = _named([message.envelope_recipient])
    return Brought(raw, _number(event.event_id, raw), message.envelope_sender or "", to)


def _fix_boundaries(message: Any) -> None:
    """Between the parts stands the same each time, so that a call that is repeated brings the same bytes."""
    said = hashlib.sha256(f"{message['Message-ID']}{message.text}{message.html}".encode("utf-8", "replace")).hexdigest()
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{said[:32]}_{number}")


def _told(event: Any) -> Told | None:
    if event.event_type not in ("bounced", "rejected", "failed", "complained") or not event.recipient:
        return None
    said = event.esp_event if isinstance(event.esp_event, dict) else {}
    is_soft = any(said.get(name) in _SOFT for name in ("Type", "event", "type")) or amazon.is_soft(said)
    words = " ".join(str(each) for each in (event.mta_response, event.description) if each)
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    return Told(
        recipient=str(event.recipient),
        words=" ".join((words or event.event_type).replace("\x00", "").split())[:LONGEST_WORDS],
        about=str(metadata.get("regulars") or ""),
        message_id=str(event.message_id or "").strip("<>"),
        is_permanent=event.event_type == "complained" or (event.event_type == "bounced" and not is_soft),
        at=event.timestamp,
    )


def _number(said: Any, raw: bytes) -> str:
    """The service's own, else one of the bytes: then a call that is repeated brings nothing new."""
    return str(said)[:200] if said else hashlib.sha256(raw).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _sender_of_postmark(said: dict[str, Any]) -> str:
    headers: Iterator[str] = (
        str(each.get("Value", "")) for each in said.get("Headers") or [] if each.get("Name") == "Return-Path"
    )
    return next(headers, "").strip("<>")


def _envelope(said: str | None) -> dict[str, Any]:
    try:
        found = json.loads(said or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _named(addresses: Any) -> list[str]:
    return [str(each).strip()[:500] for each in addresses if each][:100] if isinstance(addresses, list) else []
