"""Each customer's distinct periods in order, partition by partition, and then everybody's in order of customer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.bits import lowest, prefetch
from tenure._kernels.grouping import LONG, by_bits, by_insertion
from tenure._kernels.partition import unmixed
from tenure.compiling import njit

_ZERO, _ONE, _SIX, _SIXTY_THREE = np.uint64(0), np.uint64(1), np.uint64(6), np.uint64(63)
_TOO_FULL, _TOO_MANY = -1, -2
_AHEAD = 16  # lists
_ROOM = 1 << 15  # words of marks: a quarter of a megabyte stays in a core's own cache


@njit(cache=True, nogil=True)
def days_of_parts(
    first: int, last: int, starts: Any, words: Any, bits: int, span: int, origin: int, values: Any
) -> tuple[Any, Any, Any]:
    """Ids, begins and lengths of the customers in some partitions; their ascending periods go to `values`.

    `values` is as long as `words`, and what a partition has begins where its facts do or before. A bit per
    period marks where a customer was seen: no sorting, and repeats cost nothing. Partitions of more customers
    than the marks have room for are sorted list by list instead.
    """
    low_bits, width = (_ONE << uint64(bits)) - _ONE, (span + 63) >> 6
    people, begins, lengths = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024, np.int32)
    marks, keys = np.zeros((max(_ROOM // width, 1), width), np.uint64), np.empty(max(_ROOM // width, 1), np.uint64)
    size = 10
    table = np.zeros(2 << size, np.uint64)  # entries of: key, row
    seen = np.zeros((1 << bits) // 64 + 1, np.uint64)
    codes = np.empty(1024, np.int64)
    found, filled = 0, starts[first]
    for part in range(first, last):
        own, top = words[starts[part] : starts[part + 1]], uint64(part) << uint64(64 - bits)
        count = _mark(own, table, size, keys, marks, low_bits)
        while count == _TOO_FULL:
            size += 1
            table = np.zeros(2 << size, np.uint64)
            count = _mark(own, table, size, keys, marks, low_bits)
        if count >= 0:
            if found + count > len(people):
                people, begins, lengths = _wider(people, begins, lengths, found, 2 * (found + count))
            for row in range(count):
                people[found], begins[found] = unmixed((keys[row] >> uint64(bits)) | top), filled
                filled = _read_marks(marks[row], origin, values, filled)
                lengths[found] = filled - begins[found]
                found += 1
            continue
        if len(own) > len(codes):
            codes = np.empty(2 * len(own), np.int64)
        several, list_begins, mine = _lists(own, codes, low_bits)
        if found + len(several) > len(people):
            people, begins, lengths = _wider(people, begins, lengths, found, 2 * (found + len(several)))
        for c in range(len(several)):
            one = mine[list_begins[c] : list_begins[c + 1]]
            kept = by_insertion(one) if len(one) <= LONG else by_bits(one, 0, seen)
            people[found], begins[found] = unmixed((several[c] >> uint64(bits)) | top), filled
            for k in range(kept):
                values[filled + k] = one[k] + origin
            lengths[found] = kept
            filled += kept
            found += 1
    return people[:found], begins[:found], lengths[:found]


@njit(cache=True, nogil=True)
def _mark(words: Any, table: Any, size: int, keys: Any, marks: Any, low_bits: Any) -> int:
    """A row of marks for each customer of one partition; how many there are, or why it could not be done.

    What cannot be done leaves no mark behind.
    """
    table.fill(_ZERO)
    shift, wrap = uint64(64 - size), (1 << size) - 1
    room, count = (1 << size) // 4, 0  # mostly empty: a collision costs more than a wider table
    for i in range(len(words)):
        period, key = words[i] & low_bits, words[i] | low_bits
        slot = int64(words[i] >> shift)
        while table[2 * slot] != key:
            if table[2 * slot] == _ZERO:
                if count == room or count == len(keys):
                    for row in range(count):
                        marks[row].fill(_ZERO)
                    return _TOO_MANY if count == len(keys) else _TOO_FULL
                table[2 * slot], table[2 * slot + 1], keys[count] = key, uint64(count), key
                count += 1
                break
            slot = (slot + 1) & wrap
        marks[int64(table[2 * slot + 1]), int64(period >> _SIX)] |= _ONE << (period & _SIXTY_THREE)
    return count


@njit(cache=True, nogil=True)
def _read_marks(row: Any, origin: int, values: Any, filled: int) -> int:
    """Write the marked periods in order, wipe the marks, and say where the next may be written."""
    for w in range(len(row)):
        word = row[w]
        if word != _ZERO:
            row[w] = _ZERO
            base = origin + 64 * w
            while word != _ZERO:
                values[filled] = np.int32(base + int64(lowest(word)))
                filled += 1
                word &= word - _ONE
    return filled


@njit(cache=True, nogil=True)
def _lists(words: Any, codes: Any, low_bits: Any) -> Any:
    """The customers of one partition, where the list of each begins, and the lists, in the order of the facts."""
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


@njit(cache=True, nogil=True)
def _wider(people: Any, begins: Any, lengths: Any, found: int, room: int) -> Any:
    more, later, longer = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int32)
    for i in range(found):
        more[i], later[i], longer[i] = people[i], begins[i], lengths[i]
    return more, later, longer


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


@njit(cache=True, nogil=True)
def place_lists(first: int, last: int, order: Any, begins: Any, values: Any, offsets: Any, out: Any) -> None:
    """Copy list order[i] to place i; lists lie anywhere, so each is asked for well before its turn."""
    for i in range(first, last):
        if i + 2 * _AHEAD < last:
            prefetch(begins, order[i + 2 * _AHEAD])
            prefetch(values, begins[order[i + _AHEAD]])
        begin, place = begins[order[i]], offsets[i]
        for k in range(offsets[i + 1] - place):
            out[place + k] = values[begin + k]
