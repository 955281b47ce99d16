"""Bringing each customer's facts together without sorting: one pass to count, one to scatter.

A customer's id is spread over 64 bits, from which it can be told again; the top bits choose one of 2**bits
partitions, small enough for a core's own cache. What is scattered is one word per fact: the rest of the spread id,
and below it, in the bits the partition has made free, the period. No id is ever approximated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.calendar import number_at
from tenure.compiling import njit

FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, and half of all bits set
_ONE = np.uint64(1)
_BLOCK = 1 << 12


@njit(cache=True, nogil=True, inline="always")
def spread(customer: Any, low: Any, factor: Any) -> Any:
    """An id over 64 bits, one to one: an odd factor scatters ids, a power of two keeps them in order."""
    return uint64(customer - low) * factor


@njit(cache=True, nogil=True, inline="always")
def gathered(word: Any, low: Any, lead: Any, inverse: Any) -> Any:
    """The id again."""
    return int64((word >> uint64(lead)) * inverse) + low


@njit(cache=True, nogil=True)
def tally(first: int, last: int, customers: Any, low: int, factor: Any, bits: int, counts: Any) -> None:
    """Facts per partition."""
    shift = uint64(64 - bits)
    for i in range(first, last):
        counts[spread(customers[i], low, factor) >> shift] += 1


@njit(cache=True, nogil=True)
def scatter(
    first: int, last: int, customers: Any, moments: Any, low: int, factor: Any, bits: int, places: Any,
    shift: int, base: int, entry: Any, words: Any,
) -> None:  # fmt: skip
    """Write each fact's word to the next place of its partition; numbers are relative, 0..2**bits - 1."""
    top, room = uint64(64 - bits), uint64(bits)
    periods = np.empty(_BLOCK, np.uint64)
    for begin in range(first, last, _BLOCK):  # numbering apart from scattering: each then fits the nearest cache
        people, times = customers[begin : min(begin + _BLOCK, last)], moments[begin : min(begin + _BLOCK, last)]
        for i in range(len(times)):
            periods[i] = uint64(number_at(times[i], shift, base, entry))
        for i in range(len(people)):
            word = spread(people[i], low, factor)
            part = word >> top
            place = places[part]
            places[part] = place + _ONE
            words[place] = (word << room) | periods[i]
