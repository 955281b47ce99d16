"""A block of header lines, unfolded; lines that are none are stepped over where more headers follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from regulars.channels.email.understanding import limits
from regulars.channels.email.understanding.encoded_words import decoded, one_line, raw_text

_HEADER = re.compile(rb"([!-9;-~\x80-\xff]{1,200})[ \t]{0,20}:")
_KNOWN = re.compile(
    rb"(?i)(?:from|to|cc|subject|date|message-id|mime-version|received|return-path|reply-to|sender|references"
    rb"|in-reply-to|content-[a-z-]{1,40}|x-[a-z0-9-]{1,60}|list-[a-z]{1,20}|delivered-to|precedence)[ \t]*:"
)
_MAX_FOLDED = 10
_BREAK = re.compile(rb"[\r\n]+[ \t]*")


@dataclass(slots=True)
class Headers:
    """Headers in their order; names are lower case, values are bytes on one line."""

    lines: list[tuple[str, bytes]] = field(default_factory=list)
    first: dict[str, bytes] = field(default_factory=dict)
    label: str | None = None
    """The character set of the body: what raw bytes in a header most likely are, too."""

    def raw(self, name: str) -> bytes | None:
        """The first of this name; a second Subject or From is somebody's trick."""
        return self.first.get(name)

    def text(self, name: str) -> str | None:
        """Characters, with encoded words left in: for headers that have a grammar."""
        raw = self.raw(name)
        return None if raw is None else raw_text(raw, self.label)

    def all_text(self, name: str) -> list[str]:
        return [raw_text(value, self.label) for known, value in self.lines if known == name]

    def readable(self, name: str) -> str | None:
        text = self.text(name)
        return None if text is None else one_line(decoded(text[: limits.MAX_LINE]))

    def __contains__(self, name: str) -> bool:
        return name in self.first

    def items(self) -> Iterator[tuple[str, str]]:
        for name, value in self.lines:
            yield name, one_line(decoded(raw_text(value, self.label)))


def read(raw: bytes, start: int, stop: int) -> tuple[Headers, int]:
    """The headers that begin at `start`, and where the body begins."""
    begins, last, body = _begins(raw, start, stop)
    headers = Headers()
    for position, (name, begin) in enumerate(begins):
        finish = begins[position + 1][1] if position + 1 < len(begins) else last
        if name:
            value = _value(raw[begin:finish])
            headers.lines.append((name, value))
            headers.first.setdefault(name, value)
    return headers, body


def _begins(raw: bytes, start: int, stop: int) -> tuple[list[tuple[str, int]], int, int]:
    """The name of each header and where it begins ("" where a line is none), their end, and the body's beginning."""
    begins: list[tuple[str, int]] = []
    at, latest = start, min(stop, start + limits.MAX_HEADER_BYTES)
    while at < latest and len(begins) < limits.MAX_HEADER_LINES:
        following = _next_line(raw, at, stop)
        line = raw[at : min(following, at + 300)]
        if not line.strip(b" \t\r\n"):
            # A line of spaces alone ends the headers too, unless it stands inside a folded one.
            if not (line.strip(b"\r\n") and _continues(raw, following, stop)):
                return begins, at, following
        elif line[:1] not in b" \t":
            found = _HEADER.match(line)
            if not found and not _is_stepped_over(raw, line, following, stop):
                return begins, at, at
            begins.append((found[1].decode("latin-1").lower() if found else "", at))
        at = following
    return begins, at, at


def _is_stepped_over(raw: bytes, line: bytes, following: int, stop: int) -> bool:
    """The line of an mbox, or rubbish with a header that mails have right after it; never a delimiter."""
    return not line.startswith(b"--") and (_is_envelope(line) or _continues_with_header(raw, following, stop))


def _value(lines: bytes) -> bytes:
    return _BREAK.sub(b" ", lines[lines.index(b":") + 1 :].strip())


def _is_envelope(line: bytes) -> bool:
    return line.startswith((b"From ", b">From "))


def _continues(raw: bytes, at: int, stop: int) -> bool:
    """Whether a header that mails have comes after this line of spaces, at once or after folded lines."""
    for _ in range(_MAX_FOLDED):
        if raw[at : at + 1] not in (b" ", b"\t"):
            break
        at = _next_line(raw, at, stop)
    return _continues_with_header(raw, at, stop)


def _continues_with_header(raw: bytes, at: int, stop: int) -> bool:
    return at < stop and bool(_KNOWN.match(raw, at, min(stop, at + 100)))


def _next_line(raw: bytes, at: int, stop: int) -> int:
    end = raw.find(b"\n", at, stop)
    return stop if end < 0 else end + 1
