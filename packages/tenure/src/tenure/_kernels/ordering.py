"""Putting distinct numbers in order that lie about evenly: a few to a bucket by their height, each bucket sorted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.grouping import LONG
from tenure.compiling import njit

_NONE = np.uint64(0)


@njit(cache=True, nogil=True)
def order_of(keys: Any) -> Any:
    """What `np.argsort` says of a few keys of 64 bits."""
    bits = 1
    while (1 << bits) < len(keys):
        bits += 1
    ends, order = np.zeros(1 << bits, np.int64), np.empty(len(keys), np.int64)
    sizes_of_buckets(keys, _NONE, 64 - bits, ends)
    total = 0
    for b in range(len(ends)):
        total, ends[b] = total + ends[b], total
    bucketed(keys, _NONE, 64 - bits, ends, order)
    order_buckets(0, len(ends), ends, keys, order)
    return order


@njit(cache=True, nogil=True)
def bucketed(people: Any, low: int, shift: int, places: Any, order: Any) -> None:
    """Put the number of each customer into the bucket of their id; places[b] is where bucket b begins, later ends."""
    for i in range(len(people)):
        bucket = int64(uint64(people[i] - low) >> uint64(shift))
        order[places[bucket]] = i
        places[bucket] += 1


@njit(cache=True, nogil=True)
def sizes_of_buckets(people: Any, low: int, shift: int, sizes: Any) -> None:
    """How many customers each bucket has."""
    for i in range(len(people)):
        sizes[int64(uint64(people[i] - low) >> uint64(shift))] += 1


@njit(cache=True, nogil=True)
def order_buckets(first: int, last: int, ends: Any, people: Any, order: Any) -> None:
    """Sort within each bucket by id; ends[b] is where bucket b ends."""
    for b in range(first, last):
        begin = ends[b - 1] if b else 0
        mine = order[begin : ends[b]]
        if len(mine) > LONG:
            several = people[mine]
            sorted_ = mine[np.argsort(several)]
            for k in range(len(mine)):
                mine[k] = sorted_[k]
            continue
        for i in range(1, len(mine)):
            one, j = mine[i], i
            while j > 0 and people[mine[j - 1]] > people[one]:
                mine[j] = mine[j - 1]
                j -= 1
            mine[j] = one
