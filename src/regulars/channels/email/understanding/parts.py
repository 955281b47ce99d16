"""Which parts are the text, which the HTML, and which are attachments (the rules of RFC 8621, 4.1.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

from regulars.channels.email.understanding import charsets, filenames, headers, limits, transfer
from regulars.channels.email.understanding.encoded_words import one_line
from regulars.channels.email.understanding.flowed import unflowed
from regulars.channels.email.understanding.html_text import escaped, readable
from regulars.channels.email.understanding.mail import Attachment
from regulars.channels.email.understanding.structure import Part, Tree

_WORDS = ("text/plain", "text/html")
_MESSAGES = ("message/rfc822", "message/global", "message/news")
_FILES = ("text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers")
_CID = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)


@dataclass(slots=True)
class Sorted:
    """Leaves by their place: the two faces of the text, and everything else."""

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """The text as it reads, and the HTML as it was sent; marks are lines where the HTML says a quote begins."""

    text: str = ""
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    quote_header_lines: frozenset[int] = frozenset()
    quote_from_line: int | None = None
    signature_line: int | None = None
    notes: list[str] = field(default_factory=list)


def read(raw: bytes, tree: Tree) -> Body:
    """Everything inside a mail's headers, decoded."""
    leaves = Sorted()
    _sort([tree.root], "mixed", leaves, leaves.html, leaves.plain)
    return _Opened(raw, leaves).read()


def content(raw: bytes, part: Part, at_most: int | None = None) -> bytes:
    stop = part.stop if at_most is None else min(part.stop, part.start + at_most)
    return transfer.decode(raw[part.start : stop], part.encoding)


def _sort(parts: list[Part], kind: str, leaves: Sorted, html: list[Part] | None, plain: list[Part] | None) -> None:
    """RFC 8621's walk; `html` or `plain` is None once an alternative has shown which face it is."""
    plain_before, html_before = len(plain or ()), len(html or ())
    in_alternative = kind == "alternative" or (bool(parts) and _is_in_alternative(parts[0]))
    for position, part in enumerate(parts):
        if part.children:
            _sort(part.children, part.type.partition("/")[2], leaves, html, plain)
        elif not _is_words(part, position, kind):
            if not _is_empty_multipart(part):
                leaves.attached.append(part)
        elif kind == "alternative":
            face = html if part.type == "text/html" else plain
            (leaves.attached if face is None else face).append(part)
        else:
            if in_alternative:
                html, plain = (html, None) if part.type == "text/html" else (None, plain)
            for face in (html, plain):
                if face is not None:
                    face.append(part)
    if kind == "alternative" and plain is not None and html is not None:
        if len(plain) == plain_before:
            plain.extend(html[html_before:])
        elif len(html) == html_before:
            html.extend(plain[plain_before:])


def _is_in_alternative(part: Part) -> bool:
    above = part.parent
    while above is not None:
        if above.type == "multipart/alternative":
            return True
        above = above.parent
    return False


def _is_words(part: Part, position: int, kind: str) -> bool:
    """Text to read, not a file: nothing calls it an attachment, and it has no name unless it comes first."""
    disposition, values = part.disposition
    if disposition == "attachment" or not (part.type in _WORDS or _is_broken_text(part)):
        return False
    return position == 0 or (kind != "related" and not (values.get("filename") or part.parameters.get("name")))


def _is_broken_text(part: Part) -> bool:
    """A multipart whose delimiter never came, or a mail that is of some unknown text alone: better read than lost."""
    if part.type.startswith("multipart/"):
        return not (part.is_opened or part.is_too_deep)
    return part.parent is None and part.type.startswith("text/") and part.type not in _FILES


def _is_empty_multipart(part: Part) -> bool:
    return part.type.startswith("multipart/") and part.is_opened


class _Opened:
    """The leaves decoded, each once: the text first, as it says which pictures belong inside it."""

    def __init__(self, raw: bytes, leaves: Sorted) -> None:
        self.raw = raw
        self.leaves = leaves
        self.decoded: dict[int, str] = {}
        self.enclosed: list[Attachment] = []
        self.body = Body()

    def read(self) -> Body:
        self._html()
        self._text()
        shown = self._shown_inside()
        for number, part in enumerate(self.leaves.attached, start=1):
            self.body.attachments.append(_attachment(part, content(self.raw, part), number, shown, self.body.html))
        self.body.attachments += self.enclosed
        return self.body

    def _html(self) -> None:
        parts = self.leaves.html
        if not any(part.type == "text/html" for part in parts):
            return
        if len(parts) == 1:
            self.body.html = self._words(parts[0])
            return
        pieces = [self._words(part) if part.type == "text/html" else escaped(self._words(part)) for part in parts]
        self.body.html = self._cut("\n".join(piece for piece in pieces if piece.strip()), limits.MAX_HTML)

    def _text(self) -> None:
        parts = self.leaves.plain or self.leaves.html
        if len(parts) == 1 and parts[0].type == "text/html":
            self._read_from_html(self._words(parts[0]))
            return
        text = ""
        for part in parts:
            piece = self._words(part)
            piece = readable(piece[: limits.MAX_TEXT]).text if part.type == "text/html" else piece
            text += "\n" if text and piece and not text.endswith("\n") else ""
            text += piece
        self.body.text = self._cut(text)
        if not text.strip() and self.body.html:
            self._read_from_html(self.body.html)

    def _read_from_html(self, html: str) -> None:
        found = readable(html[: limits.MAX_TEXT])
        self.body.text = found.text
        self.body.quote_header_lines = found.quote_header_lines
        self.body.quote_from_line = found.quote_from_line
        self.body.signature_line = found.signature_line

    def _words(self, part: Part) -> str:
        """A text part, decoded once even where it is both faces of the text."""
        if id(part) not in self.decoded:
            raw = content(self.raw, part, limits.MAX_HTML * 4)
            label = part.parameters.get("charset")
            if part.type == "text/html":
                if charsets.codec_of(label) is None:
                    label = charsets.of_html(raw)
                text = charsets.decode(raw, label).replace("\r\n", "\n")
            else:
                text = self._plain(part, raw, label)
            self.decoded[id(part)] = self._cut(text, limits.MAX_HTML if part.type == "text/html" else limits.MAX_TEXT)
        return self.decoded[id(part)]

    def _plain(self, part: Part, raw: bytes, label: str | None) -> str:
        for name, inside, start, stop in reversed(transfer.from_uuencode(raw) if b"begin " in raw else []):
            safe = filenames.of(name, "application/octet-stream", number=len(self.enclosed) + 1)
            self.enclosed.insert(0, Attachment(safe, "application/octet-stream", inside))
            raw = raw[:start] + raw[stop:]
        text = charsets.decode(raw, label).replace("\r\n", "\n").replace("\r", "\n")
        if part.parameters.get("format", "").lower() == "flowed":
            return unflowed(text, deletes_space=part.parameters.get("delsp", "").lower() == "yes")
        return text

    def _cut(self, text: str, most: int = limits.MAX_TEXT) -> str:
        if len(text) <= most:
            return text
        note = f"More than {most:,} characters of text: the rest is left out."
        if note not in self.body.notes:
            self.body.notes.append(note)
        return text[:most]

    def _shown_inside(self) -> set[str]:
        if not self.body.html or "cid:" not in self.body.html.lower():
            return set()
        return {unquote(unescape(one)).strip("<>") for one in _CID.findall(self.body.html)}


def _attachment(part: Part, inside: bytes, number: int, shown: set[str], html: str | None) -> Attachment:
    _, values = part.disposition
    subject = None
    if part.type in _MESSAGES:
        subject = headers.read(inside, 0, len(inside))[0].readable("subject")
    name = filenames.of(
        values.get("filename") or part.parameters.get("name"), part.type, number=number, subject=subject
    )
    cid = one_line((part.headers.text("content-id") or "").strip().strip("<>")) or None
    location = (part.headers.text("content-location") or "").strip()
    is_inline = cid in shown or (len(location) > 3 and html is not None and f'"{location}"' in html)
    return Attachment(name, part.type, inside, is_inline, cid)
