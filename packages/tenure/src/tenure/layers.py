"""A reduced form in layers: each was reduced at once and never changes, the largest comes first.

New facts become a small layer of their own beside the large ones, which are shared and not copied. Only a layer that
has grown to more than half of the next larger one is joined with it, so that whatever came in is copied as often as
the form can double, and an update costs what its own facts cost. The union knows no order and no repeats: however
facts are split into updates, the layers together say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.errors import LengthsDiffer
from tenure.sharing import even, share, threads

if TYPE_CHECKING:
    from tenure.planes import Masks


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """customers[n] ascending, offsets[n + 1], days[m]: each customer's ascending days. All arrays are read-only."""

    customers: NDArray[np.int64]
    offsets: NDArray[np.int64]
    days: NDArray[np.int32]
    _kept: dict[str, Masks] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.offsets) != len(self.customers) + 1:
            raise LengthsDiffer(
                left="offsets",
                left_length=len(self.offsets),
                right="customers, plus one,",
                right_length=len(self.customers) + 1,
            )
        for column in (self.customers, self.offsets, self.days):
            if column.flags.writeable:
                column.flags.writeable = False

    def __len__(self) -> int:
        return len(self.customers)

    def masks(self, period: str) -> Masks:
        """Everybody's word of 64 periods; kept, and so made once however much comes in beside this layer."""
        if period not in self._kept:
            from tenure import planes

            self._kept[period] = planes.masks_of_days(self.offsets, self.days, period=period)
        return self._kept[period]

    def only(self, customers: NDArray[np.int64]) -> Layer:
        """Those of some customers, given ascending, that are here."""
        from tenure._kernels.days import place_lists

        place, is_here = places(self.customers, customers)
        chosen = place[is_here]
        offsets = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum(self.offsets[chosen + 1] - self.offsets[chosen], out=offsets[1:])
        out = np.empty(offsets[-1], np.int32)
        columns = chosen, self.offsets, self.days, offsets, out
        share(lambda a, b: place_lists(a, b, *columns), even(len(chosen), 4 * threads()))
        return Layer(customers[is_here], offsets, out)

    def where(self, mask: NDArray[np.bool_]) -> Layer:
        """Only the days a mask chooses; customers left with none are left out."""
        total = np.concatenate([[0], np.cumsum(mask)])
        offsets = total[self.offsets]
        some = np.diff(offsets) > 0
        return Layer(self.customers[some], np.concatenate([[0], offsets[1:][some]]), self.days[mask])


def settled(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """The same in as few layers as an update may make: each at most half as large as the one before it."""
    distinct = {id(layer): layer for layer in layers if len(layer)}
    ascending = sorted(distinct.values(), key=lambda layer: len(layer.days))
    done: list[Layer] = []
    for layer in ascending:
        if done and 2 * len(done[-1].days) > len(layer.days):
            done[-1] = union(layer, done[-1])
        else:
            done.append(layer)
    return tuple(reversed(done))


def together(layers: Iterable[Layer]) -> Layer:
    """All of them as one, from the smallest up, so that the largest is copied once."""
    return reduce(union, sorted(layers, key=lambda layer: len(layer.days)))


def union(left: Layer, right: Layer) -> Layer:
    """Both as one. The smaller one's days are looked at one by one; the rest is copied as it lies."""
    from tenure._kernels.merging import merge_lists

    large, small = (left, right) if len(left.days) >= len(right.days) else (right, left)
    most = len(large) + len(small)
    customers, offsets = np.empty(most, np.int64), np.empty(most + 1, np.int64)
    days = np.empty(len(large.days) + len(small.days), np.int32)
    sides = (side for layer in (large, small) for side in (layer.customers, layer.offsets, layer.days))
    merge: Any = merge_lists
    people, found = merge(*sides, customers, offsets, days)
    return Layer(customers[:people], offsets[: people + 1], days[:found])


def places(customers: NDArray[np.int64], asked: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each of the asked is among ascending customers, and whether they are there at all."""
    if not len(customers):
        return np.zeros(len(asked), np.int64), np.zeros(len(asked), bool)
    place = np.minimum(np.searchsorted(customers, asked), len(customers) - 1)
    return place, customers[place] == asked


def masks_before(layers: tuple[Layer, ...], period: str, *, until: int | None) -> Masks:
    """Everybody's mask over all layers, of days before `until` only.

    The largest layer keeps its masks from one update to the next. Masked anew are those customers who are in a
    smaller one too, and those seen in the period that `until` cuts, or later.
    """
    from tenure.periods import period_of

    customers, masks = _masks(layers, period)
    if until is None or not (late := masks.last >= int(period_of(np.array([until]), period)[0])).any():
        return masks
    lists = together(layer.only(np.sort(customers[late])) for layer in layers)
    return masks.where(~late).beside(lists.where(lists.days < until).masks(period))


def _masks(layers: tuple[Layer, ...], period: str) -> tuple[NDArray[np.int64], Masks]:
    """Customers, in no certain order, and their masks."""
    largest, *newer = layers
    masks = largest.masks(period)
    if not newer:
        return largest.customers, masks
    added = together(newer)
    place, is_known = places(largest.customers, added.customers)
    again = union(largest.only(added.customers), added).masks(period)
    untouched = np.ones(len(largest), bool)
    untouched[place[is_known]] = False
    people = np.concatenate([largest.customers[untouched], added.customers])
    return people, masks.where(untouched).beside(again)
