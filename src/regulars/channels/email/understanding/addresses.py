"""Names and addresses out of header values, as people's programs really write them. One pass, no way back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from regulars.channels.email.understanding import limits
from regulars.channels.email.understanding.encoded_words import decoded, one_line

_TOKEN = re.compile(
    r"""(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,1000}\?=)
      |"(?P<quoted>(?:[^"\\]|\\.)*+)"
      |<(?P<angle>[^<>]*+)>?
      |(?P<stop>[,;])
      |(?P<colon>:)
      |(?P<text>[^=",;:<>()]++|.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMON = re.compile(
    r"""\s*+(?:"([^"\\=]{1,200}+)"\s{0,9}+|([^"<>(),;:@=\\]{0,200}+))"""
    r"<([^<>()\s@:\"]{1,64}+@[^<>()\s@:\"]{1,255}+)>\s{0,9}+(?:,|\Z)"
)
"""A person as nearly all are written, taken in one step; everything else goes the long way."""
_PLAIN = re.compile(r"\s*([^\s<>\"(),;:@=\\]{1,64}@[^\s<>\"(),;:@=\\]{1,255})\s*")
_ADDRESS = re.compile(r"[^\s<>()\"',;:\[\]]{1,64}@[^\s<>()\"',;]{1,255}")
_QUOTED_LOCAL = re.compile(r'"[^"]{1,64}"@[^\s<>()\"\',;]{1,255}')
_ROUTE = re.compile(r"(?:@[^,:@]{1,255},?)+:")
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_COMMENT_STEP = re.compile(r"\\.|[()]", re.DOTALL)
_ID = re.compile(r"<([^<>]{1,998})>")


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody in a header; either half may be missing."""

    name: str | None
    address: str | None


def read(text: str | None) -> tuple[Address, ...]:
    """Everybody in a header's value; groups are opened, empty ones leave nobody."""
    if not text:
        return ()
    if '"' not in text and "<" not in text and "(" not in text and "=?" not in text and ":" not in text:
        return _plain_list(text)
    return _scanned(text)


def ids(text: str | None) -> tuple[str, ...]:
    """Message ids without their brackets, in order, each once; bare ones where no brackets are."""
    if not text:
        return ()
    text = text[-1_000_000:]
    found = [re.sub(r"\s+", "", one) for one in _ID.findall(text)]
    if not found:
        found = [word.strip("<>,;\"'") for word in text.split() if "@" in word]
    return tuple(dict.fromkeys(one_line(one) for one in found if one))[-limits.MAX_IDS :]


def message_id(text: str | None) -> str | None:
    """The one id of a Message-ID header, whatever stands in it."""
    if not text or not text.strip():
        return None
    found = ids(text)
    return found[0] if found else one_line(text.strip().strip("<>"))[:998] or None


def _plain_list(text: str) -> tuple[Address, ...]:
    people: list[Address] = []
    for piece in text.replace(";", ",").split(",", limits.MAX_STEPS):
        whole = _PLAIN.fullmatch(piece)
        one = Address(None, whole[1]) if whole else _from_words(piece)
        if one and len(people) < limits.MAX_ADDRESSES:
            people.append(one)
    return tuple(people)


def _from_words(piece: str) -> Address | None:
    """Words without brackets: an address with words beside it, or a name alone."""
    piece = piece.strip()[: limits.MAX_LINE]
    if not piece:
        return None
    found = _QUOTED_LOCAL.search(piece) or _ADDRESS.search(piece)
    if not found:
        return Address(_named(piece), None)
    rest = f"{piece[: found.start()]} {piece[found.end() :]}".strip(" '\"[]()")
    return Address(_named(rest), found[0].removeprefix("mailto:"))


def _scanned(text: str) -> tuple[Address, ...]:
    scan = _Scan(text)
    at = steps = 0
    while at < len(text) and steps < limits.MAX_STEPS and len(scan.people) < limits.MAX_ADDRESSES:
        at = scan.step(at)
        steps += 1
    scan.finish()
    return tuple(scan.people)


class _Scan:
    """One pass over a header's value; each step takes at least one character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.people: list[Address] = []
        self.last_semicolon = text.rfind(";")
        self.no_comment_before = 0
        self.is_unclosed = False
        """A quote that never ends was found: those after it end nowhere either."""
        self._forget()

    def _forget(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def finish(self) -> None:
        one = _one("".join(self.words), self.comments, self.angle)
        if one and len(self.people) < limits.MAX_ADDRESSES:
            self.people.append(one)
        self._forget()

    def step(self, at: int) -> int:
        if not self.words and not self.comments and self.angle is None and (common := _COMMON.match(self.text, at)):
            name = common[1] or common[2]
            name = name.strip(" '") if name.isascii() and name.isprintable() else _named(name)
            self.people.append(Address(name or None, common[3]))
            return common.end()
        if self.text[at] == "(" and at >= self.no_comment_before:
            return self._comment(at)
        if self.text[at] == '"' and self.is_unclosed:
            return at + 1
        token = _TOKEN.match(self.text, at)
        if token is None:  # pragma: no cover - the last alternative takes any character
            return at + 1
        self.is_unclosed = self.is_unclosed or token[0] == '"'
        kind, value, at = token.lastgroup, token[token.lastgroup or 0], token.end()
        if kind == "stop":
            self.finish()
        elif kind == "quoted":
            self.words.append(f'"{value}"' if self.text[at : at + 1] == "@" else _unescaped(value))
        elif kind == "angle":
            self.angle = value if self.angle is None or "@" not in self.angle else self.angle
        elif kind == "colon" and at <= self.last_semicolon:
            self.words.clear()  # only a group is closed by a semicolon; elsewhere the colon is part of the name
        else:
            self.words.append(value)
        return at

    def _comment(self, at: int) -> int:
        """A comment with the comments inside it; one that never ends is an ordinary bracket."""
        if len(self.comments) > 100:
            self.no_comment_before = len(self.text)
            return at
        depth, limit = 0, min(len(self.text), at + 2_000)
        for found in _COMMENT_STEP.finditer(self.text, at, limit):
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if depth == 0:
                self.comments.append(_unescaped(self.text[at + 1 : found.start()]))
                return found.end()
        self.no_comment_before = limit
        return at


def _one(words: str, comments: list[str], angle: str | None) -> Address | None:
    if angle is None:
        one = _from_words(words)
        if one and one.address and not one.name and comments:
            return Address(_named(comments[0]), one.address)
        return one
    address = _cleaned(angle)
    name = _named(words) or (_named(comments[0]) if comments else None)
    if not address and name and (inside := _ADDRESS.search(name)):
        return Address(name, inside[0])
    return Address(name, address or None) if name or address else None


def _cleaned(angle: str) -> str:
    """`< mailto:ada@x.org >` and source routes, without what is not the address."""
    address = _COMMENT.sub("", one_line(decoded(angle))).replace(" ", "")
    if "undisclosed" in address.lower():
        return ""
    address = _ROUTE.sub("", address, count=1).removeprefix("mailto:").removeprefix("MAILTO:")
    return address.strip("'") if address.count("'") > 1 else address


def _named(words: str) -> str | None:
    return one_line(decoded(one_line(words).strip())).strip("'\" ") or None


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)
