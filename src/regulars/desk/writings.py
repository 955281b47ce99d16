"""A mail as the desk writes it down: its words, its people, its files, and the key under which it comes once."""

import hashlib
from typing import Any

from regulars.channels.arrivals import Arrived
from regulars.channels.email.understanding import Mail
from regulars.customers import normalise
from regulars.desk.actions.messages import LONGEST, File, Written
from regulars.desk.recall import key_of
from regulars.kernel import files

MOST_PEOPLE = 300  # of one header; a message with more is a broadcast, and everybody is in the raw mail
LONGEST_HTML = 2_000_000
LONGEST_QUOTE = 500_000


def key(arrived: Arrived) -> str:
    """The same for the same Message-ID and content on one channel: then it is one message, however often it comes.

    Another content is another message, as ids are reused and forged. A mail without any id is known by its
    content and its date; without either only the source can say whether it brought it before.
    """
    mail = arrived.mail
    if mail.message_id or mail.date:
        return f"mail:{arrived.channel_id}:{content(mail)}"
    is_numbered = arrived.source_key.startswith("imap:")
    return f"mail:{arrived.channel_id}:{arrived.digest.hex() if is_numbered else arrived.source_key}"


def content(mail: Mail) -> str:
    """A digest of what a mail says, whatever ways it took: mail servers change headers, not words."""
    said = hashlib.sha256()
    author = mail.author.address if mail.author else ""
    date = mail.date.isoformat() if mail.date else ""
    for part in (mail.message_id, author, mail.subject, date, mail.text, mail.html):
        encoded = (part or "").encode("utf-8", "replace")
        said.update(len(encoded).to_bytes(8, "big") + encoded)
    for file in mail.attachments:
        said.update(hashlib.sha256(file.content).digest())
    return said.hexdigest()


def written(arrived: Arrived, *, key: str) -> Written:
    """The message to be; its files are on the disk when this returns."""
    mail = arrived.mail
    return Written(
        text=normalise.clean(mail.visible_text)[:LONGEST],
        quoted=normalise.clean(mail.quoted_text)[:LONGEST_QUOTE],
        signature=normalise.clean(mail.signature)[:LONGEST_QUOTE],
        html=normalise.clean(mail.html or "")[:LONGEST_HTML],
        subject=normalise.clean(mail.subject or "")[:1_000],
        recipients=_recipients(mail),
        files=[_file(one) for one in mail.attachments],
        external_id=normalise.clean(key_of(mail.message_id)) if mail.message_id else "",
        incoming_id=arrived.incoming_id,
        is_automatic=mail.is_automatic,
        automatic_reason=mail.automatic_reason or "",
        key=key,
    )


def _file(one: Any) -> File:
    return File(
        digest=files.store(one.content),
        name=normalise.clean(one.name),
        type=normalise.clean(one.type),
        size=one.size,
        content_id=normalise.clean(one.content_id or ""),
        is_inline=one.is_inline,
    )


def _recipients(mail: Mail) -> dict[str, Any]:
    """From, To, Cc and Reply-To, as many as make sense on a page."""
    roles = {"from": (mail.author,), "to": mail.to, "cc": mail.cc, "reply_to": mail.reply_to}
    return {role: [_person(one) for one in people[:MOST_PEOPLE] if one] for role, people in roles.items()}


def _person(one: Any) -> dict[str, str]:
    return {"name": normalise.clean(one.name or ""), "address": normalise.clean(one.address or "")}
