"""CSV, TSV and their kin: fast where a chunk is plain, careful line by line where it is not."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from regulars.customers.importing.errors import CannotRead
from regulars.customers.importing.reading.batches import BadLine, Batch, unique_names
from regulars.customers.importing.reading.careful import careful_rows
from regulars.customers.importing.reading.encodings import UTF8, Encoding, as_utf8
from regulars.customers.importing.reading.lines import LONGEST_CELL, Chunk, Chunks
from regulars.customers.importing.reading.streams import Pieces
from regulars.kernel.spreadsheets import as_it_was

SEPARATORS = (",", "\t", ";", "|")


class DelimitedReader:
    """A text file with a heading and a separator."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._path = path
        self._encoding = encoding
        head = _head(path, encoding)
        self.separator = sniff_separator(head)
        self.columns, self._heading_lines = _heading(head, self.separator)

    def batches(self) -> Iterator[Batch]:
        """Every row once; broken ones stand in `bad` with their line."""
        pieces = Pieces(self._path)
        chunks = Chunks(as_utf8(pieces, self._encoding))
        is_first = True
        last = 0
        for chunk in chunks:
            last = chunk.first + chunk.data.count(b"\n")
            rest = _without_lines(chunk, self._heading_lines) if is_first else chunk
            is_first = False
            if chunk.is_last and pieces.is_damaged:
                break  # what the break cut off may look whole, such as a number without its last digits
            batch = self._fast(rest) or self._careful(rest, chunks)
            yield batch._replace(bad=[*chunks.bad, *batch.bad], done=pieces.done)
            chunks.bad.clear()
        bad = [*chunks.bad, *([BadLine(last, "damaged", "")] if pieces.is_damaged else [])]
        if bad:
            yield Batch({name: pa.array([], pa.string()) for name in self.columns}, np.zeros(0, np.int64), bad, 1.0)

    def _fast(self, chunk: Chunk) -> Batch | None:
        """Parse a chunk in which each line is a row; None when anything at all is odd."""
        data = chunk.data
        if b"\0" in data or data.count(b'"') % 2 or self._encoding.is_mixed:
            return None
        if not data.isascii():
            try:
                text = data.decode(self._encoding.name if not self._encoding.name.startswith("utf-16") else UTF8)
            except UnicodeDecodeError:
                return None
            data = data if self._encoding.name != "cp1252" else text.encode()
        lines = _full_lines(data, chunk.first)
        if lines is None:
            return None
        table = self._parse(data)
        if table is None or table.num_rows != len(lines):
            return None
        columns = {name: as_it_was(table.column(name).combine_chunks()) for name in self.columns}
        return Batch(columns, lines, (), 0.0)

    def _parse(self, data: bytes) -> pa.Table | None:
        if not data.strip():
            return pa.table({name: pa.array([], pa.string()) for name in self.columns})
        try:
            return arrow_csv.read_csv(
                pa.BufferReader(data),
                read_options=arrow_csv.ReadOptions(
                    column_names=list(self.columns), use_threads=False, block_size=len(data) + 1
                ),
                parse_options=arrow_csv.ParseOptions(delimiter=self.separator),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(self.columns, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                    quoted_strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None

    def _careful(self, chunk: Chunk, chunks: Chunks) -> Batch:
        rows, lines, bad, left = careful_rows(
            chunk, width=len(self.columns), separator=self.separator, encoding=self._encoding
        )
        if left:
            chunks.give_back(left)
        cells = list(zip(*rows, strict=True)) if rows else [()] * len(self.columns)
        columns = {
            name: as_it_was(pa.array([cell or None for cell in column], pa.string()))
            for name, column in zip(self.columns, cells, strict=True)
        }
        return Batch(columns, np.array(lines, np.int64), bad, 0.0)


def sniff_separator(head: str) -> str:
    """The separator that splits the first lines into the same number of cells, and the most of them.

    One that does so with every line, the heading too, is believed before one that stands in the cells alone.
    """
    lines = head.splitlines()[:200]
    best, best_score = ",", (False, 0.0)
    for separator in SEPARATORS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if row)
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        share = count / max(1, sum(widths.values())) if width > 1 else 0.0
        score = (share == 1.0, share * min(width, 8))
        if score > best_score:
            best, best_score = separator, score
    return best


def _head(path: Path, encoding: Encoding) -> str:
    for piece in as_utf8(Pieces(path, size=1 << 16), encoding):
        return piece.decode(UTF8 if encoding.name.startswith("utf-16") else encoding.name, "replace").replace("\0", "")
    return ""


def _heading(head: str, separator: str) -> tuple[tuple[str, ...], int]:
    """The names of the columns, and how many lines they take (blank lines before them included)."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    for row in reader:
        if any(cell.strip() for cell in row):
            _refuse_data(row)
            return unique_names(row), reader.line_num
    raise CannotRead("The file is empty.")


def _refuse_data(row: list[str]) -> None:
    cells = [cell.strip() for cell in row if cell.strip()]
    if cells and not any(any(letter.isalpha() for letter in cell) for cell in cells):
        raise CannotRead("The first line holds no names. Put a line with the names of the columns before the rows.")


def _without_lines(chunk: Chunk, count: int) -> Chunk:
    rest = chunk.data.split(b"\n", count)
    return Chunk(rest[count] if len(rest) > count else b"", chunk.first + count, chunk.is_last)


def _full_lines(data: bytes, first: int) -> NDArray[np.int64] | None:
    """The numbers of the lines that are not blank; None when one is so long that it needs care."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    if data and not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    lengths = ends - starts
    if len(lengths) and int(lengths.max()) > LONGEST_CELL:
        return None
    is_blank = lengths == 0
    for place in np.flatnonzero(lengths == 1):
        is_blank[place] = data[starts[place]] == 13
    return (np.flatnonzero(~is_blank) + first).astype(np.int64)
