"""Delivery reports: by RFC 3464 where there is one, else by the words mail servers use."""

from __future__ import annotations

import re
from dataclasses import replace

from regulars.channels.email.understanding import bounce_reports, bounce_texts, parts, structure
from regulars.channels.email.understanding import headers as header_lines
from regulars.channels.email.understanding.addresses import Address, ids
from regulars.channels.email.understanding.headers import Headers
from regulars.channels.email.understanding.mail import Bounce
from regulars.channels.email.understanding.structure import Part

Opened = tuple[bytes, Part]
"""A part, and the bytes it is a slice of."""

_ORIGINALS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)
_ID_IN_TEXT = re.compile(r"(?im)^[>\s]{0,6}message-id:\s{0,3}(<[^<>\s]{1,400}>)")


def read(
    raw: bytes, root: Part, *, headers: Headers, author: Address | None, to: tuple[Address, ...], text: str
) -> tuple[Bounce, ...]:
    """Every failure a mail reports; nothing where it reports none, or only that something was delivered."""
    leaves = _with_wrapped_report([(raw, part) for part in _leaves(root)])
    reports = [parts.content(source, part) for source, part in leaves if part.type in bounce_reports.TYPES]
    found, is_report = bounce_reports.read(reports)
    if not found and not is_report:
        found = bounce_texts.read(text, headers=headers, author=author, to=to)
    if not found:
        return ()
    message_id = _message_id(leaves, text, own=headers.text("message-id"))
    return tuple(replace(one, message_id=message_id) for one in found)


def _leaves(part: Part) -> list[Part]:
    """In the order of the mail, without recursion: depth is bounded, but needs no stack."""
    found: list[Part] = []
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if one.children:
            waiting += reversed(one.children)
        else:
            found.append(one)
    return found


def _with_wrapped_report(leaves: list[Opened]) -> list[Opened]:
    """Some filters put a whole report into a mail of their own: then its parts count, too."""
    for source, part in leaves:
        if part.type == "message/rfc822":
            inside = parts.content(source, part)
            root = structure.read(inside).root
            if root.type == "multipart/report":
                return [*leaves, *((inside, one) for one in _leaves(root))]
    return leaves


def _message_id(leaves: list[Opened], text: str, *, own: str | None) -> str | None:
    """The Message-ID of the mail that came back: from its headers, or quoted in the text."""
    named: tuple[str, ...] = ()
    for source, part in reversed(leaves):
        if part.type in _ORIGINALS and not named:
            inside = parts.content(source, part)
            named = ids(header_lines.read(inside, 0, len(inside))[0].text("message-id"))
    if not named and (quoted := _ID_IN_TEXT.search(text)):
        named = ids(quoted[1])
    return named[0] if named and named != ids(own) else None
