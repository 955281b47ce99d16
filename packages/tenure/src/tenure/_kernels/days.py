"""Each customer's distinct periods in order, partition by partition, and then everybody's in order of customer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from tenure._kernels.bits import prefetch
from tenure._kernels.lists import days_of_lists
from tenure._kernels.marks import TOO_MANY, days_of_marks, mark, rooms
from tenure._kernels.ordering import order_of
from tenure._kernels.partition import gathered
from tenure.compiling import njit

_AHEAD = 16  # lists
_ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def days_of_parts(
    first: int, last: int, starts: Any, words: Any, bits: int, span: int,
    low: int, lead: int, inverse: Any, origin: int, values: Any,
) -> tuple[Any, Any]:  # fmt: skip
    """Ids and lengths of the customers in some partitions; their ascending periods go to `values`, list after list.

    Within a partition customers come in order of their words. `values` is as long as `words`, and what these
    partitions have begins where their facts do.
    """
    low_bits, most = (_ONE << uint64(bits)) - _ONE, starts[last] - starts[first]
    people, lengths = np.empty(most, np.int64), np.empty(most, np.int32)  # memory that is not written to costs nothing
    slots, keys, marks = rooms(span)
    found, filled = 0, starts[first]
    for part in range(first, last):
        own, top = words[starts[part] : starts[part + 1]], uint64(part) << uint64(64 - bits)
        count = mark(own, slots, keys, marks, low_bits)
        if count == TOO_MANY:
            several, filled = days_of_lists(own, low_bits, origin, values, filled, lengths[found:])
        else:
            several, filled = _days_in_order(keys[:count], marks, origin, values, filled, lengths[found:])
        for key in several:
            people[found] = gathered((key >> uint64(bits)) | top, low, lead, inverse)
            found += 1
    return people[:found], lengths[:found]


@njit(cache=True, nogil=True)
def _days_in_order(keys: Any, marks: Any, origin: int, values: Any, filled: int, lengths: Any) -> tuple[Any, int]:
    """The keys in order, and where the next list may be written."""
    order = order_of(keys)
    for i in range(len(order)):
        end = days_of_marks(marks[order[i]], origin, values, filled)
        lengths[i] = end - filled
        filled = end
    return keys[order], filled


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
