"""Mailboxes as mbox files, one for each channel, for any mail program: each mail as it came where that is kept,
else written anew from the message.

Lines that begin with From, after any number of >, get one > more (the form called mboxrd), so that they can
be told from the lines that begin a mail, and taken back.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from psycopg import Connection

from regulars.channels.moving_out import RAW
from regulars.desk.moving_out import mails
from regulars.desk.moving_out.mails import Box, Said
from regulars.desk.moving_out.said import LATELY
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
        raw = _as_it_came(snapshot, said) or mails.compose(said, box, before=before, with_files=with_files)
        folder.append(f"mail/{box.file}", entry(raw, sender=mails.sender(said, box)[1], at=said.at), lines=1)
        before = [*before[-MOST_REFERENCES:], mails.message_id(said, box)]
        written += 1
        progress(1)
    return written


def entry(raw: bytes, *, sender: str, at: datetime) -> bytes:
    """One mail as it stands in an mbox file."""
    body = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
    first = f"From {sender or 'MAILER-DAEMON'} {at.astimezone(UTC):%a %b} {at.astimezone(UTC).day:2d} "
    first += f"{at.astimezone(UTC):%H:%M:%S %Y}\n"
    return first.encode("ascii", "replace") + _FROM.sub(rb">\1", body) + b"\n\n"


def _as_it_came(snapshot: Connection[Any], said: Said) -> bytes:
    """Its bytes, where they are kept: one at a time, as one may be 25 MB."""
    if said.incoming_id is None:
        return b""
    row = snapshot.execute(RAW, [said.incoming_id]).fetchone()
    return bytes(row[0]) if row and row[0] else b""


def _said(snapshot: Connection[Any], *, is_narrowed: bool) -> Iterator[Said]:
    with snapshot.cursor("regulars_messages") as cursor:
        cursor.itersize = AT_ONCE
        for row in cursor.execute(_MESSAGES.format(lately=_narrowed(is_narrowed))):  # type: ignore[arg-type]  # our own words
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
