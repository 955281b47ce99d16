"""Changing reduced forms: together, renamed, without. Every answer is a new Days; the old one stays as it was."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tenure.days import Days
from tenure.layers import settled


def merged(left: Days, right: Days) -> Days:
    """The union: what is new becomes a layer beside the others, or is joined with those that are not much larger."""
    if left.is_empty or right.is_empty:
        return left if right.is_empty else right
    return Days.of(settled(left.layers + right.layers), zone=left.zone, notes=left.notes + right.notes)


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
