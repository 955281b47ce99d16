"""A mail's tree of parts, found in one pass over its lines: no recursion, no second look, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from regulars.channels.email.understanding import headers as header_lines
from regulars.channels.email.understanding import limits, parameters
from regulars.channels.email.understanding.headers import Headers

_DASHES = re.compile(rb"^--", re.MULTILINE)
_FIRST_DELIMITER = re.compile(rb"^--([^\s]{3,200})[ \t]{0,9}\r?$", re.MULTILINE)


@dataclass(slots=True)
class Part:
    """A part: a multipart with parts inside, or a leaf whose still encoded bytes are `raw[start:stop]`."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    start: int
    stop: int
    parent: Part | None = None
    children: list[Part] = field(default_factory=list)
    is_opened: bool = False
    """A delimiter of this multipart was seen."""
    is_too_deep: bool = False

    @property
    def disposition(self) -> tuple[str, dict[str, str]]:
        return parameters.split(self.headers.text("content-disposition"))

    @property
    def encoding(self) -> str:
        return (self.headers.text("content-transfer-encoding") or "").partition(";")[0].partition("(")[0]


@dataclass(slots=True)
class Tree:
    """The whole mail's part, and what had to be left out."""

    root: Part
    notes: list[str] = field(default_factory=list)


def read(raw: bytes, start: int = 0) -> Tree:
    """Parts, each ended by the next delimiter of any multipart that is open around it."""
    return _Reading(raw).read(start)


class _Reading:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.open: list[tuple[bytes, Part]] = []
        self.levels: dict[bytes, int] = {}
        self.leaves = 0
        self.notes: list[str] = []

    def read(self, start: int) -> Tree:
        root = self._begin(start, parent=None)
        current: Part | None = root
        for at, after, level, is_end in self._delimiters():
            if current is not None and at < current.start:
                continue  # a delimiter among the header lines
            self._close(current, at, down_to=level)
            current = None
            if is_end:
                self._leave(level)
                continue
            if self.leaves >= limits.MAX_PARTS:
                self.notes.append(f"More than {limits.MAX_PARTS:,} parts: the rest is left out.")
                break
            current = self._begin(after, parent=self.open[level][1])
        else:
            self._close(current, len(self.raw), down_to=0)
        return Tree(root, self.notes)

    def _begin(self, at: int, *, parent: Part | None) -> Part:
        headers, body = header_lines.read(self.raw, at, len(self.raw))
        default = "message/rfc822" if parent and parent.type == "multipart/digest" else "text/plain"
        kind, values = parameters.content_type(headers.text("content-type"), default=default)
        headers.label = values.get("charset")
        part = Part(headers, kind, values, body, len(self.raw), parent)
        if parent:
            parent.children.append(part)
        if kind.startswith("multipart/") and (boundary := self._boundary(part)):
            if len(self.open) < limits.MAX_DEPTH:
                self._enter(boundary, part)
                return part
            part.is_too_deep = True
            self._note(f"Nested deeper than {limits.MAX_DEPTH} levels: what is inside is kept as one attachment.")
        self.leaves += 1
        return part

    def _boundary(self, part: Part) -> bytes | None:
        """What separates the parts: as declared, else the first line that looks like it and ends them, too."""
        declared = part.headers.raw("content-type") or b""
        if boundary := part.parameters.get("boundary"):
            exact = re.search(rb"boundary\s*=\s*\"([^\"]+)\"", declared, re.IGNORECASE)
            found = exact[1].rstrip() if exact else boundary.encode("utf-8", "replace").rstrip()
            if found:
                return found
        if part.parent:
            return None
        found = _FIRST_DELIMITER.search(self.raw, part.start, part.start + 3_000)
        is_one = found and self.raw.find(b"\n--" + found[1] + b"--", found.end()) >= 0
        return found[1] if found and is_one else None

    def _enter(self, boundary: bytes, part: Part) -> None:
        self.open.append((boundary, part))
        self.levels[boundary] = len(self.open) - 1

    def _leave(self, level: int) -> None:
        """Close the multiparts from this level up; a boundary used twice is again that of the outer one."""
        del self.open[level:]
        self.levels = {boundary: position for position, (boundary, _) in enumerate(self.open)}

    def _delimiters(self) -> Iterator[tuple[int, int, int, bool]]:
        """Where a line is, where the next begins, whose delimiter it is, and whether it is the last."""
        for dashes in _DASHES.finditer(self.raw):
            if not self.open:
                return
            at = dashes.start()
            end = self.raw.find(b"\n", at)
            after = len(self.raw) if end < 0 else end + 1
            line = self.raw[at + 2 : min(after, at + limits.MAX_DELIMITER)].rstrip(b" \t\r\n")
            found = self._match(line)
            if found is None and b" " in line and len(first := line.split(b" ", 1)[0]) >= 6:
                found = self._match(first)  # a delimiter with words behind it
            if found:
                self.open[found[0]][1].is_opened = True
                yield at, after, *found

    def _match(self, line: bytes) -> tuple[int, bool] | None:
        """Whose delimiter a line is and whether it is the last; one that was never opened cannot be closed."""
        level = self.levels.get(line)
        if level is not None:
            return level, False
        level = self.levels.get(line[:-2].rstrip(b" \t")) if line.endswith(b"--") else None
        return None if level is None or not self.open[level][1].is_opened else (level, True)

    def _close(self, current: Part | None, at: int, *, down_to: int) -> None:
        """End the part that was being read, and leave the multiparts inside the one whose delimiter came."""
        if current is not None:
            current.stop = max(current.start, _before_break(self.raw, at) if at < len(self.raw) else at)
        if len(self.open) > down_to + 1:
            self._leave(down_to + 1)

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _before_break(raw: bytes, at: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if raw[at - 1 : at] == b"\n":
        at -= 1
        if raw[at - 1 : at] == b"\r":
            at -= 1
    return at
