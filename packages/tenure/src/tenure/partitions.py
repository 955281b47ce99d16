"""Facts brought together by customer, ready to be reduced: runs when they came sorted, else partitions of words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure.localising import Buckets, buckets, changes_of
from tenure.sharing import even, share, threads

_FACTS_PER_PART: Final = 1 << 15
_LEAST_BITS, _MOST_BITS = 6, 14


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """words[starts[p]:starts[p + 1]] are partition p's facts; periods in them count from `origin`."""

    bits: int
    starts: NDArray[np.int64]
    words: NDArray[np.uint64]
    origin: int


def looks_sorted(customers: NDArray[np.int64]) -> bool:
    """A thousand samples in order suggest it; then every neighbour is compared."""
    sample = customers[:: max(1, len(customers) // 1000)]
    if (sample[1:] < sample[:-1]).any():
        return False
    held: list[bool] = []
    share(lambda a, b: held.append(_is_ascending(customers[max(a - 1, 0) : b])), even(len(customers), 4 * threads()))
    return all(held)


def bits_for(count: int, *, span: int) -> int | None:
    """Partitions that fit a core's cache, and bits enough for `span` periods; None when a word has too few."""
    bits = max(int(span - 1).bit_length(), int(np.ceil(np.log2(max(count, 1) / _FACTS_PER_PART))), _LEAST_BITS)
    return min(bits, _MOST_BITS) if span <= 1 << _MOST_BITS else None


def numbered(zone: str, period: str, *, first: int, last: int) -> tuple[Buckets, int, int] | None:
    """Buckets with numbers relative to the first one, that first number, and how many there are."""
    changes, numbers = changes_of(zone, period, first=first, last=last)
    low, high = np.searchsorted(changes, [first, last], side="right") - 1
    origin = int(numbers[low : high + 1].min())
    found = buckets(changes, numbers - np.int32(origin), first=first, last=last)
    return None if found is None else (found, origin, int(numbers[low : high + 1].max()) - origin + 1)


def partitioned(
    customers: NDArray[np.int64], moments: NDArray[np.int64], table: Buckets, origin: int, *, bits: int
) -> Parts:
    """Count, then scatter every fact to its partition; each thread writes to places of its own."""
    from tenure._kernels.partition import scatter, tally

    cuts = even(len(customers), threads())
    counts = np.zeros((len(cuts), 1 << bits), np.int64)
    parts = [(i, *cut) for i, cut in enumerate(cuts)]
    share(lambda i, a, b: tally(a, b, customers, bits, counts[i]), parts)
    ends = np.cumsum(counts.T.ravel())
    places = np.ascontiguousarray((ends - counts.T.ravel()).reshape(-1, len(cuts)).T)
    words = np.empty(len(customers), np.uint64)
    columns = table.shift, table.base, table.change, table.number, table.step
    share(lambda i, a, b: scatter(a, b, customers, moments, bits, places[i], *columns, words), parts)
    return Parts(bits, np.concatenate([[0], ends[len(cuts) - 1 :: len(cuts)]]), words, origin)


def customer_cuts(customers: NDArray[np.int64], parts: int) -> list[tuple[int, int]]:
    """Stretches of sorted facts that never split a customer."""
    marks = [0]
    for a, _ in even(len(customers), parts)[1:]:
        marks.append(max(marks[-1], int(np.searchsorted(customers, customers[a]))))
    marks.append(len(customers))
    return [(a, b) for a, b in itertools.pairwise(marks) if b > a]


def _is_ascending(values: NDArray[np.int64], step: int = 1 << 15) -> bool:
    """In pieces that fit a cache; the first step down ends it."""
    pieces = (values[i : i + step + 1] for i in range(0, len(values), step))
    return not any((piece[1:] < piece[:-1]).any() for piece in pieces)
