"""A part of a reduced form: who did it on which days, and how often, in one stretch of the log; a pair of files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

import tenure
from regulars.insights import stretches
from regulars.kernel.tail import Position

_SUFFIX = "days"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Of facts after < fact ≤ upto: days by customer, and counts[i] facts of customers[i], which ascend."""

    after: Position
    upto: Position
    days: tenure.Days
    customers: np.ndarray
    counts: np.ndarray

    @property
    def size(self) -> int:
        """Customer-days."""
        return len(self.days.days)

    def join(self, later: "Part") -> "Part":
        """Both, where the other begins with the end of this."""
        whole = self.days.merge(later.days).whole
        counts = np.zeros(len(whole), np.int64)
        for side in (self, later):  # whoever has a fact has a day, and nobody stands twice on a side
            counts[np.searchsorted(whole.customers, side.customers)] += side.counts
        return Part(self.after, later.upto, tenure.Days.of((whole,), zone=self.days.zone), whole.customers, counts)


def load(folder: Path, name: str, *, known: Iterable[Part] = ()) -> tuple[Part, ...]:
    """What is on disk; parts somebody holds in memory already are taken from there."""
    return stretches.load(folder, name, _SUFFIX, _read, known=known)


def save(folder: Path, name: str, parts: tuple[Part, ...]) -> None:
    """Write what is not there yet."""
    stretches.save(folder, name, _SUFFIX, parts, _write)


def _read(path: Path, after: Position, upto: Position) -> Part | None:
    try:
        counted = pa.ipc.open_file(pa.memory_map(str(path.with_suffix(".counts")))).read_all()
        columns = [counted[column].combine_chunks().to_numpy() for column in ("customer", "count")]
        return Part(after, upto, tenure.Days.load(path), *columns)
    except (OSError, pa.ArrowInvalid, tenure.TenureError):
        return None


def _write(path: Path, part: Part) -> None:
    """The days go last: where they are, their counts are too."""
    table = pa.table({"customer": part.customers, "count": part.counts})
    beside = path.with_suffix(".writing")
    with pa.ipc.new_file(str(beside), table.schema) as writer:
        writer.write_table(table)
    beside.rename(path.with_suffix(".counts"))
    part.days.save(path)
