"""Facts brought together by customer, ready to be reduced: runs when they came sorted, else partitions of words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure.localising import Buckets, buckets, changes_of, extent
from tenure.sharing import even, share, threads

_FACTS_PER_PART: Final = 1 << 17
_LEAST_BITS, _MOST_BITS = 6, 14
_CROWD: Final = 4  # times the usual size of a partition


@dataclass(frozen=True, slots=True)
class Spread:
    """How ids are spread over 64 bits: id less `low` times `factor`; and told again: word >> lead, times `inverse`."""

    low: int
    factor: np.uint64
    lead: int
    inverse: np.uint64
    is_in_order: bool


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """words[starts[p]:starts[p + 1]] are partition p's facts; the `span` periods in them count from `origin`."""

    bits: int
    starts: NDArray[np.int64]
    words: NDArray[np.uint64]
    origin: int
    span: int
    spread: Spread


SCATTERED: Final = Spread(
    0, np.uint64(0x9E3779B97F4A7C15), 0, np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64)), is_in_order=False
)


def in_order(customers: NDArray[np.int64]) -> Spread:
    """So that partitions follow each other in order of customer."""
    low, high = extent(customers)
    lead = 64 - max(1, (high - low).bit_length())
    return Spread(low, np.uint64(1 << lead), lead, np.uint64(1), is_in_order=True)


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
    customers: NDArray[np.int64],
    moments: NDArray[np.int64],
    table: Buckets,
    origin: int,
    *,
    span: int,
    bits: int,
    spread: Spread = SCATTERED,
) -> Parts:
    """Count, then scatter every fact to its partition; each thread writes to places of its own.

    Ids that crowd together when they are kept in order are scattered instead.
    """
    from tenure._kernels.partition import scatter

    counts = _tallied(customers, spread, bits=bits)
    if spread.is_in_order and _is_lopsided(counts.sum(axis=0)):
        spread = SCATTERED
        counts = _tallied(customers, spread, bits=bits)
    ends = np.cumsum(counts.T.ravel())
    places = np.ascontiguousarray((ends - counts.T.ravel()).reshape(-1, len(counts)).T).view(np.uint64)
    words = np.empty(len(customers), np.uint64)
    how, columns = (spread.low, spread.factor, bits), (table.shift, table.base, table.entry)

    def some(i: int, a: int, b: int) -> None:
        scatter(a, b, customers, moments, *how, places[i], *columns, words)

    share(some, _numbered_cuts(len(customers)))
    return Parts(bits, np.concatenate([[0], ends[len(counts) - 1 :: len(counts)]]), words, origin, span, spread)


def _tallied(customers: NDArray[np.int64], spread: Spread, *, bits: int) -> NDArray[np.int64]:
    """Facts per thread and partition."""
    from tenure._kernels.partition import tally

    cuts = _numbered_cuts(len(customers))
    counts = np.zeros((len(cuts), 1 << bits), np.int64)
    share(lambda i, a, b: tally(a, b, customers, spread.low, spread.factor, bits, counts[i]), cuts)
    return counts


def _is_lopsided(sizes: NDArray[np.int64]) -> bool:
    """Whether a quarter of the facts lie in partitions far too large for a cache."""
    usual = max(int(sizes.sum()) // len(sizes), _FACTS_PER_PART)
    return int(sizes[sizes > _CROWD * usual].sum()) > int(sizes.sum()) // 4


def _numbered_cuts(count: int) -> list[tuple[int, int, int]]:
    """A stretch for each thread, and its number."""
    return [(i, *cut) for i, cut in enumerate(even(count, threads()))]


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
