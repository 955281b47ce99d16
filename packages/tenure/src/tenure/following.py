"""From births and returns to counts: rows of (segment, cohort), periods 0..P, and who was at risk in each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.days import Runs
from tenure.kinds import Kind

_STEPS = {"full": 1, "classic": 2, "rolling": 3, "return": 4, "bracket": 5}
_FOREVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stretches of following: one per birth, or several where a customer changes segment on the way.

    `customer` points into the runs of returns (-1: never returned at all); `base` is the period that is N = 0;
    N runs from `low` to `high`, both included; `limit` is the last N that has ended for this customer;
    `is_born` marks the piece that holds N = 0.
    """

    customer: NDArray[np.int64]
    base: NDArray[np.int32]
    cohort: NDArray[np.int32]
    segment: NDArray[np.int64]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    limit: NDArray[np.int32]
    is_born: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """cohort[R] and segment[R] name the rows; at_risk and each kind's retained are int64[R, P + 1].

    `followed` is the last N that has ended for every customer of the row.
    """

    cohort: NDArray[np.int32]
    segment: NDArray[np.int64]
    sizes: NDArray[np.int64]
    at_risk: NDArray[np.int64]
    retained: dict[Kind, NDArray[np.int64]]
    followed: NDArray[np.int32]


def whole_pieces(customer: Any, base: Any, limit: Any, *, cohort: Any = None, segment: Any = None) -> Pieces:
    """One piece per birth, from N = 1 as far as it has been followed."""
    count = len(base)
    codes = np.zeros(count, np.int64) if segment is None else segment
    ones = np.ones(count, np.int32)
    return Pieces(customer, base, base if cohort is None else cohort, codes, ones, limit, limit, ones.astype(bool))


def count(
    pieces: Pieces,
    runs: Runs,
    *,
    periods: int,
    kinds: tuple[Kind, ...],
    starts: NDArray[np.int32],
    follow_up: int | None,
) -> Counts:
    """Count every kind in one pass over the returns."""
    keys, row = rows_of(pieces)
    steps = np.zeros((6, len(keys), periods + 2), np.int64)
    _run(pieces, runs, row, bracket_reach(starts), _FOREVER if follow_up is None else follow_up, steps)
    sizes = np.bincount(row[pieces.is_born], minlength=len(keys)).astype(np.int64)
    followed = np.full(len(keys), _FOREVER, np.int32)
    np.minimum.at(followed, row, pieces.limit)
    at_risk, retained = _summed(steps, sizes, starts, kinds)
    return Counts((keys % 2**32 - 2**31).astype(np.int32), keys >> 32, sizes, at_risk, retained, followed)


def rows_of(pieces: Pieces) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows, ascending by segment and cohort, packed in one number each; and each piece's row."""
    packed = (pieces.segment << 32) | (pieces.cohort.astype(np.int64) + 2**31)
    return np.unique(packed, return_inverse=True)


def bracket_reach(starts: NDArray[np.int32]) -> NDArray[np.int32]:
    """For each p, the last N whose bracket M..N has M ≤ p; p − 1 where there is none (M never shrinks)."""
    horizon = len(starts) - 1
    none = np.arange(-1, horizon, dtype=np.int32)
    reach = none.copy()
    for n in range(1, horizon + 1):
        if starts[n]:
            reach[starts[n] :] = n
    return np.maximum(reach, none)


def _summed(
    steps: NDArray[np.int64], sizes: NDArray[np.int64], starts: NDArray[np.int32], kinds: tuple[Kind, ...]
) -> tuple[NDArray[np.int64], dict[Kind, NDArray[np.int64]]]:
    """Differences along N made into counts; period 0 is everybody, for every kind."""
    counts = steps[:, :, :-1]
    for plane in (0, 1, 3, 4, 5):
        np.cumsum(counts[plane], axis=1, out=counts[plane])
    counts[:, :, 0] = sizes
    counts[5][:, 1:][:, starts[1:] == 0] = 0
    return counts[0], {kind: counts[_STEPS[kind]] for kind in kinds}


def _run(
    pieces: Pieces, runs: Runs, row: NDArray[np.int64], reach: NDArray[np.int32], last: int, steps: NDArray[np.int64]
) -> None:
    """Rows are independent, so each thread takes a stretch of them."""
    from tenure._kernels.counting import count_pieces
    from tenure.sharing import share

    run: Any = count_pieces
    order = np.argsort(row, kind="stable")
    high = np.minimum(pieces.high, steps.shape[2] - 2).astype(np.int32)
    columns = [np.ascontiguousarray(column[order]) for column in (pieces.customer, pieces.base, row, pieces.low, high)]

    def some(first: int, end: int) -> None:
        run(first, end, *columns, runs.offsets, runs.values, reach, last, steps)

    share(some, _cuts(row[order]))


def _cuts(row: NDArray[np.int64], parts: int = 16) -> list[tuple[int, int]]:
    """Stretches of pieces of about equal length that never split a row."""
    edges = np.linspace(0, len(row), parts + 1).astype(np.int64)[1:-1]
    inner = np.searchsorted(row, row[edges]) if len(row) else edges
    marks = np.unique(np.concatenate([[0], inner, [len(row)]]))
    return [(int(a), int(b)) for a, b in itertools.pairwise(marks)]
