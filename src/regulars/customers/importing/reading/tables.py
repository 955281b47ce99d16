"""Parquet and Excel: files that know their columns."""

import datetime
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from regulars.customers.importing.errors import CannotRead
from regulars.customers.importing.reading.batches import Batch, unique_names
from regulars.kernel.arrow import pc

ROWS = 131_072
Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


class ParquetReader:
    """A Parquet file, read in batches; `lines` are rows, counted from 1."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path, pre_buffer=False)
        except (pa.ArrowInvalid, OSError) as error:
            raise CannotRead("The file says it is Parquet, but cannot be read as such. Export it again.") from error
        self.columns = unique_names(self._file.schema_arrow.names)
        self.rows = self._file.metadata.num_rows

    def batches(self) -> Iterator[Batch]:
        """Typed columns as they are; lists and structures become JSON text."""
        row = 1
        for batch in self._batches():
            lines = np.arange(row, row + batch.num_rows, dtype=np.int64)
            row += batch.num_rows
            columns = {name: _plain(column) for name, column in zip(self.columns, batch.columns, strict=True)}
            yield Batch(columns, lines, (), min(1.0, row / max(1, self.rows)))

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._file.iter_batches(batch_size=ROWS, use_threads=False)
        except (pa.ArrowInvalid, OSError) as error:
            raise CannotRead("The Parquet file is damaged. Export it again; nothing was imported.") from error


class ExcelReader:
    """The first sheet of a workbook with anything in it; `lines` are the sheet's own row numbers.

    `unread` names the other sheets that hold rows.
    """

    def __init__(self, path: Path) -> None:
        try:
            book = CalamineWorkbook.from_path(str(path))
            sheets = [book.get_sheet_by_index(number) for number in range(len(book.sheet_names))]
        except (CalamineError, OSError) as error:
            raise CannotRead("The workbook cannot be read. Save it again as .xlsx without a password.") from error
        self._sheet = next((sheet for sheet in sheets if sheet.height), None)
        if self._sheet is None:
            raise CannotRead("The workbook is empty.")
        self.rows = self._sheet.height
        self.unread = tuple(sheet.name for sheet in sheets if sheet.height and sheet is not self._sheet)
        rows = self._sheet.iter_rows()
        self._first = self._sheet.start[0] + 2 if self._sheet.start else 2
        self.columns = unique_names([_cell(cell) or "" for cell in next(iter(rows))])

    def batches(self) -> Iterator[Batch]:
        """Cells as text: dates in ISO form, numbers with the shortest digits that mean the same."""
        assert self._sheet is not None
        rows = iter(self._sheet.iter_rows())
        next(rows, None)
        pending: list[tuple[int, Sequence[Cell]]] = []
        for number, row in enumerate(rows, start=self._first):
            if any(cell != "" for cell in row):
                pending.append((number, row))
            if len(pending) >= ROWS:
                yield self._batch(pending, number)
                pending = []
        if pending:
            yield self._batch(pending, self.rows)

    def _batch(self, numbered: list[tuple[int, Sequence[Cell]]], upto: int) -> Batch:
        cells = zip(*(row for _, row in numbered), strict=True)
        columns = {
            name: pa.array([_cell(cell) for cell in column], pa.string())
            for name, column in zip(self.columns, cells, strict=True)
        }
        lines = np.array([number for number, _ in numbered], np.int64)
        return Batch(columns, lines, (), min(1.0, upto / max(1, self.rows)))


def _cell(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell.isoformat()
    return str(cell).replace("\0", "") or None


def _plain(column: pa.Array) -> pa.Array:
    """Dictionaries are spread out, text is text, nested values are JSON; numbers and times stay."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.dictionary_decode())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array([None if item is None else item.decode("utf-8", "replace") for item in column.to_pylist()])
    if pa.types.is_nested(kind):
        texts = [None if item is None else json.dumps(item, default=str) for item in column.to_pylist()]
        return pa.array(texts, pa.string())
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    return pc.cast(column, pa.string()) if pa.types.is_null(kind) else column
