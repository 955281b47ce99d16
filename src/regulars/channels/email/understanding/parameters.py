"""Values with parameters, as Content-Type has them: RFC 2231, RFC 2047 where it must not be, and neither."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from regulars.channels.email.understanding import charsets, limits
from regulars.channels.email.understanding.encoded_words import decoded, one_line

_SEPARATORS = re.compile(r"[;\s]*")
_NAME = re.compile(r"([^\s=;\"]{1,80})\s{0,80}=\s{0,80}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"?', re.DOTALL)
_BARE = re.compile(r"[^;]*")
_SKIP = re.compile(r"[^;\s]*")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_MAX_PARAMETERS = 200


def split(text: str | None) -> tuple[str, dict[str, str]]:
    """The value in lower case, and its parameters, decoded."""
    if not text:
        return "", {}
    text = text[: limits.MAX_LINE].strip()
    value = text[: _end(_SKIP, text, 0)]
    return value.lower(), _decoded(_pairs(text[len(value) :]))


def content_type(text: str | None, *, default: str) -> tuple[str, dict[str, str]]:
    value, parameters = split(text)
    if _TYPE.fullmatch(value):
        return value, parameters
    return ("text/plain" if value in ("text", "plain", "text/") else default), parameters


def _pairs(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text) and len(found) < _MAX_PARAMETERS:
        at = _end(_SEPARATORS, text, at)
        name = _NAME.match(text, at)
        if not name:
            at = _end(_SKIP, text, at) + 1
            continue
        quoted = _QUOTED.match(text, name.end())
        if quoted:
            value, at = re.sub(r'\\(["\\])', r"\1", quoted[1]), quoted.end()
        else:
            bare = _BARE.match(text, name.end())
            value = bare[0] if bare else ""
            at = name.end() + len(value)
            value = _up_to_next(value).strip()
        found.append((name[1].lower(), value))
    return found


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _up_to_next(value: str) -> str:
    """A bare value ends at a semicolon; some senders forget it, and the next name follows a space."""
    inner = re.search(r"\s(?:boundary|charset|name|filename|format|delsp|type)\*?=", value, re.IGNORECASE)
    return value[: inner.start()] if inner else value


def _decoded(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Continuations (`name*0*=`) put together in their order; a plain value where there is no better one."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in pairs:
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(base, one_line(decoded(value)))
            continue
        number, _, coded = rest.partition("*")
        pieces.setdefault(base, {}).setdefault(
            int(number) if number.isdecimal() and len(number) < 5 else 0,
            (value, (coded == "" and rest.endswith("*")) or rest == ""),
        )
    return plain | {base: _put_together(parts) for base, parts in pieces.items()}


def _put_together(parts: dict[int, tuple[str, bool]]) -> str:
    raw, label = b"", None
    for position in sorted(parts):
        value, is_coded = parts[position]
        if is_coded and position == 0 and value.count("'") >= 2:
            label, _, value = value.split("'", 2)
        raw += unquote_to_bytes(value) if is_coded else value.encode("utf-8", "replace")
    text = charsets.decode(raw, label)
    return one_line(decoded(text))
