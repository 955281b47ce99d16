"""Who is who, and each customer's distinct values in order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.bits import lowest
from tenure._kernels.partition import FACTOR
from tenure.compiling import njit

_ZERO, _ONE = np.uint64(0), np.uint64(1)
LONG = 24  # above this many values a bit set beats insertion


@njit(cache=True, nogil=True)
def codes_of(customers: Any, codes: Any, size: int) -> Any:
    """Each fact's customer as a number in order of appearance, and the customers in that order; size is 2**k slots."""
    table = np.full(1 << size, -1, np.int32)
    people = np.empty(1 << (size - 1), np.int64)
    count = 0
    for i in range(len(customers)):
        slot = int64((uint64(customers[i]) * FACTOR) >> uint64(64 - size))
        while table[slot] >= 0 and people[table[slot]] != customers[i]:
            slot = (slot + 1) & (len(table) - 1)
        if table[slot] < 0:
            if count == len(people):
                size += 1
                table, people = _grown(people, size)
                slot = int64((uint64(customers[i]) * FACTOR) >> uint64(64 - size))
                while table[slot] >= 0:
                    slot = (slot + 1) & (len(table) - 1)
            table[slot] = count
            people[count] = customers[i]
            count += 1
        codes[i] = table[slot]
    return people[:count]


@njit(cache=True, nogil=True)
def _grown(people: Any, size: int) -> Any:
    table = np.full(1 << size, -1, np.int32)
    more = np.empty(1 << (size - 1), np.int64)
    for n in range(len(people)):
        more[n] = people[n]
        slot = int64((uint64(people[n]) * FACTOR) >> uint64(64 - size))
        while table[slot] >= 0:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = n
    return table, more


@njit(cache=True, nogil=True)
def gather_values(codes: Any, values: Any, places: Any, out: Any) -> None:
    """Put each value to its customer's next place."""
    for i in range(len(codes)):
        place = places[codes[i]]
        places[codes[i]] = place + 1
        out[place] = values[i]


@njit(cache=True, nogil=True)
def order_values(first: int, last: int, starts: Any, values: Any, low: int, span: int, lengths: Any) -> None:
    """Sort each customer's values in place, each once, and tell how many are left."""
    seen = np.zeros((span + 63) // 64, np.uint64)  # ten thousand years of days are half a megabyte
    for c in range(first, last):
        mine = values[starts[c] : starts[c + 1]]
        lengths[c] = by_insertion(mine) if len(mine) <= LONG else by_bits(mine, low, seen)


@njit(cache=True, nogil=True)
def by_insertion(values: Any) -> int:
    kept = 0
    for i in range(len(values)):
        value, j = values[i], kept
        while j > 0 and values[j - 1] > value:
            j -= 1
        if j > 0 and values[j - 1] == value:
            continue
        for k in range(kept, j, -1):
            values[k] = values[k - 1]
        values[j] = value
        kept += 1
    return kept


@njit(cache=True, nogil=True)
def by_bits(values: Any, low: int, seen: Any) -> int:
    least = most = int64(values[0])
    for i in range(len(values)):
        value = int64(values[i])
        least, most = min(least, value), max(most, value)
        seen[(value - low) >> 6] |= _ONE << uint64((value - low) & 63)
    kept = 0
    for w in range((least - low) >> 6, ((most - low) >> 6) + 1):
        word = seen[w]
        seen[w] = _ZERO
        while word != _ZERO:
            values[kept] = low + 64 * w + int64(lowest(word))
            word &= word - _ONE
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def close_up(first: int, last: int, starts: Any, values: Any, offsets: Any, out: Any) -> None:
    """Move what is left of each customer's values together."""
    for c in range(first, last):
        for k in range(offsets[c + 1] - offsets[c]):
            out[offsets[c] + k] = values[starts[c] + k]
