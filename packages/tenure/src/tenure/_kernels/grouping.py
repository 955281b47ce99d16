"""Who is who, and each customer's distinct values in order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.bits import lowest
from tenure._kernels.partition import mixed, unmixed
from tenure.compiling import njit

_ZERO, _ONE = np.uint64(0), np.uint64(1)
_LONG = 24  # above this many values a bit set beats insertion


@njit(cache=True, nogil=True)
def codes_of(customers: Any, codes: Any, size: int) -> Any:
    """Each fact's customer as a number in order of appearance, and the customers in that order; size is 2**k slots."""
    table = np.full(1 << size, -1, np.int32)
    people = np.empty(1 << (size - 1), np.int64)
    count = 0
    for i in range(len(customers)):
        slot = int64(mixed(customers[i]) >> uint64(64 - size))
        while table[slot] >= 0 and people[table[slot]] != customers[i]:
            slot = (slot + 1) & (len(table) - 1)
        if table[slot] < 0:
            if count == len(people):
                size += 1
                table, people = _grown(people, size)
                slot = int64(mixed(customers[i]) >> uint64(64 - size))
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
        slot = int64(mixed(people[n]) >> uint64(64 - size))
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
        lengths[c] = _by_insertion(mine) if len(mine) <= _LONG else _by_bits(mine, low, seen)


@njit(cache=True, nogil=True)
def _by_insertion(values: Any) -> int:
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
def _by_bits(values: Any, low: int, seen: Any) -> int:
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


@njit(cache=True, nogil=True)
def days_of_parts(first: int, last: int, starts: Any, words: Any, bits: int) -> Any:
    """Customers and their ascending distinct periods (relative), partition by partition: ids, lengths, values."""
    low_bits = (_ONE << uint64(bits)) - _ONE
    total = starts[last] - starts[first]
    people, lengths = np.empty(1024, np.int64), np.empty(1024, np.int32)
    values = np.empty(total, np.int32)
    seen = np.zeros((1 << bits) // 64 + 1, np.uint64)
    codes = np.empty(1024, np.int64)
    found, filled = 0, 0
    for part in range(first, last):
        own = words[starts[part] : starts[part + 1]]
        if len(own) > len(codes):
            codes = np.empty(2 * len(own), np.int64)
        keys = _codes_of_words(own, codes, low_bits)
        if found + len(keys) > len(people):
            people, lengths = _wider(people, lengths, found, found + len(keys))
        begins = np.zeros(len(keys) + 1, np.int64)
        for i in range(len(own)):
            begins[codes[i] + 1] += 1
        for c in range(len(keys)):
            begins[c + 1] += begins[c]
        mine = values[filled : filled + len(own)]
        places = begins[:-1].copy()
        for i in range(len(own)):
            mine[places[codes[i]]] = np.int32(own[i] & low_bits)
            places[codes[i]] += 1
        for c in range(len(keys)):
            people[found] = unmixed((keys[c] >> uint64(bits)) | (uint64(part) << uint64(64 - bits)))
            one = mine[begins[c] : begins[c + 1]]
            kept = _by_insertion(one) if len(one) <= _LONG else _by_bits(one, 0, seen)
            lengths[found] = kept
            for k in range(kept):
                values[filled + k] = one[k]
            filled += kept
            found += 1
    return people[:found], lengths[:found], values[:filled].copy()


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


@njit(cache=True, nogil=True)
def _wider(people: Any, lengths: Any, found: int, need: int) -> Any:
    more, longer = np.empty(2 * need, np.int64), np.empty(2 * need, np.int32)
    for i in range(found):
        more[i], longer[i] = people[i], lengths[i]
    return more, longer


@njit(cache=True, nogil=True)
def place_lists(
    first: int, last: int, order: Any, begins: Any, values: Any, origin: int, offsets: Any, out: Any
) -> None:
    """Copy list order[i] to place i."""
    for i in range(first, last):
        begin = begins[order[i]]
        for k in range(offsets[i + 1] - offsets[i]):
            out[offsets[i] + k] = values[begin + k] + origin
