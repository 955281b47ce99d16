"""Rows that were not imported, kept in files a person can open, mend and import again."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from regulars.customers.importing.reading import BadLine
from regulars.customers.importing.reasons import REASONS
from regulars.kernel.spreadsheets import harmless_column

HEADING = ("line", "reason", "remedy", "column")


class RejectedFile:
    """One part of the report; parts are written anew when their batch is done again, never added to."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._fresh = path.with_name(path.name + ".new")
        self._file = self._fresh.open("wb")
        self.counts: dict[str, int] = {}

    def rows(self, reason: str, column: str, lines: pa.Array, cells: Mapping[str, pa.Array]) -> None:
        """Refused rows with the cells they had."""
        if not len(lines):
            return
        self._count(reason, len(lines))
        said = REASONS[reason]
        same = [pa.repeat(str(value), len(lines)) for value in (said.sentence, said.remedy, column)]
        columns = [
            lines.cast(pa.string()),
            *same,
            *(harmless_column(cell, keeps_numbers=True) for cell in cells.values()),
        ]
        names = [str(place) for place in range(len(columns))]
        table = pa.table(dict(zip(names, columns, strict=True)))
        arrow_csv.write_csv(table, self._file, arrow_csv.WriteOptions(include_header=False))

    def lines(self, bad: Sequence[BadLine]) -> None:
        """Lines that could not be split into cells: their text stands in the first cell."""
        for line in bad:
            said = REASONS[line.reason]
            self._count(line.reason, 1)
            cells = [str(line.line), str(said.sentence), str(said.remedy), "", line.text]
            texts = harmless_column(pa.array(cells[4:], pa.string()), keeps_numbers=True).to_pylist()
            self._file.write(_csv_line([*cells[:4], *texts]))

    def close(self) -> None:
        """Put the part in its place, whole."""
        self._file.close()
        self._fresh.rename(self._path)

    def _count(self, reason: str, count: int) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + count


def gather(parts: Sequence[Path], target: Path, *, columns: Sequence[str]) -> None:
    """One file with a heading out of all the parts, in their order."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    with fresh.open("wb") as file:
        file.write(_csv_line([*HEADING, *harmless_column(pa.array(list(columns), pa.string())).to_pylist()]))
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, file)
    fresh.rename(target)


def _csv_line(cells: Sequence[str]) -> bytes:
    class Line:
        text = ""

        def write(self, text: str) -> int:
            self.text = text
            return len(text)

    line = Line()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return line.text.encode("utf-8", "replace")
