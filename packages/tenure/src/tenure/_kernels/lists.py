"""Each customer's distinct periods where a partition holds more customers than there is room to mark."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.grouping import LONG, by_bits, by_insertion
from tenure._kernels.ordering import order_of
from tenure.compiling import njit


@njit(cache=True, nogil=True)
def days_of_lists(words: Any, low_bits: Any, origin: int, values: Any, filled: int, lengths: Any) -> tuple[Any, int]:
    """The customers' keys in order, and where the next list may be written; each list is sorted by itself."""
    keys, begins, mine = _lists(words, low_bits)
    seen = np.zeros((int64(low_bits) >> 6) + 1, np.uint64)
    order = order_of(keys)
    for i in range(len(order)):
        one = mine[begins[order[i]] : begins[order[i] + 1]]
        lengths[i] = by_insertion(one) if len(one) <= LONG else by_bits(one, 0, seen)
        for k in range(lengths[i]):
            values[filled + k] = one[k] + origin
        filled += lengths[i]
    return keys[order], filled


@njit(cache=True, nogil=True)
def _lists(words: Any, low_bits: Any) -> Any:
    """The customers of one partition, where the list of each begins, and the lists, in the order of the facts."""
    codes = np.empty(len(words), np.int64)
    keys = _codes_of_words(words, codes, low_bits)
    begins = np.zeros(len(keys) + 1, np.int64)
    for i in range(len(words)):
        begins[codes[i] + 1] += 1
    for c in range(len(keys)):
        begins[c + 1] += begins[c]
    places, mine = begins[:-1].copy(), np.empty(len(words), np.int32)
    for i in range(len(words)):
        mine[places[codes[i]]] = np.int32(words[i] & low_bits)
        places[codes[i]] += 1
    return keys, begins, mine


@njit(cache=True, nogil=True)
def _codes_of_words(words: Any, codes: Any, low_bits: Any) -> Any:
    """Number the customers of one partition in order of appearance; returns their keys."""
    size = 10
    while (1 << size) < len(words) // 4:
        size += 1
    table = np.full(1 << size, -1, np.int32)
    keys = np.empty(1 << (size - 1), np.uint64)
    count = 0
    for i in range(len(words)):
        key = words[i] | low_bits
        slot = int64(key >> uint64(64 - size))
        while table[slot] >= 0 and keys[table[slot]] != key:
            slot = (slot + 1) & (len(table) - 1)
        if table[slot] < 0:
            if count == len(keys):
                size += 1
                table, keys = _regrown(keys, size)
                slot = int64(key >> uint64(64 - size))
                while table[slot] >= 0:
                    slot = (slot + 1) & (len(table) - 1)
            table[slot] = count
            keys[count] = key
            count += 1
        codes[i] = table[slot]
    return keys[:count]


@njit(cache=True, nogil=True)
def _regrown(keys: Any, size: int) -> Any:
    table = np.full(1 << size, -1, np.int32)
    more = np.empty(1 << (size - 1), np.uint64)
    for n in range(len(keys)):
        more[n] = keys[n]
        slot = int64(keys[n] >> uint64(64 - size))
        while table[slot] >= 0:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = n
    return table, more
