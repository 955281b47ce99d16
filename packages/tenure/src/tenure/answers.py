"""Counts made into a Retention: the last step, the same for facts and for days."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenure.asking import Choices
from tenure.days import Runs
from tenure.following import Pieces, count
from tenure.periods import first_day
from tenure.results import Retention


def answered(
    pieces: Pieces,
    runs: Runs,
    asked: Choices,
    *,
    words: tuple[str, str],
    as_of: str,
    segments: tuple[Any, ...] | None,
    notes: tuple[str, ...],
) -> Retention:
    """Count the pieces over the returns, and say what was asked."""
    periods, cut = asked.horizon(int(pieces.limit.max(initial=1)))
    starts = asked.starts(periods)
    counts = count(pieces, runs, periods=periods, kinds=asked.kinds, starts=starts, follow_up=asked.follow_up)
    return Retention(
        question=asked.asked(begin=words[0], back=words[1], as_of=as_of, periods=periods),
        cohorts=frozen(first_day(counts.cohort, asked.cohort_unit).astype("datetime64[D]")),
        segments=None if segments is None else tuple(segments[code] for code in counts.segment),
        sizes=frozen(counts.sizes),
        at_risk=frozen(counts.at_risk),
        retained={kind: frozen(column) for kind, column in counts.retained.items()},
        bracket_starts=frozen(starts),
        followed=frozen(counts.followed),
        notes=notes + cut,
    )


def frozen(column: Any) -> Any:
    """The same array, no longer writable."""
    column = np.ascontiguousarray(column)
    column.flags.writeable = False
    return column
