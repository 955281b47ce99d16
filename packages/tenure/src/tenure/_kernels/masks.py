"""One word per customer: bit N is set when the customer was seen N periods after the first one, for N below 64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.bits import SEVERAL, distances, highest, take
from tenure._kernels.calendar import number_at
from tenure._kernels.marks import TOO_MANY, mark, mask_of_marks, rooms
from tenure.compiling import njit

_ZERO, _ONE, _TOP = np.uint64(0), np.uint64(1), np.uint64(63)
_BLOCK = 1 << 14


@njit(cache=True, nogil=True, inline="always")
def _shifted(word: Any, places: Any) -> Any:
    return (word << (places & _TOP)) if places <= _TOP else _ZERO


@njit(cache=True, nogil=True)
def masks_of_parts(
    first: int, last: int, starts: Any, words: Any, bits: int, span: int,
    taken: Any, masks: Any, firsts: Any, lasts: Any,
) -> None:  # fmt: skip
    """Masks, first and last period (relative) of every customer in some partitions; in no order.

    All threads write to the same columns, of which the first taken[0] places are used.
    """
    low_bits = (_ONE << uint64(bits)) - _ONE
    slots, keys, marks = rooms(span)
    table = np.zeros(0, np.uint64)
    for part in range(first, last):
        own = words[starts[part] : starts[part + 1]]
        count = mark(own, slots, keys, marks, low_bits)
        if count == TOO_MANY:
            table, count = _absorbed(own, table, low_bits)
            at = take(taken, count)
            _put(table, masks[at:], firsts[at:], lasts[at:])
            continue
        at = take(taken, count)
        for row in range(count):
            masks[at + row], firsts[at + row], lasts[at + row] = mask_of_marks(marks[row])


@njit(cache=True, nogil=True)
def _columns(most: int) -> tuple[Any, Any, Any]:
    """Room for as many customers as there are facts; memory that is not written to costs nothing."""
    return np.empty(most, np.uint64), np.empty(most, np.int32), np.empty(most, np.int32)


@njit(cache=True, nogil=True)
def _absorbed(words: Any, table: Any, low_bits: Any) -> tuple[Any, int]:
    """One partition of very many customers in a table of entries (key, mask, first, last); how many they are.

    The table of the partition before is used again: the next one is likely to need as much room.
    """
    if len(table) == 0:
        table = np.zeros(4 << 13, np.uint64)
    else:
        table.fill(_ZERO)
    count = _absorb(words, table, low_bits)
    while count < 0:
        table = np.zeros(2 * len(table), np.uint64)
        count = _absorb(words, table, low_bits)
    return table, count


@njit(cache=True, nogil=True)
def _put(table: Any, masks: Any, firsts: Any, lasts: Any) -> None:
    """The entries of a table, one after the other."""
    found = 0
    for entry in range(0, len(table), 4):
        if table[entry] != _ZERO:
            masks[found], firsts[found], lasts[found] = table[entry + 1], table[entry + 2], table[entry + 3]
            found += 1


@njit(cache=True, nogil=True)
def _absorb(words: Any, table: Any, low_bits: Any) -> int:
    """Put the words into an empty table; the number of customers, or -1 when it gets too full.

    The first period is unknown until all facts are seen, so the mask moves up whenever an earlier one turns up.
    """
    slots = len(table) // 4  # a power of two
    shift, wrap = uint64(64) - highest(uint64(slots)), slots - 1
    room, count = slots // 4, 0  # mostly empty: a collision costs more than a wider table
    for i in range(len(words)):
        period, key = words[i] & low_bits, words[i] | low_bits
        slot = int64(words[i] >> shift)
        while table[4 * slot] != key:
            if table[4 * slot] == _ZERO:
                count += 1
                if count > room:
                    return -1
                table[4 * slot], table[4 * slot + 2] = key, period
                break
            slot = (slot + 1) & wrap
        entry = 4 * slot
        earlier = min(table[entry + 2], period)
        moved = _shifted(table[entry + 1], table[entry + 2] - earlier)
        table[entry + 1] = moved | _shifted(_ONE, period - earlier)
        table[entry + 2] = earlier
        table[entry + 3] = max(table[entry + 3], period)
    return count


@njit(cache=True, nogil=True)
def masks_of_runs(
    first: int, last: int, customers: Any, moments: Any, shift: int, base: int, entry: Any
) -> tuple[Any, Any, Any]:
    """The same for facts that lie together by customer; the stretch begins and ends between customers."""
    masks, firsts, lasts = _columns(last - first)
    numbers = np.empty(2 * _BLOCK, np.int64)
    found, begin = 0, first
    while begin < last:
        end = min(begin + _BLOCK, last)
        while end < last and customers[end] == customers[end - 1]:
            end += 1
        if end - begin > len(numbers):
            numbers = np.empty(2 * (end - begin), np.int64)
        block, times = numbers[: end - begin], moments[begin:end]
        for k in range(len(block)):
            block[k] = number_at(times[k], shift, base, entry)
        found += _runs_of_block(customers[begin:end], block, masks[found:], firsts[found:], lasts[found:])
        begin = end
    return masks[:found], firsts[:found], lasts[:found]


@njit(cache=True, nogil=True)
def _runs_of_block(people: Any, numbers: Any, masks: Any, firsts: Any, lasts: Any) -> int:
    """Whole customers: first where each one ends and begins, then the mask."""
    found = i = 0
    while i < len(people):
        earliest = latest = numbers[i]
        j = i + 1
        while j < len(people) and people[j] == people[i]:
            earliest, latest = min(earliest, numbers[j]), max(latest, numbers[j])
            j += 1
        mask = _ZERO
        for k in range(i, j):
            mask |= _shifted(_ONE, uint64(numbers[k] - earliest))
        masks[found], firsts[found], lasts[found] = mask, earliest, latest
        found += 1
        i = j
    return found


@njit(cache=True, nogil=True)
def masks_of_lists(first: int, last: int, offsets: Any, values: Any, masks: Any, begins: Any, ends: Any) -> None:
    """The same from ascending distinct periods per customer, each with one at least; 64 of them hold all that count."""
    for i in range(first, last):
        begin, end = offsets[i], offsets[i + 1]
        base, middle = values[begin], begin + SEVERAL
        mask = distances(values, begin, min(end - begin, SEVERAL))
        if middle < end:
            later = distances(values, middle, min(end - middle, SEVERAL))
            mask |= _shifted(later, uint64(values[middle] - base))
        masks[i], begins[i], ends[i] = mask, base, values[end - 1]


@njit(cache=True, nogil=True)
def masks_of_numbered(
    first: int, last: int, offsets: Any, days: Any, low: int, numbers: Any, masks: Any, begins: Any, ends: Any
) -> None:
    """The same in longer periods: numbers[day - low] is the one that holds a day."""
    for i in range(first, last):
        begin, end = offsets[i], offsets[i + 1]
        base, mask = numbers[days[begin] - low], _ZERO
        for j in range(begin, end):
            n = uint64(numbers[days[j] - low] - base)
            if n > _TOP:
                break
            mask |= _ONE << n
        masks[i], begins[i], ends[i] = mask, base, numbers[days[end - 1] - low]
