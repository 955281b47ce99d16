"""A raw mail, understood: the one way in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from regulars.channels.email.understanding import addresses, automatic, bounces, dates, limits, parts, quotes, structure
from regulars.channels.email.understanding.addresses import Address
from regulars.channels.email.understanding.headers import Headers
from regulars.channels.email.understanding.mail import Mail
from regulars.channels.email.understanding.parts import Body

_ENVELOPE = re.compile(rb"\s*(?:>?From [^\r\n]*\r?\n)?")
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to")


def understand(raw: bytes) -> Mail:
    """Everything the product knows of a mail. Never raises; what was left out stands in `notes`."""
    raw = _with_line_ends(raw)
    start = _ENVELOPE.match(raw)
    tree = structure.read(raw, start.end() if start else 0)
    body = parts.read(raw, tree)
    mail = _headers(tree.root.headers)
    failures = bounces.read(raw, tree.root, headers=mail.headers, author=mail.author, to=mail.to, text=body.text)
    why = automatic.reason(mail.headers, mail.author, tree.root.type)
    seen = _seen(body, subject=mail.subject or "")
    return replace(
        mail,
        text=body.text,
        visible_text=seen.visible,
        quoted_text=seen.quoted,
        signature=seen.signature,
        html=body.html,
        attachments=tuple(body.attachments),
        automatic_reason=why or ("report" if failures else None),
        bounces=failures,
        notes=(*tree.notes, *body.notes, *_too_many(mail.to)),
    )


def _headers(headers: Headers) -> Mail:
    return Mail(
        message_id=addresses.message_id(headers.text("message-id")),
        in_reply_to=addresses.ids(headers.text("in-reply-to")),
        references=addresses.ids(headers.text("references")),
        author=_first(addresses.read(headers.text("from"))),
        sender=_first(addresses.read(headers.text("sender"))),
        to=_people(headers, "to"),
        cc=_people(headers, "cc"),
        reply_to=_people(headers, "reply-to"),
        delivered_to=_delivered_to(headers),
        subject=headers.readable("subject"),
        date=_date(headers),
        headers=headers,
    )


def _seen(body: Body, *, subject: str) -> quotes.Seen:
    return quotes.fold(
        body.text,
        subject=subject,
        header_lines=body.quote_header_lines,
        quote_from=body.quote_from_line,
        signature_from=body.signature_line,
    )


def _with_line_ends(raw: bytes) -> bytes:
    """Line feeds at least: old programs ended lines with a return alone, some with two; some wrote UTF-16."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in raw[:100_000]:
        if b"\n" not in raw[:100_000]:
            return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\r\r\n" in raw[:100_000]:
            return raw.replace(b"\r\r\n", b"\r\n")
    return raw


def _first(people: tuple[Address, ...]) -> Address | None:
    return people[0] if people else None


def _people(headers: Headers, name: str) -> tuple[Address, ...]:
    """Some programs write the header once for each recipient."""
    found = [one for raw in headers.all_text(name) for one in addresses.read(raw)]
    return tuple(found[: limits.MAX_ADDRESSES])


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    """Where transport says the mail went: the outermost first, for look-ups of plus-addresses."""
    found = [one.address for name in _DELIVERED for text in headers.all_text(name) for one in addresses.read(text)]
    return tuple(dict.fromkeys(one for one in found if one))[: limits.MAX_IDS]


def _date(headers: Headers) -> datetime | None:
    """The first that can be read; a second Date is sometimes what a relay mended."""
    return next((date for text in headers.all_text("date")[:10] if (date := dates.read(text))), None)


def _too_many(to: tuple[Address, ...]) -> tuple[str, ...]:
    if len(to) < limits.MAX_ADDRESSES:
        return ()
    return (f"More than {limits.MAX_ADDRESSES:,} recipients: the rest is left out.",)
