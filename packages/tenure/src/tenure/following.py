"""From births and returns to counts: rows of (segment, cohort), periods 0..P, and who was at risk in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.days import Runs
from tenure.kinds import Kind

_STEPS = {"full": 1, "classic": 2, "rolling": 3, "return": 4, "bracket": 5}


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stretches of following: one per birth, or several where a customer changes segment on the way.

    `customer` points into the runs of returns (-1: never returned at all); `base` is the period that is N = 0;
    N runs from `low` to `high`, both included; `is_born` marks the piece that holds N = 0.
    """

    customer: NDArray[np.int64]
    base: NDArray[np.int32]
    cohort: NDArray[np.int32]
    segment: NDArray[np.int64]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    is_born: NDArray[np.bool_]
    follow_up_ended: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """cohort[R] and segment[R] name the rows; at_risk and each kind's retained are int64[R, P + 1]."""

    cohort: NDArray[np.int32]
    segment: NDArray[np.int64]
    sizes: NDArray[np.int64]
    at_risk: NDArray[np.int64]
    retained: dict[Kind, NDArray[np.int64]]
    is_followed_up: NDArray[np.bool_]


def count(pieces: Pieces, runs: Runs, *, periods: int, kinds: tuple[Kind, ...], starts: NDArray[np.int32], follow_up: int | None) -> Counts:
    """Count every kind in one pass over the returns."""
    keys, row = rows_of(pieces)
    order = np.argsort(row, kind="stable")
    steps = np.zeros((6, len(keys), periods + 2), np.int64)
    reach = bracket_reach(starts)
    _run(pieces, runs, row, order, reach, follow_up, periods, steps)
    counts = steps[:, :, : periods + 1]
    for kind in (0, 1, 3, 4, 5):
        np.cumsum(counts[kind], axis=1, out=counts[kind])
    sizes = np.bincount(row[pieces.is_born], minlength=len(keys)).astype(np.int64)
    counts[:, :, 0] = sizes
    counts[5, :, 1:][:, starts[1:] == 0] = 0
    ended = _all_ended(pieces.follow_up_ended, row, len(keys))
    return Counts(
        (keys & 0xFFFFFFFF).astype(np.uint32).view(np.int32) ^ np.int32(-(2**31)),
        keys >> 32,
        sizes,
        counts[0],
        {kind: counts[_STEPS[kind]] for kind in kinds},
        ended,
    )


def rows_of(pieces: Pieces) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows, ascending by segment and cohort, packed in one number each; and each piece's row."""
    packed = (pieces.segment << 32) | (pieces.cohort.astype(np.int64) + 2**31)
    return np.unique(packed, return_inverse=True)


def bracket_reach(starts: NDArray[np.int32]) -> NDArray[np.int32]:
    """For each p, the last N whose bracket M..N has M ≤ p; p − 1 where there is none (M never shrinks)."""
    horizon = len(starts) - 1
    reach = np.arange(-1, horizon, dtype=np.int32)
    for n in range(1, horizon + 1):
        if starts[n]:
            reach[starts[n] :] = n
    return np.maximum(reach, np.arange(-1, horizon, dtype=np.int32))


def _run(
    pieces: Pieces, runs: Runs, row: Any, order: Any, reach: Any, follow_up: int | None, periods: int, steps: Any
) -> None:
    from tenure._kernels.counting import count_pieces

    high = np.minimum(pieces.high, periods).astype(np.int32)
    columns = [np.ascontiguousarray(column[order]) for column in (pieces.customer, pieces.base, row, pieces.low, high)]
    last = np.iinfo(np.int32).max if follow_up is None else follow_up
    count_pieces(0, len(order), *columns, runs.offsets, runs.values, reach, last, steps)


def _all_ended(ended: NDArray[np.bool_] | None, row: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    if ended is None:
        return np.zeros(count, bool)
    return np.bincount(row[~ended], minlength=count) == 0
