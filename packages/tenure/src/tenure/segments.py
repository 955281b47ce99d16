"""Breakdown as it was then: a customer counts in period N under the value last seen by the end of N."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.births import first_facts
from tenure.following import Pieces
from tenure.grouping import group

_HALF: Final = 2**31


def split_by_then(
    pieces: Pieces,
    codes: NDArray[np.int64],
    moments: NDArray[np.int64],
    stamps: NDArray[np.int32],
    labels: NDArray[np.int64],
    *,
    unknown: int,
    count: int,
) -> Pieces:
    """Each birth's piece cut where the value changes; before any value is known the segment is the unknown one."""
    from tenure._kernels.firsts import count_stretches, fill_stretches

    offsets, at, values = _history(codes, moments, stamps, labels, unknown=unknown, count=count)
    counts = np.zeros(len(pieces.base), np.int64)
    count_stretches(pieces.customer, pieces.base, pieces.high, offsets, at, counts)
    total = int(counts.sum())
    birth, label = np.zeros(total, np.int64), np.zeros(total, np.int64)
    low, high, is_born = np.zeros(total, np.int32), np.zeros(total, np.int32), np.zeros(total, bool)
    begin = np.cumsum(counts) - counts
    fill_stretches(
        pieces.customer, pieces.base, pieces.high, offsets, at, values, unknown, begin, birth, label, low, high, is_born
    )
    return Pieces(
        pieces.customer[birth], pieces.base[birth], pieces.cohort[birth], label, low, high, pieces.limit[birth], is_born
    )


def _history(codes: Any, moments: Any, stamps: Any, labels: Any, *, unknown: int, count: int) -> tuple[Any, Any, Any]:
    """Per customer, the periods in which a value was seen and the last value of each; nulls are passed over."""
    known = np.flatnonzero(labels != unknown)[::-1]  # backwards, so that the first of equal moments is the last told
    keys, places = group((codes[known] << 32) | (stamps[known].astype(np.int64) + _HALF))
    _, at = first_facts(places, -moments[known], None, count=len(keys))
    offsets = np.searchsorted(keys >> 32, np.arange(count + 1)).astype(np.int64)
    return offsets, (keys % (2 * _HALF) - _HALF).astype(np.int32), labels[known[at]]
