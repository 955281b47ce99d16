"""Bringing each customer's facts together without sorting: one pass to count, one to scatter.

A customer's id is mixed into 64 bits that can be unmixed again; the top bits choose one of 2**bits partitions,
small enough for a core's own cache. What is scattered is one word per fact: the rest of the mixed id, and below
it, in the bits the partition has made free, the period. No id is ever approximated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.calendar import number_at
from tenure.compiling import njit

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_HALF = np.uint64(32)
_BLOCK = 1 << 12


@njit(cache=True, nogil=True, inline="always")
def mixed(customer: Any) -> Any:
    """An id spread over 64 bits; one to one."""
    word = uint64(customer)
    return (word ^ (word >> _HALF)) * _FACTOR


@njit(cache=True, nogil=True, inline="always")
def unmixed(word: Any) -> Any:
    """The id again."""
    word = word * _INVERSE
    return int64(word ^ (word >> _HALF))


@njit(cache=True, nogil=True)
def tally(first: int, last: int, customers: Any, bits: int, counts: Any) -> None:
    """Facts per partition."""
    shift = uint64(64 - bits)
    for i in range(first, last):
        counts[mixed(customers[i]) >> shift] += 1


@njit(cache=True, nogil=True)
def scatter(
    first: int, last: int, customers: Any, moments: Any, bits: int, places: Any,
    shift: int, base: int, change: Any, number: Any, step: Any, words: Any,
) -> None:  # fmt: skip
    """Write each fact's word to the next place of its partition; numbers are relative, 0..2**bits - 1."""
    top, room = uint64(64 - bits), uint64(bits)
    periods = np.empty(_BLOCK, np.uint64)
    for begin in range(first, last, _BLOCK):  # numbering apart from scattering: each then fits the nearest cache
        people, times = customers[begin : min(begin + _BLOCK, last)], moments[begin : min(begin + _BLOCK, last)]
        for i in range(len(times)):
            periods[i] = uint64(number_at(times[i], shift, base, change, number, step))
        for i in range(len(people)):
            word = mixed(people[i])
            part = word >> top
            place = places[part]
            places[part] = place + 1
            words[place] = (word << room) | periods[i]
