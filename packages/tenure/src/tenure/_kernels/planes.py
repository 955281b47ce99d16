"""Bit planes: per cohort and period one bit per customer, so that a machine word answers for 64 customers at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from tenure._kernels.bits import popcount
from tenure.compiling import njit

_ZERO, _ONE = np.uint64(0), np.uint64(1)
_CHUNK = 64


@njit(cache=True, nogil=True)
def cohort_sizes(first: Any, low: int, sizes: Any) -> None:
    """How many customers begin in each period; sizes[0] is period `low`."""
    for i in range(len(first)):
        sizes[first[i] - low] += 1


@njit(cache=True, nogil=True)
def by_cohort(masks: Any, first: Any, last: Any, low: int, horizon: int, places: Any, out: Any) -> None:
    """The masks in order of cohort; places[r] is where cohort r goes next.

    Bit 0, set in every mask, is put to use: it says whether the customer was seen later than the horizon.
    """
    for i in range(len(masks)):
        row = first[i] - low
        place = places[row]
        places[row] = place + 1
        out[place] = (masks[i] & ~_ONE) | uint64(last[i] - first[i] > horizon)


@njit(cache=True, nogil=True)
def planes_of_masks(first: int, last: int, begins: Any, masks: Any, starts: Any, horizon: int, planes: Any) -> None:
    """Rows first..last of planes from masks by cohort; masks[begins[r]:begins[r + 1]] are the customers of row r.

    64 masks at a time are turned on their side: bit n of each becomes one word of plane n.
    """
    some = np.empty(64, np.uint64)
    for r in range(first, last):
        width = starts[r + 1] - starts[r]
        block = starts[r] * (horizon + 1)
        for w in range(width):
            begin = begins[r] + 64 * w
            count = min(64, begins[r + 1] - begin)
            for k in range(64):
                some[k] = masks[begin + k] if k < count else _ZERO
            for n in range(1, horizon + 1):
                planes[block + (n - 1) * width + w] = _sideways(some, uint64(n))
            planes[block + horizon * width + w] = _sideways(some, _ZERO)


@njit(cache=True, nogil=True, inline="always")
def _sideways(words: Any, n: Any) -> Any:
    """Bit n of 64 words as one word."""
    found = _ZERO
    for k in range(64):
        found |= ((words[k] >> n) & _ONE) << uint64(k)
    return found


@njit(cache=True, nogil=True)
def planes_of_runs(
    first: int, last: int, order: Any, begins: Any, base: Any, customer: Any, offsets: Any, values: Any,
    starts: Any, horizon: int, follow_up: int, planes: Any,
) -> None:  # fmt: skip
    """The same from ascending periods per customer, for any horizon; base[i] is what counts as N = 0."""
    for r in range(first, last):
        width = starts[r + 1] - starts[r]
        block = starts[r] * (horizon + 1)
        for k in range(begins[r], begins[r + 1]):
            i, rank = order[k], k - begins[r]
            if customer[i] < 0:
                continue
            at, bit = block + (rank >> 6), _ONE << uint64(rank & 63)
            for j in range(offsets[customer[i]], offsets[customer[i] + 1]):
                n = values[j] - base[i]
                if n > horizon:
                    if n <= follow_up:
                        planes[at + horizon * width] |= bit
                    break
                if n >= 1:
                    planes[at + (n - 1) * width] |= bit


@njit(cache=True, nogil=True)
def count_planes(
    first: int, last: int, starts: Any, limits: Any, horizon: int, bracket: Any, planes: Any, counts: Any
) -> None:
    """counts[k, r, N] for rows first..last and N = 1..limits[r]: full, classic, rolling, return, bracket."""
    full, some, fresh = np.empty(_CHUNK, np.uint64), np.empty(_CHUNK, np.uint64), np.empty(_CHUNK, np.uint64)
    behind = np.empty((horizon + 2, _CHUNK), np.uint64)
    for r in range(first, last):
        width, top = starts[r + 1] - starts[r], min(limits[r], horizon)
        for begin in range(0, width, _CHUNK):
            size = min(_CHUNK, width - begin)
            block = starts[r] * (horizon + 1) + begin
            _rolling(planes, block, width, size, horizon, top, some, counts[2, r])
            _forward(planes, block, width, size, top, full, some, counts[0, r], counts[1, r], counts[3, r])
            _bracket(planes, block, width, size, top, bracket, behind, fresh, counts[4, r])


@njit(cache=True, nogil=True)
def _rolling(planes: Any, block: int, width: int, size: int, horizon: int, top: int, some: Any, rolling: Any) -> None:
    """In N or any later period: from the end towards the beginning."""
    some.fill(_ZERO)
    for n in range(horizon + 1, 0, -1):
        plane = planes[block + (n - 1) * width : block + (n - 1) * width + size]
        total = np.uint64(0)
        for k in range(size):
            some[k] |= plane[k]
            total += popcount(some[k])
        if n <= top:
            rolling[n] += np.int64(total)


@njit(cache=True, nogil=True)
def _forward(
    planes: Any,
    block: int,
    width: int,
    size: int,
    top: int,
    full: Any,
    some: Any,
    fulls: Any,
    classic: Any,
    returned: Any,
) -> None:
    """In every period so far, in this one, in any so far."""
    full.fill(~_ZERO)
    some.fill(_ZERO)
    for n in range(1, top + 1):
        plane = planes[block + (n - 1) * width : block + (n - 1) * width + size]
        a, b, c = np.uint64(0), np.uint64(0), np.uint64(0)
        for k in range(size):
            full[k] &= plane[k]
            some[k] |= plane[k]
            a += popcount(full[k])
            b += popcount(plane[k])
            c += popcount(some[k])
        fulls[n] += np.int64(a)
        classic[n] += np.int64(b)
        returned[n] += np.int64(c)


@njit(cache=True, nogil=True)
def _bracket(
    planes: Any, block: int, width: int, size: int, top: int, bracket: Any, behind: Any, fresh: Any, counts: Any
) -> None:
    """In any of M..N, M never shrinking: suffixes up to a middle, joined with what came after it."""
    middle = 0
    for n in range(1, top + 1):
        m = bracket[n]
        if m == 0:
            continue
        if m > middle:
            middle = n
            for j in range(n, m - 1, -1):
                plane = planes[block + (j - 1) * width : block + (j - 1) * width + size]
                for k in range(size):
                    behind[j, k] = plane[k] | (behind[j + 1, k] if j < n else np.uint64(0))
            fresh.fill(_ZERO)
        else:
            plane = planes[block + (n - 1) * width : block + (n - 1) * width + size]
            for k in range(size):
                fresh[k] |= plane[k]
        total = np.uint64(0)
        for k in range(size):
            total += popcount(behind[m, k] | fresh[k])
        counts[n] += np.int64(total)
