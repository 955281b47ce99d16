"""Header text: RFC 2047 words, well made and broken, and bytes that were never encoded."""

from __future__ import annotations

import binascii
import re

from regulars.channels.email.understanding import charsets

_START = re.compile(r"=\?([A-Za-z0-9_.:+*-]{1,60})\?([bBqQ])\?")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\r\n"})
_SPACES = re.compile(r"[ \t\r\n]+")


def raw_text(raw: bytes, label: str | None = None) -> str:
    """A header's bytes as text, encoded words still in it; `label` is what the body says of its characters."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.translate(None, _CONTROL_BYTES).decode("ascii")
    return charsets.decode(raw, label)


def decoded(text: str) -> str:
    """Readable text: words decoded, neighbours joined before that, as characters are split across them."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: list[tuple[str, str, str]] = []
    end = 0
    for start, stop, word in _words(text):
        between = text[end:start]
        if between.strip() or not run:
            pieces += [_joined(run), between]
            run = []
        run.append(word)
        end = stop
    return "".join([*pieces, _joined(run), text[end:]])


def one_line(text: str) -> str:
    """On one line, without characters that move the cursor or turn the direction of writing."""
    return _SPACES.sub(" ", _CONTROLS.sub("", charsets.storable(text))).strip()


def _words(text: str) -> list[tuple[int, int, tuple[str, str, str]]]:
    found: list[tuple[int, int, tuple[str, str, str]]] = []
    at = 0
    while start := _START.search(text, at):
        stop = text.find("?=", start.end())
        if stop < 0:
            break
        found.append((start.start(), stop + 2, (start[1].lower(), start[2].lower(), text[start.end() : stop])))
        at = stop + 2
    return found


def _joined(run: list[tuple[str, str, str]]) -> str:
    """Neighbouring words in one character set are one text; each of base64 may have been cut anywhere."""
    text, waiting, label = "", b"", ""
    carried = ""
    for position, (charset, kind, content) in enumerate(run):
        if charset != label:
            text, waiting, label = text + charsets.decode(waiting, label or None), b"", charset
        if kind == "q":
            waiting += _from_q(content)
            continue
        content, carried = carried + content, ""
        following = run[position + 1][:2] if position + 1 < len(run) else None
        if following == (charset, "b") and "=" not in content and len(content) % 4:
            carried = content
            continue
        waiting += _from_b(content)
    return text + charsets.decode(waiting, label or None)


def _from_q(content: str) -> bytes:
    return binascii.a2b_qp(content.encode("utf-8", "replace").replace(b"\n", b""), header=True)


def _from_b(content: str) -> bytes:
    kept = _NOT_BASE64.sub(b"", content.encode("ascii", "ignore"))
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
