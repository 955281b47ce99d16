"""The reduced form: each customer's local days with a fact, sorted, frozen, and enough for every calendar question."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import layers
from tenure.errors import DaysDiffer, UnreadableInput
from tenure.layers import Layer
from tenure.periods import checked_period, period_of

if TYPE_CHECKING:
    from tenure.planes import Planes

_PLANES_KEPT: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Ascending distinct whole numbers per customer: values[offsets[i]:offsets[i + 1]] belong to customers[i]."""

    customers: NDArray[np.int64]
    offsets: NDArray[np.int64]
    values: NDArray[np.int32]
    period: str = "day"

    def __len__(self) -> int:
        return len(self.customers)


@dataclass(frozen=True, slots=True, eq=False, repr=False, init=False)
class Days:
    """customers[n] ascending, offsets[n + 1], days[m]: absolute local days since 1970-01-01 in `zone`.

    Every calendar period derives from these days; a moment inside a day does not, so conditions, other zones
    and personal windows are reduced anew from the facts. All arrays are read-only.

    It lies in layers (see `tenure.layers`): what `merge` brings is put beside what was there, and both are put
    together when somebody asks for the columns. A plain question needs no more than the layers.
    """

    layers: tuple[Layer, ...]
    zone: str
    labels: NDArray[Any] | None
    notes: tuple[str, ...]
    _kept: dict[Any, Any]

    def __init__(
        self,
        customers: NDArray[np.int64],
        offsets: NDArray[np.int64],
        days: NDArray[np.int32],
        zone: str = "UTC",
        labels: NDArray[Any] | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self._fill((Layer(customers, offsets, days),), zone, labels, notes)

    @classmethod
    def of(
        cls, layers: tuple[Layer, ...], *, zone: str, labels: NDArray[Any] | None = None, notes: tuple[str, ...] = ()
    ) -> Days:
        """From layers as they are, one at least."""
        days = cls.__new__(cls)
        days._fill(layers, zone, labels, notes)
        return days

    def __len__(self) -> int:
        return len(self.customers)

    def __repr__(self) -> str:
        span = f", {np.datetime64(self.start, 'D')} to {np.datetime64(self.end, 'D')}" if len(self.days) else ""
        return f"<Days of {len(self):,} customers, {len(self.days):,} customer-days in {self.zone}{span}>"

    @property
    def customers(self) -> NDArray[np.int64]:
        """Everybody, ascending."""
        return self.whole.customers

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each customer's days begin, and where the last one's end."""
        return self.whole.offsets

    @property
    def days(self) -> NDArray[np.int32]:
        """Everybody's days, one customer after the other."""
        return self.whole.days

    @property
    def whole(self) -> Layer:
        """All layers as one; put together when first asked for, and kept."""
        if len(self.layers) == 1:
            return self.layers[0]
        if "whole" not in self._kept:
            self._kept["whole"] = layers.together(self.layers)
        return self._kept["whole"]

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody; asked of the layers, which is cheaper than `len`."""
        return not any(len(layer) for layer in self.layers)

    @property
    def first(self) -> NDArray[np.int32]:
        """Each customer's first day."""
        return self.whole.masks("day").first

    @property
    def start(self) -> int:
        """The first day of all."""
        return min((int(layer.masks("day").first.min()) for layer in self.layers if len(layer)), default=0)

    @property
    def end(self) -> int:
        """The last day of all."""
        return max((int(layer.masks("day").last.max()) for layer in self.layers if len(layer)), default=-(2**31))

    def periods(self, period: str) -> Runs:
        """The same customers by week, month, quarter or year; kept, because it is asked for again."""
        if period not in self._kept:
            self._kept[period] = self._coarser(checked_period(period))
        return self._kept[period]

    def planes(self, period: str, horizon: int, *, until: int | None = None) -> Planes:
        """Bit planes of the five kinds for N = 1..horizon, from each one's first day; the last few are kept.

        The quickest form: one bit per customer and period, in order of cohort (see `tenure.planes`). Days from
        `until` on do not count.
        """
        kept, key = self._kept.setdefault("planes", {}), (period, horizon, until)
        if key not in kept:
            while len(kept) >= _PLANES_KEPT:
                kept.pop(next(iter(kept)), None)
            kept[key] = self._planes(period, horizon, until)
        return kept[key]

    def before(self, day: int) -> Days:
        """Only the days before `day`; the same object when that is all of them."""
        if self.end < day:
            return self
        if self._kept.get("before", (None,))[0] != day:
            self._kept["before"] = (day, self.chosen(self.days < day))
        return self._kept["before"][1]

    def chosen(self, mask: NDArray[np.bool_]) -> Days:
        """Only the customer-days a mask over `days` chooses; customers left with none are left out."""
        return Days.of((self.whole.where(mask),), zone=self.zone, labels=self.labels, notes=self.notes)

    def merge(self, other: Days) -> Days:
        """Both together; merging the same days twice changes nothing.

        It costs what the smaller one costs, whatever lies in the larger one.
        """
        from tenure import merging

        _same_zone(self, other)
        return merging.merged(self, other)

    def renamed(self, mapping: Mapping[int, int]) -> Days:
        """The days of each old id given to its new id (customers that turned out to be one)."""
        from tenure import merging

        return merging.renamed(self, mapping)

    def without(self, customers: NDArray[np.int64] | list[int]) -> Days:
        """Everybody but these customers (erased, or out of the question)."""
        from tenure import merging

        return merging.without(self, np.asarray(customers, np.int64))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write an Arrow IPC file (customer, days) that other tools can read too; replaces the file in one step."""
        from tenure import storing

        storing.save(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str], *, mmap: bool = True) -> Days:
        """Read what `save` wrote, by default without copying it into memory."""
        from tenure import storing

        return storing.load(path, mmap=mmap)

    def _fill(self, layers: tuple[Layer, ...], zone: str, labels: NDArray[Any] | None, notes: tuple[str, ...]) -> None:
        """Frozen from here on."""
        for name, value in (("layers", layers), ("zone", zone), ("labels", labels), ("notes", notes), ("_kept", {})):
            object.__setattr__(self, name, value)

    def _planes(self, period: str, horizon: int, until: int | None) -> Planes:
        from tenure import planes

        if horizon <= planes.LONGEST:
            return planes.planes_of_masks(layers.masks_before(self.layers, period, until=until), horizon=horizon)
        days = self if until is None else self.before(until)
        runs = days.periods(period)
        return planes.planes_of_runs(
            runs.values[runs.offsets[:-1]], np.arange(len(runs)), runs, horizon=horizon, follow_up=None
        )

    def _coarser(self, period: str) -> Runs:
        if period == "day":
            return Runs(self.customers, self.offsets, self.days)
        from tenure.grouping import distinct_in_runs

        if not len(self):
            return Runs(self.customers, self.offsets, self.days, period)
        start = self.start
        numbers = period_of(np.arange(start, self.end + 1), period)
        offsets, values = distinct_in_runs(self.offsets, numbers[self.days - np.int32(start)])
        return Runs(self.customers, offsets, values, period)


def reduce(customer: Any, time: Any, *, zone: str = "UTC") -> Days:
    """Reduce facts to days: customer ids (whole numbers) and times, in any order, with repeats.

    Naive times are clocks in `zone`; whole numbers are microseconds since 1970 in UTC. Facts without a customer
    or a time are left out and counted in `.notes`. Raises a TenureError for what cannot be read.
    """
    from tenure.inputs import read_facts
    from tenure.warming import say_when_slow

    facts = read_facts(None, customer=customer, time=time, zone=zone)
    return say_when_slow(lambda: days_of(facts))


def days_of(facts: Any, mask: NDArray[np.bool_] | None = None) -> Days:
    """The days of the facts that meet a mask."""
    from tenure.reducing import customer_days

    customers, moments = (
        (facts.customers, facts.moments) if mask is None else (facts.customers[mask], facts.moments[mask])
    )
    lists = customer_days(customers, moments, zone=facts.zone, extent=facts.extent)
    return Days(*lists, facts.zone, facts.labels, facts.notes)


def _same_zone(left: Days, right: Days) -> None:
    if left.zone != right.zone:
        raise DaysDiffer(left=left.zone, right=right.zone)
    if left.labels is not None or right.labels is not None:
        raise UnreadableInput(what="days of customers that were not whole numbers; give whole-number ids to merge them")
