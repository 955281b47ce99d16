"""Parts of a reduced form: what one stretch of the log came to, in a pair of files that never changes.

New facts become a part of their own, and what lies there already is neither read nor written again. Only a part that
has grown to half of the one before it is joined with it. Files are named by the stretch they stand for; a form is a
row of parts that begins with the log, each beginning where the one before it ends, so a file that was left over, or
is not there yet, is never counted twice or forgotten.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

import tenure
from regulars.kernel.tail import START, Position


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Of facts after < fact ≤ upto: days by customer, and counts[i] facts of customers[i], which ascend."""

    after: Position
    upto: Position
    days: tenure.Days
    customers: np.ndarray
    counts: np.ndarray

    def join(self, later: "Part") -> "Part":
        """Both, where the other begins with the end of this."""
        whole = self.days.merge(later.days).whole
        counts = np.zeros(len(whole), np.int64)
        for side in (self, later):  # whoever has a fact has a day, and nobody stands twice on a side
            counts[np.searchsorted(whole.customers, side.customers)] += side.counts
        return Part(self.after, later.upto, tenure.Days.of((whole,), zone=self.days.zone), whole.customers, counts)


def reach(parts: tuple[Part, ...]) -> Position:
    """How far into the log they reach together."""
    return parts[-1].upto if parts else START


def settled(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same with the last ones joined, as long as each is at least half as large as the one before it."""
    kept = list(parts)
    while len(kept) > 1 and 2 * len(kept[-1].days.days) >= len(kept[-2].days.days):
        later = kept.pop()
        kept[-1] = kept[-1].join(later)
    return tuple(kept)


def load(folder: Path, name: str, *, known: Iterable[Part] = ()) -> tuple[Part, ...]:
    """What is on disk, as far as it can be read; parts somebody holds in memory already are taken from there."""
    at_hand = {(part.after, part.upto): part for part in known}
    ends: dict[Position, list[Position]] = defaultdict(list)
    for path in folder.glob(f"{name}.*.*.days"):
        after, upto = (_position(text) for text in path.name.split(".")[1:3])
        ends[after].append(upto)
    parts: list[Part] = []
    while (found := _next(folder, name, reach(tuple(parts)), ends, at_hand)) is not None:
        parts.append(found)
    return tuple(parts)


def save(folder: Path, name: str, parts: tuple[Part, ...]) -> None:
    """Write those that are not there yet, then remove what stands for the same stretches."""
    stems = {_stem(name, part.after, part.upto): part for part in parts}
    for stem, part in stems.items():
        if not (folder / f"{stem}.days").exists():
            _write(folder, stem, part)
    for path in [*folder.glob(f"{name}.*.days"), *folder.glob(f"{name}.*.counts")]:
        if path.name.rpartition(".")[0] not in stems:
            path.unlink(missing_ok=True)


def _next(
    folder: Path,
    name: str,
    after: Position,
    ends: dict[Position, list[Position]],
    at_hand: dict[tuple[Position, Position], Part],
) -> Part | None:
    """The part that goes on from a position, the longest that can be read."""
    for upto in sorted(ends[after], reverse=True):
        part = at_hand.get((after, upto)) or _read(folder, name, after, upto)
        if part is not None and upto > after:
            return part
    return None


def _read(folder: Path, name: str, after: Position, upto: Position) -> Part | None:
    path = folder / f"{_stem(name, after, upto)}.days"
    try:
        counted = pa.ipc.open_file(pa.memory_map(str(path.with_suffix(".counts")))).read_all()
        columns = [counted[column].combine_chunks().to_numpy() for column in ("customer", "count")]
        return Part(after, upto, tenure.Days.load(path), *columns)
    except (OSError, pa.ArrowInvalid, tenure.TenureError):
        return None


def _write(folder: Path, stem: str, part: Part) -> None:
    """The days go last: where they are, their counts are too."""
    table = pa.table({"customer": part.customers, "count": part.counts})
    beside = folder / f"{stem}.writing"
    with pa.ipc.new_file(str(beside), table.schema) as writer:
        writer.write_table(table)
    beside.rename(folder / f"{stem}.counts")
    part.days.save(folder / f"{stem}.days")


def _stem(name: str, after: Position, upto: Position) -> str:
    return f"{name}.{after}.{upto}"


def _position(text: str) -> Position:
    return Position(*map(int, text.split("-")))
