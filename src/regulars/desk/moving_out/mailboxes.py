"""Mailboxes as mbox files, one for each channel, for any mail program: each mail as it came where that is kept,
else written anew from the message.

Lines that begin with From, after any number of >, get one > more (the form called mboxrd), so that they can
be told from the lines that begin a mail, and taken back.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final

from psycopg import Connection

from regulars.channels.email.out import addresses, headers, references
from regulars.channels.letters import Address
from regulars.channels.moving_out import RAW
from regulars.desk.moving_out.kinds import LATELY
from regulars.kernel import files
from regulars.kernel.moving_out.folders import Folder

AT_ONCE: Final = 200
MOST_REFERENCES: Final = 20

_MESSAGES = """
SELECT m.id, coalesce(m.channel_id, c.channel_id), m.conversation_id, m.author_kind, m.author_name,
       coalesce(nullif(m.subject, ''), c.subject), concat_ws(E'\\n\\n', m.text, nullif(m.quoted, '')), m.html,
       m.recipients, m.at, m.external_id, m.incoming_id, u.name, u.email,
       ARRAY(SELECT to_jsonb(f) FROM desk_attachment AS f WHERE f.message_id = m.id ORDER BY f.id)
FROM desk_message AS m JOIN desk_conversation AS c ON c.id = m.conversation_id
JOIN customers_customer AS u ON u.id = c.customer_id
WHERE m.kind = 'message' AND m.removed_at IS NULL{lately}
ORDER BY m.conversation_id, m.id
"""
_COUNT = "SELECT count(*) FROM desk_message AS m WHERE m.kind = 'message' AND m.removed_at IS NULL{lately}"
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_UNSAFE = re.compile(r"[^\w.@+-]+")


@dataclass(slots=True)
class Said:
    """One message as a mail needs it."""

    id: int
    channel_id: int
    conversation_id: int
    author_kind: str
    author_name: str
    subject: str
    text: str
    html: str
    recipients: dict[str, Any]
    at: datetime
    external_id: str
    incoming_id: int | None
    customer_name: str
    customer_email: str
    files: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Box:
    """A channel, as the name of its file and the address mails are from."""

    file: str
    name: str
    address: str


def count(*, is_narrowed: bool) -> str:
    """How many mails there will be."""
    return _COUNT.format(lately=_narrowed(is_narrowed))


def write(
    snapshot: Connection[Any],
    folder: Folder,
    *,
    is_narrowed: bool,
    with_files: bool,
    progress: Callable[[int], None],
) -> int:
    """Write every message into the mailbox of its channel; returns how many. Nothing is held but one mail."""
    boxes = _boxes(snapshot)
    before: list[str] = []
    conversation_id, written = 0, 0
    for said in _said(snapshot, is_narrowed=is_narrowed):
        if said.conversation_id != conversation_id:
            conversation_id, before = said.conversation_id, []
        box = boxes[said.channel_id]
        raw = _as_it_came(snapshot, said) or compose(said, box, before=before, with_files=with_files)
        folder.append(f"mail/{box.file}", entry(raw, sender=_sender(said, box)[1], at=said.at), lines=1)
        before = [*before[-MOST_REFERENCES:], _id(said, box)]
        written += 1
        progress(1)
    return written


def entry(raw: bytes, *, sender: str, at: datetime) -> bytes:
    """One mail as it stands in an mbox file."""
    body = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
    first = f"From {sender or 'MAILER-DAEMON'} {at.astimezone(UTC):%a %b} {at.astimezone(UTC).day:2d} "
    first += f"{at.astimezone(UTC):%H:%M:%S %Y}\n"
    return first.encode("ascii", "replace") + _FROM.sub(rb">\1", body) + b"\n\n"


def compose(said: Said, box: Box, *, before: list[str], with_files: bool) -> bytes:
    """A mail of a message that never was one, or is not kept as it came."""
    mail = headers.new_message()
    mail["From"] = _named(*_sender(said, box)) or addresses.named("", f"nobody@{_domain(box)}")
    for role, people in _recipients(said, box).items():
        if people:
            mail[role] = people
    mail["Subject"] = headers.one_line(said.subject)
    mail["Date"] = format_datetime(said.at)
    mail["Message-ID"] = references.bracketed([_id(said, box)])
    if before:
        mail["In-Reply-To"] = references.bracketed(before[-1:])
        mail["References"] = references.bracketed(before)
    mail["X-Regulars-Message"], mail["X-Regulars-Conversation"] = str(said.id), str(said.conversation_id)
    _fill(mail, said, with_files=with_files)
    return mail.as_bytes(policy=headers.INTERNATIONAL)


def _fill(mail: EmailMessage, said: Said, *, with_files: bool) -> None:
    mail.set_content(_sendable(said.text), cte="quoted-printable")
    if said.html:
        mail.add_alternative(_sendable(said.html), subtype="html", cte="quoted-printable")
    for file in said.files if with_files else ():
        content = _content(file["digest"])
        if content is not None:
            mail.add_attachment(
                content, "application", "octet-stream", filename=headers.one_line(file["name"]) or "file"
            )


def _recipients(said: Said, box: Box) -> dict[str, list[Any]]:
    """To whom it went: as it says, else from the customer to us, or from us to the customer."""
    roles = {role.title(): _usable(said.recipients.get(role) or []) for role in ("to", "cc", "bcc")}
    if not any(roles.values()):
        ours, theirs = (box.name, box.address), (said.customer_name, said.customer_email)
        other = _named(*(ours if said.author_kind == "customer" else theirs))
        roles["To"] = [other] if other else []
    return roles


def _sender(said: Said, box: Box) -> tuple[str, str]:
    """Who wrote: a customer by what the mail says, or as the customer is known; everybody else as the channel."""
    wrote = said.recipients.get("from") or []
    if wrote and wrote[0].get("address"):
        return wrote[0].get("name") or said.author_name, wrote[0]["address"]
    if said.author_kind == "customer":
        return said.author_name or said.customer_name, said.customer_email
    return said.author_name or box.name, box.address


def _usable(people: list[Address]) -> list[Any]:
    return [one for each in people if (one := _named(each.get("name", ""), each.get("address", "")))]


def _named(name: str, address: str) -> Any:
    try:
        return addresses.named(headers.one_line(name), address) if address else None
    except (addresses.AddressNotUsable, ValueError, IndexError):
        return None


def _id(said: Said, box: Box) -> str:
    usable = references.usable([said.external_id]) if said.external_id else []
    return usable[0] if usable else f"message-{said.id}@{_domain(box)}"


def _domain(box: Box) -> str:
    return box.address.rpartition("@")[2] or "regulars.invalid"


def _as_it_came(snapshot: Connection[Any], said: Said) -> bytes:
    """Its bytes, where they are kept: one at a time, as one may be 25 MB."""
    if said.incoming_id is None:
        return b""
    row = snapshot.execute(RAW, [said.incoming_id]).fetchone()
    return bytes(row[0]) if row and row[0] else b""


def _content(digest: str) -> bytes | None:
    try:
        return files.read(digest)
    except (FileNotFoundError, ValueError):
        return None


def _said(snapshot: Connection[Any], *, is_narrowed: bool) -> Iterator[Said]:
    with snapshot.cursor("regulars_messages") as cursor:
        cursor.itersize = AT_ONCE
        for row in cursor.execute(_MESSAGES.format(lately=_narrowed(is_narrowed))):  # type: ignore[arg-type]
            yield Said(*row)


def _boxes(snapshot: Connection[Any]) -> dict[int, Box]:
    """The file of each channel: its address, or its name and number where it has none or shares it."""
    found: dict[int, Box] = {}
    taken: set[str] = set()
    for pk, name, address in snapshot.execute("SELECT id, name, address FROM channels_channel ORDER BY id"):
        stem = _UNSAFE.sub("-", address or name).strip("-.").lower() or "channel"
        stem = f"{stem}-{pk}" if stem in taken or not address else stem
        taken.add(stem)
        found[pk] = Box(f"{stem}.mbox", name, address)
    return found


def _narrowed(is_narrowed: bool) -> str:
    return f" AND {LATELY}" if is_narrowed else ""


def _sendable(text: str) -> str:
    """No halves of letters, which cannot be encoded, and no nulls."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")
