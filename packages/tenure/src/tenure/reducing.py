"""Facts to days at speed: partitions in cache, then one placing of every customer's list."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure.grouping import distinct_in_runs, distinct_per_customer, group
from tenure.localising import extent, local_days
from tenure.partitions import Parts, bits_for, looks_sorted, numbered, partitioned
from tenure.sharing import even, share, threads

_FEW: Final = 200_000
Lists = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]


def customer_days(customers: NDArray[np.int64], moments: NDArray[np.int64], *, zone: str) -> Lists:
    """Customers ascending, offsets, and each one's distinct local days ascending."""
    if len(customers) >= _FEW:
        if looks_sorted(customers):
            return _from_runs(customers, moments, zone=zone)
        first, last = extent(moments)
        table = numbered(zone, "day", first=first, last=last)
        bits = None if table is None else bits_for(len(customers), span=table[2])
        if table is not None and bits is not None:
            parts = partitioned(customers, moments, table[0], table[1], bits=bits)
            return _from_parts(parts, span=table[2])
    ids, codes = group(customers)
    offsets, days = distinct_per_customer(codes, local_days(moments, zone=zone), count=len(ids))
    return ids, offsets, days


def _from_runs(customers: NDArray[np.int64], moments: NDArray[np.int64], *, zone: str) -> Lists:
    marks = np.flatnonzero(customers[1:] != customers[:-1]) + 1
    starts = np.concatenate([[0], marks, [len(customers)]])
    offsets, days = distinct_in_runs(starts, local_days(moments, zone=zone))
    return customers[starts[:-1]], offsets, days


def _from_parts(parts: Parts, *, span: int) -> Lists:
    from tenure._kernels.days import days_of_parts, place_lists

    cuts = even(len(parts.starts) - 1, 16)
    values = np.empty(len(parts.words), np.int32)
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]] | None] = [None] * len(cuts)

    def some(i: int, a: int, b: int) -> None:
        found[i] = days_of_parts(a, b, parts.starts, parts.words, parts.bits, span, parts.origin, values)

    share(some, [(i, *cut) for i, cut in enumerate(cuts)])
    people, begins, lengths = (np.concatenate(columns) for columns in zip(*found, strict=True))  # type: ignore[arg-type]  # all filled
    order = _order(people)
    offsets = np.concatenate([[0], np.cumsum(lengths[order], dtype=np.int64)])
    out = np.empty(offsets[-1], np.int32)
    share(lambda a, b: place_lists(a, b, order, begins, values, offsets, out), even(len(order), 4 * threads()))
    return people[order], offsets, out


def _order(people: NDArray[np.int64]) -> NDArray[np.int64]:
    """What `np.argsort` says of distinct ids: a few to a bucket by their height, and each bucket sorted."""
    from tenure._kernels.days import bucketed, order_buckets, sizes_of_buckets

    low, high = int(people.min()), int(people.max())
    shift = max(0, (high - low).bit_length() - max(1, len(people).bit_length() - 3))
    sizes = np.zeros(((high - low) >> shift) + 1, np.int64)
    sizes_of_buckets(people, low, shift, sizes)
    ends, order = np.cumsum(sizes), np.empty(len(people), np.int64)
    bucketed(people, low, shift, ends - sizes, order)
    share(lambda a, b: order_buckets(a, b, ends, people, order), even(len(ends), 4 * threads()))
    return order
