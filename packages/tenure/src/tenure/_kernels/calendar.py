"""From moments to numbered periods by a table of the moments at which the number changes."""

from __future__ import annotations

from typing import Any

from numba import uint64

from tenure.compiling import njit


@njit(cache=True, nogil=True, inline="always")
def number_at(moment: Any, shift: Any, base: Any, entry: Any) -> Any:
    """The bucket's entry and the way into the bucket, added: from the change on they carry into the number.

    One look-up and no branch, for half would be guessed wrong.
    """
    within = moment & ((1 << shift) - 1)
    return (entry[uint64((moment >> shift) - base)] + within) >> shift


@njit(cache=True, nogil=True)
def numbers_by_bucket(first: int, last: int, moments: Any, shift: int, base: int, entry: Any, out: Any) -> None:
    """Where every bucket of 2**shift µs holds at most one change."""
    for i in range(first, last):
        out[i] = number_at(moments[i], shift, base, entry)


@njit(cache=True, nogil=True)
def numbers_by_search(first: int, last: int, moments: Any, changes: Any, numbers: Any, out: Any) -> None:
    """By bisection, for zones whose date went to and fro within a bucket."""
    for i in range(first, last):
        low, high = 0, len(changes)
        while low < high:
            middle = (low + high) >> 1
            if changes[middle] <= moments[i]:
                low = middle + 1
            else:
                high = middle
        out[i] = numbers[low - 1]


@njit(cache=True, nogil=True)
def ends_of_moments(first: int, last: int, moments: Any) -> tuple[Any, Any]:
    """The least and the greatest of a stretch, read once."""
    several = moments[first:last]
    low = high = several[0]
    for i in range(len(several)):  # from nought, or no two are compared at a time
        low, high = min(low, several[i]), max(high, several[i])
    return low, high
