"""What is understood of one mail, in frozen values; no database stands behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regulars.channels.email.understanding.addresses import Address
from regulars.channels.email.understanding.headers import Headers


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text; `is_inline` when the HTML shows it by its content id."""

    name: str
    type: str
    content: bytes = field(repr=False)
    is_inline: bool = False
    content_id: str | None = None

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Bounce:
    """One failure a delivery report tells of.

    `is_permanent` is what the report says of this mail: nobody will try again. Whether the address is
    dead is another question: then the status begins with 5. `message_id` is that of our mail.
    """

    recipient: str | None
    status: str | None
    is_permanent: bool
    diagnostic: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, understood. Whatever was in its bytes, everything here is text that can be stored."""

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    author: Address | None = None
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str | None = None
    date: datetime | None = None
    text: str = ""
    visible_text: str = ""
    quoted_text: str = ""
    signature: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic_reason: str | None = None
    bounces: tuple[Bounce, ...] = ()
    notes: tuple[str, ...] = ()
    headers: Headers = field(default_factory=Headers, repr=False)

    @property
    def is_automatic(self) -> bool:
        return self.automatic_reason is not None

    @property
    def bounce(self) -> Bounce | None:
        return self.bounces[0] if self.bounces else None

    def as_json(self) -> dict[str, Any]:
        """The shape of docs/reference/mail-parse.md."""
        return {
            "message_id": self.message_id,
            "in_reply_to": list(self.in_reply_to),
            "references": list(self.references),
            "from": _person(self.author),
            "to": [_person(one) for one in self.to],
            "cc": [_person(one) for one in self.cc],
            "reply_to": [_person(one) for one in self.reply_to],
            "subject": self.subject,
            "date": self.date.isoformat() if self.date else None,
            "text": self.text,
            "visible_text": self.visible_text,
            "quoted_text": self.quoted_text,
            "signature": self.signature,
            "html": self.html,
            "attachments": [
                {"name": one.name, "type": one.type, "size": one.size, "inline": one.is_inline}
                for one in self.attachments
            ],
            "automatic": self.is_automatic,
            "automatic_reason": self.automatic_reason,
            "bounce": _failure(self.bounce),
            "bounces": [_failure(one) for one in self.bounces],
            "notes": list(self.notes),
        }


def _person(one: Address | None) -> dict[str, str | None] | None:
    return None if one is None else {"name": one.name, "address": one.address}


def _failure(one: Bounce | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "recipient": one.recipient,
        "status": one.status,
        "permanent": one.is_permanent,
        "diagnostic": one.diagnostic,
        "message_id": one.message_id,
    }
