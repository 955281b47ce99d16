"""Whole lines out of pieces of bytes, with a bound on how much is ever held."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regulars.customers.importing.reading.batches import BadLine, shown

LONGEST_CELL = 1_000_000
LONGEST_LINE = 8 << 20


class Chunk(NamedTuple):
    """Bytes that begin at a line's start and end with a line's end; `first` is the first line's number."""

    data: bytes
    first: int
    is_last: bool


class Chunks:
    """Cut pieces at line ends. Lines longer than `LONGEST_LINE` are dropped and stand in `bad`.

    A reader that could not finish a record at the end of a chunk gives it back with `give_back`.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.bad: list[BadLine] = []
        self._pieces = iter(pieces)
        self._left = b""
        self._line = 1
        self._ends_with_return: bool | None = None

    def __iter__(self) -> Iterator[Chunk]:
        for piece in self._pieces:
            data = self._left + self._with_newlines(piece)
            end = data.rfind(b"\n") + 1
            if end:
                self._left = data[end:]
                yield self._chunk(data[:end], is_last=False)
            else:
                self._left = data
            if len(self._left) > LONGEST_LINE:
                self._skip_line()
        if self._left:
            last, self._left = self._left, b""
            yield self._chunk(last, is_last=True)

    def give_back(self, data: bytes) -> None:
        """Put an unfinished record before what comes next."""
        self._left = data + self._left
        self._line -= data.count(b"\n")

    def _chunk(self, data: bytes, *, is_last: bool) -> Chunk:
        first = self._line
        self._line += data.count(b"\n")
        return Chunk(data, first, is_last)

    def _with_newlines(self, piece: bytes) -> bytes:
        """Files of old Macs end their lines with a carriage return alone."""
        if self._ends_with_return is None:
            self._ends_with_return = b"\r" in piece and b"\n" not in piece
        return piece.replace(b"\r", b"\n") if self._ends_with_return else piece

    def _skip_line(self) -> None:
        self.bad.append(BadLine(self._line, "too_long", shown(self._left)))
        self._left = b""
        for piece in self._pieces:
            _, newline, rest = self._with_newlines(piece).partition(b"\n")
            if newline:
                self._left = rest
                break
        self._line += 1
