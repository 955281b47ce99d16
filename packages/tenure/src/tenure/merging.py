"""Changing reduced forms: together, renamed, without. Every answer is a new Days; the old one stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.days import Days


def merged(left: Days, right: Days) -> Days:
    """The union. Sorting costs as much as the new facts; the rest is copied."""
    if not len(right) or not len(left):
        return left if len(left) else right
    customers = np.union1d(left.customers, right.customers)
    offsets, days = _union(left, right, customers)
    return Days(customers, offsets, days, left.zone, notes=left.notes + right.notes)


def renamed(days: Days, mapping: Mapping[int, int]) -> Days:
    """Only the customers the mapping names are touched."""
    old = np.array([name for name in mapping if mapping[name] != name], np.int64)
    moving = np.isin(days.customers, old)
    if not moving.any():
        return days
    moved = only(days, moving)
    names = np.array([mapping[int(name)] for name in moved.customers], np.int64)
    return merged(only(days, ~moving), from_pairs(np.repeat(names, np.diff(moved.offsets)), moved.days, zone=days.zone))


def without(days: Days, customers: NDArray[np.int64]) -> Days:
    """Everybody else."""
    leaving = np.isin(days.customers, customers)
    return only(days, ~leaving) if leaving.any() else days


def only(days: Days, chosen: NDArray[np.bool_]) -> Days:
    """The chosen customers with all their days."""
    lengths = np.diff(days.offsets)
    return Days(
        days.customers[chosen],
        np.concatenate([[0], np.cumsum(lengths[chosen])]),
        days.days[np.repeat(chosen, lengths)],
        days.zone,
        days.labels,
        days.notes,
    )


def from_pairs(customers: NDArray[np.int64], days: NDArray[np.int32], *, zone: str) -> Days:
    """Days of loose (customer, day) pairs, in any order, with repeats."""
    from tenure.grouping import distinct_per_customer, group

    ids, codes = group(customers)
    offsets, values = distinct_per_customer(codes, days, count=len(ids))
    return Days(ids, offsets, values, zone)


def _union(left: Days, right: Days, customers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    from tenure._kernels.merging import union_lengths, union_values
    from tenure.sharing import even, share, threads

    at = [np.searchsorted(side.customers, customers) for side in (left, right)]
    held = [_held(side, places, customers) for side, places in zip((left, right), at, strict=True)]
    measure: Any = union_lengths
    fill: Any = union_values
    lengths = np.zeros(len(customers), np.int64)
    sides: Any = (*at, *held, left.offsets, left.days, right.offsets, right.days)
    parts = even(len(customers), 4 * threads())
    share(lambda a, b: measure(a, b, *sides, lengths), parts)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    days = np.empty(offsets[-1], np.int32)
    share(lambda a, b: fill(a, b, *sides, offsets, days), parts)
    return offsets, days


def _held(side: Days, places: NDArray[np.int64], customers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the customers this side has."""
    return side.customers[np.minimum(places, len(side) - 1)] == customers
