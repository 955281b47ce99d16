"""Facts to days at speed: partitions in cache, then one placing of every customer's list."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure.grouping import distinct_in_runs, distinct_per_customer, group
from tenure.localising import local_days
from tenure.partitions import Parts, bits_for, in_order, looks_sorted, numbered, partitioned
from tenure.sharing import even, gather, share, threads

_FEW: Final = 200_000
Lists = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]


def customer_days(
    customers: NDArray[np.int64], moments: NDArray[np.int64], *, zone: str, extent: tuple[int, int]
) -> Lists:
    """Customers ascending, offsets, and each one's distinct local days ascending; all moments are within `extent`."""
    if len(customers) >= _FEW:
        if looks_sorted(customers):
            return _from_runs(customers, moments, zone=zone)
        table = numbered(zone, "day", first=extent[0], last=extent[1])
        bits = None if table is None else bits_for(len(customers), span=table[2])
        if table is not None and bits is not None:
            spread = in_order(customers)
            return _from_parts(partitioned(customers, moments, *table[:2], span=table[2], bits=bits, spread=spread))
    ids, codes = group(customers)
    offsets, days = distinct_per_customer(codes, local_days(moments, zone=zone), count=len(ids))
    return ids, offsets, days


def _from_runs(customers: NDArray[np.int64], moments: NDArray[np.int64], *, zone: str) -> Lists:
    marks = np.flatnonzero(customers[1:] != customers[:-1]) + 1
    starts = np.concatenate([[0], marks, [len(customers)]])
    offsets, days = distinct_in_runs(starts, local_days(moments, zone=zone))
    return customers[starts[:-1]], offsets, days


def _from_parts(parts: Parts) -> Lists:
    from tenure._kernels.days import days_of_parts

    cuts, values = even(len(parts.starts) - 1, 8 * threads()), np.empty(len(parts.words), np.int32)
    how = parts.spread.low, parts.spread.lead, parts.spread.inverse, parts.origin
    columns = parts.starts, parts.words, parts.bits, parts.span, *how, values
    found = gather(lambda a, b: days_of_parts(a, b, *columns), cuts)
    people, lengths = (np.concatenate(column) for column in zip(*found, strict=True))
    starts = [int(parts.starts[a]) for a, _ in cuts]
    if parts.spread.is_in_order:
        return people, _offsets(lengths), _closed_up(values, starts, [int(mine.sum()) for _, mine in found])
    begins = [start + _offsets(mine)[:-1] for start, (_, mine) in zip(starts, found, strict=True)]
    return _in_order(people, np.concatenate(begins), lengths, values)


def _in_order(
    people: NDArray[np.int64], begins: NDArray[np.int64], lengths: NDArray[np.int32], values: NDArray[np.int32]
) -> Lists:
    """Customers ascending, with their lists."""
    from tenure._kernels.days import place_lists

    order = _order(people)
    offsets = _offsets(lengths[order])
    out = np.empty(offsets[-1], np.int32)
    share(lambda a, b: place_lists(a, b, order, begins, values, offsets, out), even(len(order), 4 * threads()))
    return people[order], offsets, out


def _closed_up(values: NDArray[np.int32], starts: list[int], counts: list[int]) -> NDArray[np.int32]:
    """Stretches of values moved together."""
    ends = np.cumsum(counts).tolist()
    out = np.empty(ends[-1], np.int32)

    def copy(start: int, count: int, end: int) -> None:
        out[end - count : end] = values[start : start + count]

    share(copy, list(zip(starts, counts, ends, strict=True)))
    return out


def _offsets(lengths: NDArray[np.int32]) -> NDArray[np.int64]:
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _order(people: NDArray[np.int64]) -> NDArray[np.int64]:
    """What `np.argsort` says of distinct ids: a few to a bucket by their height, and each bucket sorted."""
    from tenure._kernels.ordering import bucketed, order_buckets, sizes_of_buckets

    low, high = int(people.min()), int(people.max())
    shift = max(0, (high - low).bit_length() - max(1, len(people).bit_length() - 3))
    sizes = np.zeros(((high - low) >> shift) + 1, np.int64)
    sizes_of_buckets(people, low, shift, sizes)
    ends, order = np.cumsum(sizes), np.empty(len(people), np.int64)
    bucketed(people, low, shift, ends - sizes, order)
    share(lambda a, b: order_buckets(a, b, ends, people, order), even(len(ends), 4 * threads()))
    return order
