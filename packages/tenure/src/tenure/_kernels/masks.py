"""One word per customer: bit N is set when the customer was seen N periods after the first one, for N below 64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.calendar import number_at
from tenure.compiling import njit

_ZERO, _ONE, _TOP = np.uint64(0), np.uint64(1), np.uint64(63)
_BLOCK = 1 << 14


@njit(cache=True, nogil=True, inline="always")
def _shifted(word: Any, places: Any) -> Any:
    return (word << (places & _TOP)) if places <= _TOP else _ZERO


@njit(cache=True, nogil=True)
def _grown(rows: Any, found: int, room: int) -> Any:
    """The same rows with more room; a plain loop, because assigning slices takes seconds to compile."""
    more = np.empty((room, 3), np.uint64)
    for i in range(found):
        more[i, 0], more[i, 1], more[i, 2] = rows[i, 0], rows[i, 1], rows[i, 2]
    return more


@njit(cache=True, nogil=True)
def masks_of_parts(first: int, last: int, starts: Any, words: Any, bits: int) -> Any:
    """Masks, first and last period (relative) of every customer in the partitions; in no order.

    The first period is unknown until all facts are seen, so the mask moves up whenever an earlier one turns up.
    """
    low_bits = (_ONE << uint64(bits)) - _ONE
    size = 10
    table = np.zeros(4 << size, np.uint64)  # entries of: key, mask, first, last
    found = 0
    out = np.empty((1024, 3), np.uint64)
    for part in range(first, last):
        count = 0
        while True:  # again with twice the room when a quarter is taken
            count = _absorb(words[starts[part] : starts[part + 1]], table, size, low_bits)
            if count >= 0:
                break
            size += 1
            table = np.zeros(4 << size, np.uint64)
        if found + count > len(out):
            out = _grown(out, found, 2 * (found + count))
        for entry in range(0, len(table), 4):
            if table[entry] != _ZERO:
                out[found, 0], out[found, 1], out[found, 2] = table[entry + 1], table[entry + 2], table[entry + 3]
                found += 1
    return out[:found]


@njit(cache=True, nogil=True)
def _absorb(words: Any, table: Any, size: int, low_bits: Any) -> int:
    """Put the words into the table; the number of customers, or -1 when it gets too full."""
    table.fill(_ZERO)
    shift, wrap = uint64(64 - size), (1 << size) - 1
    room, count = (1 << size) // 4, 0  # mostly empty: a collision costs more than a wider table
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
    first: int, last: int, customers: Any, moments: Any, shift: int, base: int, change: Any, number: Any, step: Any
) -> Any:
    """The same for facts that lie together by customer; the stretch begins and ends between customers."""
    out = np.empty((max(1024, (last - first) // 16), 3), np.uint64)
    numbers = np.empty(2 * _BLOCK, np.int64)
    found, begin = 0, first
    while begin < last:
        end = min(begin + _BLOCK, last)
        while end < last and customers[end] == customers[end - 1]:
            end += 1
        if end - begin > len(numbers):
            numbers = np.empty(2 * (end - begin), np.int64)
        block, times, people = numbers[: end - begin], moments[begin:end], customers[begin:end]
        for k in range(len(block)):
            block[k] = number_at(times[k], shift, base, change, number, step)
        if found + len(block) > len(out):
            out = _grown(out, found, 2 * (found + len(block)))
        found = _runs_of_block(people, block, out, found)
        begin = end
    return out[:found]


@njit(cache=True, nogil=True)
def _runs_of_block(people: Any, numbers: Any, out: Any, found: int) -> int:
    """Whole customers: first where each one ends and begins, then the mask."""
    i = 0
    while i < len(people):
        earliest = latest = numbers[i]
        j = i + 1
        while j < len(people) and people[j] == people[i]:
            earliest, latest = min(earliest, numbers[j]), max(latest, numbers[j])
            j += 1
        mask = _ZERO
        for k in range(i, j):
            mask |= _shifted(_ONE, uint64(numbers[k] - earliest))
        out[found, 0], out[found, 1], out[found, 2] = mask, uint64(earliest), uint64(latest)
        found += 1
        i = j
    return found


@njit(cache=True, nogil=True)
def masks_of_lists(first: int, last: int, offsets: Any, values: Any, masks: Any, begins: Any, ends: Any) -> None:
    """The same from ascending periods per customer, each with one at least."""
    for i in range(first, last):
        begin, end = offsets[i], offsets[i + 1]
        base, mask = values[begin], _ZERO
        for j in range(begin, end):
            n = uint64(values[j] - base)
            if n > _TOP:
                break
            mask |= _ONE << n
        masks[i], begins[i], ends[i] = mask, base, values[end - 1]
