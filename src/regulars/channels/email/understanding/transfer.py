"""Content-Transfer-Encoding undone: what can be read is read, and the rest never raises."""

from __future__ import annotations

import binascii
import re

_OUTSIDE = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_FOOTER = re.compile(rb"\n[ \t]{0,9}[_-]{5,}[ \t]{0,9}\r?\n")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^(?:`|[ ])?\r?\n?end[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def decode(raw: bytes, encoding: str) -> bytes:
    """The bytes that were meant; an encoding nobody knows changes nothing."""
    encoding = encoding.strip().strip("\"'").lower()
    if encoding == "base64":
        return from_base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        found = from_uuencode(raw)
        return found[0][1] if found else raw
    return raw


def from_base64(raw: bytes) -> bytes:
    """Base64 with line breaks, rubbish, a missing end, several ends, or a mailing list's footer after it."""
    end = raw.find(b"=")
    if end < 0:
        footer = _FOOTER.search(raw)
        raw = raw[: footer.start()] if footer else raw
    body, padding, rest = raw.translate(None, _OUTSIDE).partition(b"=")
    decoded = _padded(body)
    if padding and len(rest) > 1 and _is_more(raw[end:]):
        decoded += b"".join(_padded(piece) for piece in rest.split(b"="))
    return decoded


def _is_more(after: bytes) -> bool:
    """Whether what follows the end is base64 again, as of files that were encoded in pieces, and not prose."""
    after = after.strip(b"= \t\r\n")
    return (
        b" " not in after and len(after.translate(None, _OUTSIDE + b"=")) % 4 in (0, 2, 3) and not _FOOTER.search(after)
    )


def _padded(body: bytes) -> bytes:
    if len(body) % 4 == 1:
        body = body[:-1]
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))


def from_uuencode(raw: bytes) -> list[tuple[str, bytes, int, int]]:
    """Every uuencoded file in some text: its name, its bytes, where it begins and ends."""
    found: list[tuple[str, bytes, int, int]] = []
    at = 0
    while len(found) < 100 and (begin := _UU_BEGIN.search(raw, at)):
        end = _UU_END.search(raw, begin.end())
        if not end:
            break
        content = _uu_lines(raw[begin.end() : end.start()])
        at = end.end() if content is not None else begin.end()
        if content is not None:
            found.append((begin[1].decode("utf-8", "replace").strip(), content, begin.start(), end.end()))
    return found


def _uu_lines(raw: bytes) -> bytes | None:
    """None where these lines are prose that happens to stand between 'begin 644 …' and 'end'."""
    pieces: list[bytes] = []
    for line in raw.splitlines():
        if not line.strip():
            continue
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                pieces.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                return None
    return b"".join(pieces) if pieces else None
