"""Mail for the tests: written in a line, stored as it came, understood and placed as in a worker."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from regulars.channels.actions import incoming, understanding
from regulars.channels.models import Channel, Incoming
from regulars.desk.models import Conversation, Message

HELP = "help@shop.example"
ADA, MUSA = "Ada Moreno <ada@example.com>", "Musa Traoré <musa@example.com>"
_numbers = iter(range(1, 10**9))


def mail(
    text: str = "Where is my order?",
    *,
    id: str | None = None,  # noqa: A002  # as the header is called
    author: str = ADA,
    to: str = HELP,
    subject: str = "Order",
    answers: str = "",
    refers: tuple[str, ...] = (),
    at: datetime | None = None,
    files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """The bytes of a mail; ids are given without brackets."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = author, to, subject
    made["Message-ID"] = f"<{id or f'n{next(_numbers)}@example.com'}>"
    made["Date"] = format_datetime(at or datetime.now(UTC))
    if answers:
        made["In-Reply-To"] = f"<{answers}>"
    if refers:
        made["References"] = " ".join(f"<{one}>" for one in refers)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, content in (files or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def store(raw: bytes, channel: Channel, **options: Any) -> Incoming:
    """Store a mail as a source does, without having it placed."""
    key = options.pop("source_key", f"test:{next(_numbers)}")
    return Incoming.objects.get(pk=incoming.store(channel.pk, raw, source_key=key, **options))


def deliver(raw: bytes, channel: Channel, **options: Any) -> Incoming:
    """Store a mail and have it placed; what became of it."""
    row = store(raw, channel, **options)
    understanding.drain(channel.pk)
    row.refresh_from_db()
    return row


def placed(raw: bytes, channel: Channel, **options: Any) -> Message:
    """The message a mail became."""
    row = deliver(raw, channel, **options)
    assert row.state == Incoming.PLACED, row.trouble
    return Message.objects.get(incoming_id=row.pk)


def counts() -> tuple[int, int]:
    """How many conversations there are, and messages."""
    return Conversation.objects.count(), Message.objects.count()


def long_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
