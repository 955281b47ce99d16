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
            return _from_parts(partitioned(customers, moments, table[0], table[1], bits=bits))
    ids, codes = group(customers)
    offsets, days = distinct_per_customer(codes, local_days(moments, zone=zone), count=len(ids))
    return ids, offsets, days


def _from_runs(customers: NDArray[np.int64], moments: NDArray[np.int64], *, zone: str) -> Lists:
    marks = np.flatnonzero(customers[1:] != customers[:-1]) + 1
    starts = np.concatenate([[0], marks, [len(customers)]])
    offsets, days = distinct_in_runs(starts, local_days(moments, zone=zone))
    return customers[starts[:-1]], offsets, days


def _from_parts(parts: Parts) -> Lists:
    from tenure._kernels.grouping import days_of_parts, place_lists

    cuts = even(len(parts.starts) - 1, 16)
    found: list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]] | None] = [None] * len(cuts)

    def some(i: int, a: int, b: int) -> None:
        found[i] = days_of_parts(a, b, parts.starts, parts.words, parts.bits)

    share(some, [(i, *cut) for i, cut in enumerate(cuts)])
    people, lengths, values = (np.concatenate(columns) for columns in zip(*found, strict=True))  # type: ignore[arg-type]  # all filled
    order = np.argsort(people)
    begins = np.cumsum(lengths, dtype=np.int64) - lengths
    offsets = np.concatenate([[0], np.cumsum(lengths[order], dtype=np.int64)])
    out = np.empty(len(values), np.int32)
    share(
        lambda a, b: place_lists(a, b, order, begins, values, parts.origin, offsets, out),
        even(len(order), 4 * threads()),
    )
    return people[order], offsets, out
