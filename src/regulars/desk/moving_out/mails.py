"""A mail of a message that never was one, or is not kept as it came.

Written by hand rather than with the standard library's `email`, which takes thirty times as long, and an export
may have ten million of these. A text goes as it is, in UTF-8, but where a line is too long for a mail.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import encode_rfc2231, format_datetime
from typing import Any, Final

from regulars.channels.email.out import headers, references
from regulars.kernel import files

LONGEST_LINE: Final = 900  # bytes; a mail allows 998
_ATOMS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+/=?^_`{|}~- ")

Person = tuple[str, str]  # name, address


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

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2] or "regulars.invalid"


def compose(said: Said, box: Box, *, before: Sequence[str], with_files: bool) -> bytes:
    """The mail, with line feeds alone at its ends; `before` are the Message-IDs it follows, oldest first."""
    name, address = sender(said, box)
    lines = [f"From: {_person(name, address or f'nobody@{box.domain}')}"]
    lines += [f"{role}: {', '.join(people)}" for role, people in _recipients(said, box) if people]
    lines += [f"Subject: {_words(headers.one_line(said.subject), 'Subject')}", f"Date: {format_datetime(said.at)}"]
    lines.append(f"Message-ID: <{message_id(said, box)}>")
    if before:
        lines += [f"In-Reply-To: <{before[-1]}>", "References: " + "\n ".join(f"<{one}>" for one in before)]
    lines += [f"X-Regulars-Message: {said.id}", f"X-Regulars-Conversation: {said.conversation_id}", "MIME-Version: 1.0"]
    return "\n".join(lines).encode() + b"\n" + _body(said, with_files=with_files)


def sender(said: Said, box: Box) -> Person:
    """Who wrote: a customer by what the mail says, or as the customer is known; everybody else as the channel."""
    wrote = said.recipients.get("from") or []
    if wrote and wrote[0].get("address"):
        return wrote[0].get("name") or said.author_name, wrote[0]["address"]
    if said.author_kind == "customer":
        return said.author_name or said.customer_name, said.customer_email
    return said.author_name or box.name, box.address


def message_id(said: Said, box: Box) -> str:
    """The one it has, else one that is the same in every export."""
    usable = references.usable([said.external_id]) if said.external_id else []
    return usable[0] if usable else f"message-{said.id}@{box.domain}"


def _recipients(said: Said, box: Box) -> Iterator[tuple[str, list[str]]]:
    """To whom it went: as it says, else from the customer to us, or from us to the customer."""
    roles = [(role.title(), said.recipients.get(role) or []) for role in ("to", "cc", "bcc")]
    if not any(people for _role, people in roles):
        is_theirs = said.author_kind == "customer"
        other = (box.name, box.address) if is_theirs else (said.customer_name, said.customer_email)
        roles = [("To", [dict(zip(("name", "address"), other, strict=True))])]
    for role, people in roles:
        yield role, [_person(one.get("name") or "", one["address"]) for one in people if one.get("address")]


def _person(name: str, address: str) -> str:
    """A name that a header cannot take as it is stands in quotes, or encoded."""
    address = headers.one_line(address).translate({ord(letter): None for letter in '<>,;"() '})
    name = headers.one_line(name)
    if not name:
        return address
    if not name.isascii() or "=?" in name:
        return f"{_words(name, 'From')} <{address}>"
    plain = name.replace("\\", "").replace('"', "'")
    return f"{name} <{address}>" if set(name) <= _ATOMS else f'"{plain}" <{address}>'


def _words(text: str, header: str) -> str:
    if text.isascii() and len(text) < LONGEST_LINE and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header, continuation_ws=" ").encode(linesep="\n")


def _body(said: Said, *, with_files: bool) -> bytes:
    shown = [_part("text/plain; charset=utf-8", _sendable(said.text))]
    if said.html:
        shown.append(_part("text/html; charset=utf-8", _sendable(said.html)))
    body = shown[0] if len(shown) == 1 else _several("alternative", shown, f"{said.id}-a")
    enclosed = [part for file in said.files if (part := _file(file))] if with_files else []
    return _several("mixed", [body, *enclosed], f"{said.id}-m") if enclosed else body


def _several(kind: str, parts: Sequence[bytes], name: str) -> bytes:
    """Parts between boundaries that stand in none of them."""
    boundary = f"=_regulars-{name}"
    while any(boundary.encode() in part for part in parts):
        boundary += "="
    between = b"".join(b"--" + boundary.encode() + b"\n" + part.rstrip(b"\n") + b"\n" for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'
    return head.encode() + between + b"--" + boundary.encode() + b"--\n"


def _part(kind: str, content: bytes) -> bytes:
    is_plain = b"\r" not in content and all(len(line) < LONGEST_LINE for line in content.split(b"\n"))
    how = "8bit" if is_plain else "base64"
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: {how}\n\n".encode()
    return head + (content if is_plain else base64.encodebytes(content)) + b"\n"


def _file(file: dict[str, Any]) -> bytes:
    try:
        content = files.read(file["digest"])
    except (FileNotFoundError, ValueError):
        return b""
    name = headers.one_line(file["name"]) or "file"
    plain = name.replace("\\", "_").replace('"', "'")
    said = f'filename="{plain}"' if name.isascii() else f"filename*={encode_rfc2231(name, 'utf-8')}"
    head = f"Content-Type: application/octet-stream\nContent-Disposition: attachment; {said}\n"
    return f"{head}Content-Transfer-Encoding: base64\n\n".encode() + base64.encodebytes(content)


def _sendable(text: str) -> bytes:
    """No halves of letters, which cannot be encoded, and no nulls."""
    return text.encode("utf-8", "ignore").replace(b"\x00", b"").replace(b"\r\n", b"\n")
