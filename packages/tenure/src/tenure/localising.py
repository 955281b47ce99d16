"""The local day, week, month, quarter or year of each moment, by integer tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import zones
from tenure.periods import period_of
from tenure.sharing import even, gather, share, threads

_SHIFT: Final = 36  # buckets of 2**36 µs, about 19 hours: shorter than the shortest day
_FEW: Final = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """At most one change per bucket of 2**shift µs, and always to the next number.

    entry[b] is the number, shifted, and how far the bucket's end lies behind its change (0: none): a moment's
    number is what is left of entry[b] and its way into bucket b, added and shifted back.
    """

    base: int
    entry: NDArray[np.int64]
    shift: int = _SHIFT


def local_days(moments: NDArray[np.int64], *, zone: str) -> NDArray[np.int32]:
    """Days since 1970-01-01 on the clocks of `zone`, for moments in µs UTC."""
    return local_numbers(moments, zone=zone, period="day")


def local_numbers(moments: NDArray[np.int64], *, zone: str, period: str) -> NDArray[np.int32]:
    """The number of the period (see `periods.period_of`) that holds each moment."""
    if not len(moments):
        return np.zeros(0, np.int32)
    first, last = extent(moments)
    changes, numbers = changes_of(zone, period, first=first, last=last)
    if len(moments) < _FEW:
        return numbers[np.searchsorted(changes, moments, side="right") - 1]
    return _compiled(moments, changes, numbers, first=first, last=last)


def changes_of(zone: str, period: str, *, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The moments from `first` to `last` at which the period's number changes, and the number from then on."""
    table = zones.zone(zone, first=first, last=last)
    moments, days = table.date_changes(first // zones.DAY - 2, last // zones.DAY + 2)
    numbers = period_of(days, period)
    keep = np.ones(len(numbers), bool)
    keep[1:] = numbers[1:] != numbers[:-1]
    return moments[keep], numbers[keep]


def buckets(changes: NDArray[np.int64], numbers: NDArray[np.int32], *, first: int, last: int) -> Buckets | None:
    """The same by buckets; None where a date went to and fro, or was skipped."""
    base, end = first >> _SHIFT, (last >> _SHIFT) + 1
    edges = np.arange(base, end + 1, dtype=np.int64) << _SHIFT
    at = np.searchsorted(changes, edges, side="left")
    inside = np.diff(at)
    before, after = numbers[np.maximum(at[:-1] - 1, 0)], numbers[at[1:] - 1]
    if (inside > 1).any() or (after - before != inside).any():
        return None
    behind = np.where(inside == 1, edges[1:] - changes[np.minimum(at[:-1], len(changes) - 1)], 0)
    return Buckets(base, (before.astype(np.int64) << _SHIFT) + behind)


def extent(moments: NDArray[np.integer[Any]]) -> tuple[int, int]:
    """The least and the greatest moment, each stretch read once."""
    if len(moments) < _FEW:
        return int(moments.min()), int(moments.max())
    from tenure._kernels.calendar import ends_of_moments

    found = gather(lambda a, b: ends_of_moments(a, b, moments), even(len(moments), 2 * threads()))
    return int(min(low for low, _ in found)), int(max(high for _, high in found))


def _compiled(
    moments: NDArray[np.int64], changes: NDArray[np.int64], numbers: NDArray[np.int32], *, first: int, last: int
) -> NDArray[np.int32]:
    from tenure._kernels.calendar import numbers_by_bucket, numbers_by_search

    out, table = np.empty(len(moments), np.int32), buckets(changes, numbers, first=first, last=last)

    def some(a: int, b: int) -> None:
        if table is None:
            numbers_by_search(a, b, moments, changes, numbers, out)
        else:
            numbers_by_bucket(a, b, moments, table.shift, table.base, table.entry, out)

    share(some, even(len(moments), 4 * threads()))
    return out
