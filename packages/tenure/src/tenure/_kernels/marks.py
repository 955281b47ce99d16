"""A bit per period for each customer of one partition: no sorting, and repeats cost nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from tenure._kernels.bits import highest, lowest
from tenure._kernels.partition import FACTOR
from tenure.compiling import njit

TOO_MANY = -1
_ROOM = 1 << 15  # words of marks: a quarter of a megabyte stays in a core's own cache
_SLOTS = 13  # bits
_MOST = 1 << (_SLOTS - 1)  # customers
_ZERO, _ONE, _SIX, _SIXTY_THREE = np.uint64(0), np.uint64(1), np.uint64(6), np.uint64(63)
_SHIFT, _WRAP = np.uint64(64 - _SLOTS), np.uint64((1 << _SLOTS) - 1)


@njit(cache=True, nogil=True)
def rooms(span: int) -> tuple[Any, Any, Any]:
    """For `mark`: slots (16 kB, the nearest cache holds them), keys, and marks for `span` periods, none set."""
    width = (span + 63) >> 6
    rows = min(max(_ROOM // width, 1), _MOST)
    return np.empty(1 << _SLOTS, np.int16), np.empty(rows, np.uint64), np.zeros((rows, width), np.uint64)


@njit(cache=True, nogil=True)
def mark(words: Any, slots: Any, keys: Any, marks: Any, low_bits: Any) -> int:
    """Keys and marks of the customers of one partition; how many they are, or that they are too many.

    A key is a word with all bits of the period set. Where they are too many no mark is left behind.
    """
    flat, width = marks.reshape(marks.size), uint64(marks.shape[1])
    slots.fill(-1)
    count = 0
    for i in range(len(words)):
        key, period = words[i] | low_bits, words[i] & low_bits
        slot = (key * FACTOR) >> _SHIFT
        row = slots[slot]
        while row < 0 or keys[uint64(row)] != key:
            if row < 0:
                if count == len(keys):
                    flat[: count * marks.shape[1]].fill(_ZERO)
                    return TOO_MANY
                row = count
                slots[slot], keys[count] = row, key
                count += 1
                break
            slot = (slot + _ONE) & _WRAP
            row = slots[slot]
        flat[uint64(row) * width + (period >> _SIX)] |= _ONE << (period & _SIXTY_THREE)
    return count


@njit(cache=True, nogil=True)
def days_of_marks(row: Any, origin: int, values: Any, filled: int) -> int:
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
def mask_of_marks(row: Any) -> tuple[Any, int, int]:
    """The first 64 periods from the first marked one, that one, and the last; wipes the marks."""
    begin, end = 0, len(row) - 1
    while row[begin] == _ZERO:
        begin += 1
    while row[end] == _ZERO:
        end -= 1
    first, last = lowest(row[begin]), highest(row[end])
    mask = row[begin] >> first
    if begin < end and first > _ZERO:
        mask |= row[begin + 1] << (uint64(64) - first)
    for w in range(begin, end + 1):
        row[w] = _ZERO
    return mask, 64 * begin + int64(first), 64 * end + int64(last)
