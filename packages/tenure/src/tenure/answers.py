"""Counts made into a Retention: the last step, the same for facts and for days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenure import following
from tenure.asking import Choices
from tenure.days import Runs
from tenure.following import Counts, Pieces
from tenure.periods import first_day
from tenure.results import Retention


@dataclass(frozen=True, slots=True)
class Told:
    """What the answer says besides its numbers."""

    begin: str
    back: str
    as_of: str
    segments: tuple[Any, ...] | None = None
    notes: tuple[str, ...] = ()


def from_pieces(pieces: Pieces, runs: Runs, asked: Choices, told: Told) -> Retention:
    """Count the pieces over the returns."""
    periods, cut = asked.horizon(int(pieces.limit.max(initial=1)))
    starts = asked.starts(periods)
    counts = following.count(pieces, runs, periods=periods, kinds=asked.kinds, starts=starts, follow_up=asked.follow_up)
    return answered(counts, starts, asked, told, notes=cut)


def answered(counts: Counts, starts: Any, asked: Choices, told: Told, *, notes: tuple[str, ...] = ()) -> Retention:
    """The frozen answer."""
    return Retention(
        question=asked.asked(begin=told.begin, back=told.back, as_of=told.as_of, periods=len(starts) - 1),
        cohorts=frozen(first_day(counts.cohort, asked.cohort_unit).astype("datetime64[D]")),
        segments=None if told.segments is None else tuple(told.segments[code] for code in counts.segment),
        sizes=frozen(counts.sizes),
        at_risk=frozen(counts.at_risk),
        retained={kind: frozen(column) for kind, column in counts.retained.items()},
        bracket_starts=frozen(starts),
        followed=frozen(counts.followed),
        notes=told.notes + notes,
    )


def frozen(column: Any) -> Any:
    """The same array, no longer writable."""
    column = np.ascontiguousarray(column)
    column.flags.writeable = False
    return column
