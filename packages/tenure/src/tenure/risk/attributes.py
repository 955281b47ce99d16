"""Attributes of customers as they were known at a landmark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure import clocks
from tenure.conditions import column_of
from tenure.errors import WhichColumn
from tenure.inputs import as_arrow, as_frame, guess_column, read_customers
from tenure.risk.columns import read_column
from tenure.risk.reading import Log
from tenure.risk.rows import MISSING, Column
from tenure.risk.sentences import note


@dataclass(frozen=True, slots=True, eq=False)
class Attributes:
    """Versions of what is said of customers, sorted by when each became known; `owner` is a place in the log."""

    owner: NDArray[np.int64]
    recorded: NDArray[np.int64] | None
    columns: tuple[Column, ...]
    groups: NDArray[Any] | None
    notes: tuple[str, ...] = ()

    def known_at(self, places: NDArray[np.int64], *, customers: int, at: int) -> tuple[Column, ...]:
        """Each customer's latest version recorded by then; nothing where there was none."""
        latest = np.full(customers, MISSING, np.int64)
        seen = np.arange(len(self.owner)) if self.recorded is None else np.flatnonzero(self.recorded <= at)
        latest[self.owner[seen]] = seen
        rows = latest[places]
        return tuple(_or_nothing(column, rows) for column in self.columns)


def read_attributes(
    data: Any, log: Log, *, customer: Any, recorded: str | None, group: str | None, exclude: tuple[str, ...], zone: str
) -> Attributes:
    """One row per customer, or several with `recorded`, the column that says when each became known."""
    frame = as_frame(data)
    person = _person(frame, customer)
    ids, labels, missing = read_customers(column_of(frame, person))
    owner = _places(ids, labels, log)
    known = None if recorded is None else clocks.read_times(column_of(frame, recorded), zone=zone).moments
    keep = owner >= 0 if missing is None else (owner >= 0) & ~missing
    order = np.flatnonzero(keep) if known is None else np.flatnonzero(keep)[np.argsort(known[keep], kind="stable")]
    names = [name for name in frame.columns if name not in {person, recorded, group, *exclude}]
    read = [read_column(column_of(frame, name), name=name) for name in names]
    columns = tuple(column.taken(order) for column, _ in read if column is not None)
    notes = tuple(note for _, note in read if note)
    lost = int((~keep).sum())
    notes += (note("attributes-of-nobody", rows=f"{lost:,}"),) if lost else ()
    groups = None if group is None else _groups(as_arrow(column_of(frame, group)), owner, order, len(log.customers))
    return Attributes(owner[order], None if known is None else known[order], columns, groups, notes)


def _person(frame: Any, customer: Any) -> str:
    if isinstance(customer, str) and customer in frame.columns:
        return customer
    found = guess_column(list(frame.columns), role="customer")
    if found is None:
        raise WhichColumn(role="customer", columns=", ".join(map(str, frame.columns)))
    return found


def _places(ids: NDArray[np.int64], labels: NDArray[Any] | None, log: Log) -> NDArray[np.int64]:
    """Each row's customer as a place among the log's customers; -1 where the log does not know them."""
    if labels is None and log.labels is None:
        place = np.clip(np.searchsorted(log.customers, ids), 0, len(log.customers) - 1)
        return np.where(log.customers[place] == ids, place, MISSING)
    known = {str(log.label(code)): place for place, code in enumerate(log.customers.tolist())}
    words = ids.tolist() if labels is None else labels[ids].tolist()
    return np.array([known.get(str(word), MISSING) for word in words], np.int64)


def _groups(values: Any, owner: NDArray[np.int64], order: NDArray[Any], customers: int) -> NDArray[Any]:
    found = np.full(customers, None, object)
    words = np.array(values.to_pylist(), object)
    found[owner[order]] = words[order]
    return found


def _or_nothing(column: Column, rows: NDArray[np.int64]) -> Column:
    """The column's rows; not known where there is no row."""
    nobody = rows == MISSING
    nothing = np.nan if column.levels is None else MISSING
    if not len(column.values):
        return Column(column.name, np.full(len(rows), nothing), column.levels, column.theme)
    return Column(column.name, np.where(nobody, nothing, column.values[rows]), column.levels, column.theme)
