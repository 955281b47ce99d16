"""Sufficient statistics: customers with the same history are one row with a weight, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_FEW: Final = 256
_PLACES: Final = np.array([[0, 1, 2, 3], [1, 4, 5, 6], [2, 5, 7, 8], [3, 6, 8, 9]])


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Distinct rows (x, t, T) with their weights; `levels[k]` are the distinct x and `tally[k]` their weights.

    `more[j]` is the weight of the rows with x > j, j from 0 to the largest x.
    """

    x: NDArray[np.float64]
    t: NDArray[np.float64]
    T: NDArray[np.float64]
    weight: NDArray[np.float64]
    levels: NDArray[np.float64]
    tally: NDArray[np.float64]
    total: float
    more: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.x)

    def some(self, count: int, *, seed: int = 1) -> Rows:
        """A random part of them, to try starting points on."""
        if len(self) <= count:
            return self
        rows = np.sort(np.random.default_rng(seed).choice(len(self), count, replace=False))
        return with_levels(self.x[rows], self.t[rows], self.T[rows], self.weight[rows])


def distinct_rows(x: Any, t: Any, T: Any, weight: Any) -> Rows:
    """Rows of float64 columns, equal ones counted once where many are equal."""
    x, t, T = (np.ascontiguousarray(column, np.float64) for column in (x, t, T))
    counts = None if weight is None else np.ascontiguousarray(weight, np.int64)
    place, tally = _places((x, t, T), counts)
    if place is None:
        return with_levels(x, t, T, np.ones(len(x)) if counts is None else counts.astype(np.float64))
    return with_levels(x[place], t[place], T[place], tally.astype(np.float64))


def with_levels(x: Any, t: Any, T: Any, weight: Any) -> Rows:
    """The rows and the weight of each distinct x."""
    whole = x.astype(np.int64)
    counted = np.bincount(whole, weight).astype(np.float64)
    levels = np.flatnonzero(counted)
    more = np.cumsum(counted[::-1])[::-1][1:].copy()
    return Rows(x, t, T, weight, levels.astype(np.float64), counted[levels], float(weight.sum()), more)


def symmetric(upper: NDArray[np.float64]) -> NDArray[np.float64]:
    """A 4 × 4 matrix from its upper half, row by row."""
    return upper[_PLACES]


def _places(columns: Any, counts: Any) -> tuple[Any, Any]:
    n = len(columns[0])
    if n < _FEW:
        return None, None
    from tenure.value._kernels.rows import count_rows

    size = 1 << int(2 * n - 1).bit_length()
    table, place, tally = np.full(size, -1, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    a, b, c = ((column + 0.0).view(np.int64) for column in columns)
    groups = count_rows(a, b, c, np.zeros(0, np.int64) if counts is None else counts, table, place, tally)
    return (None, None) if groups < 0 else (place[:groups], tally[:groups])
