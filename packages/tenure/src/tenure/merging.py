"""Changing reduced forms: together, renamed, without. Every answer is a new Days; the old one stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.days import Days


def merged(left: Days, right: Days) -> Days:
    """The union. The new facts are looked at one by one; the rest is copied as it lies, at the speed of memory."""
    if not len(right) or not len(left):
        return left if len(left) else right
    large, small = (left, right) if len(left.days) >= len(right.days) else (right, left)
    customers, offsets, days = _union(large, small)
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


def _union(large: Days, small: Days) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    from tenure._kernels.merging import merge_lists

    most = len(large) + len(small)
    customers, offsets = np.empty(most, np.int64), np.empty(most + 1, np.int64)
    days = np.empty(len(large.days) + len(small.days), np.int32)
    sides = (side for days in (large, small) for side in (days.customers, days.offsets, days.days))
    merge: Any = merge_lists
    people, found = merge(*sides, customers, offsets, days)
    return customers[:people], offsets[: people + 1], days[:found]
