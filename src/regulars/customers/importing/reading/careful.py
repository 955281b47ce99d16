"""The slow way through a chunk of delimited text: every broken line is named, the others are kept."""

import csv
from typing import NamedTuple

from regulars.customers.importing.reading.batches import BadLine, shown
from regulars.customers.importing.reading.encodings import UTF8, Encoding, is_other
from regulars.customers.importing.reading.lines import LONGEST_CELL, Chunk

LONGEST_RECORD_LINES = 1000


class Careful(NamedTuple):
    """Rows with the line each begins on, broken lines, and what is unfinished at the chunk's end."""

    rows: list[list[str]]
    lines: list[int]
    bad: list[BadLine]
    left: bytes


class Unclosed(Exception):
    """The record goes on in the next line."""


class Broken(Exception):
    """The record cannot be read: the code of the reason."""


def careful_rows(chunk: Chunk, *, width: int, separator: str, encoding: Encoding) -> Careful:
    """Read a chunk record by record.

    A quoted cell may span lines. Where a quotation mark is never closed, only the line that opened
    it is given up, and reading goes on with the next: nothing after it is swallowed.
    """
    found = Careful([], [], [], b"")
    # Converted here, because the limit is the module's and its default is too low.
    csv.field_size_limit(LONGEST_CELL)
    lines = chunk.data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    place = 0
    while place < len(lines):
        try:
            row, used = _record(lines, place, width=width, separator=separator, encoding=encoding)
        except Unclosed:
            if not chunk.is_last and _is_short(lines, place):
                return found._replace(left=b"\n".join(lines[place:]) + b"\n")
            row, used = _broken(found, chunk.first + place, lines[place], "quoting")
        except Broken as broken:
            row, used = _broken(found, chunk.first + place, lines[place], str(broken))
        if row:
            found.rows.append(row)
            found.lines.append(chunk.first + place)
        place += used
    return found


def _broken(found: Careful, number: int, line: bytes, reason: str) -> tuple[None, int]:
    found.bad.append(BadLine(number, reason, shown(line)))
    return None, 1


def _is_short(lines: list[bytes], place: int) -> bool:
    return len(lines) - place < LONGEST_RECORD_LINES and sum(map(len, lines[place:])) <= LONGEST_CELL


def _record(
    lines: list[bytes], place: int, *, width: int, separator: str, encoding: Encoding
) -> tuple[list[str] | None, int]:
    """The record that begins at a line, and how many lines it takes; no row for a blank line."""
    text = ""
    for used in range(1, min(LONGEST_RECORD_LINES, len(lines) - place) + 1):
        text += _decoded(lines[place + used - 1], encoding) + "\n"
        if len(text) > LONGEST_CELL and used > 1:
            raise Broken("quoting")
        try:
            row = _cells(text, separator)
        except Unclosed:
            continue
        if not row:
            return None, used
        if len(row) != width:
            raise Broken("ragged" if used == 1 else "quoting")
        if used > 2 and _swallowed(lines[place + 1 : place + used - 1], width, separator):
            raise Broken("quoting")
        return row, used
    raise Unclosed


def _decoded(line: bytes, encoding: Encoding) -> str:
    if b"\0" in line:
        raise Broken("nul")
    if len(line) > LONGEST_CELL:
        raise Broken("too_long")
    if not encoding.name.startswith("utf-16") and is_other(line, encoding):
        raise Broken("encoding")
    return line.decode(UTF8 if encoding.name.startswith("utf-16") else encoding.name).rstrip("\r")


def _cells(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True), [])
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise Unclosed from error
        raise Broken("too_long" if "field larger" in str(error) else "quoting") from error


def _swallowed(inner: list[bytes], width: int, separator: str) -> bool:
    """Whether a cell of several lines seems to have swallowed whole rows: a mark was opened and closed far apart."""
    return width > 2 and any(line.count(separator.encode()) == width - 1 for line in inner)
