"""What is known of each active customer at a landmark: recency, counts, trend, sums, intervals, names."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.risk import _kernels
from tenure.risk.attributes import Attributes
from tenure.risk.definitions import Definition
from tenure.risk.reading import Log
from tenure.risk.rows import Column, Rows
from tenure.sharing import even, share, threads

DAY = _kernels.DAY


def rows_known_at(
    log: Log,
    *,
    definition: Definition,
    at: int,
    chosen: NDArray[np.bool_],
    groups: NDArray[np.int64],
    attributes: Attributes | None = None,
    labelled: bool = False,
) -> Rows:
    """Rows of the chosen customers active at a moment, from facts that had occurred and were recorded by then."""
    found, active = _known(log, definition, at, chosen)
    left = None
    if labelled:
        outcome = _outcomes(log, definition, at, active)
        active &= outcome >= 0
        left = outcome[active] == 1
    places = np.flatnonzero(active)
    columns = _columns(found[places], definition)
    if attributes is not None:
        columns += attributes.known_at(places, customers=len(log.customers), at=at)
    ids = log.customers[places]
    customers = ids if log.labels is None else log.labels[ids]
    return Rows(customers, np.full(len(places), at, np.int64), groups[places], columns, left)


def _known(
    log: Log, definition: Definition, at: int, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    windows, names = np.array(definition.windows, np.int64), len(definition.names)
    out = np.empty((len(log.customers), _kernels.FIXED + 3 * len(windows) + 2 * names))
    active = np.zeros(len(log.customers), bool)
    name = _codes(log, definition)

    def work(first: int, last: int) -> None:
        _kernels.known_at(
            first, last, chosen, log.starts, log.occurred, log.recorded, log.day, log.activity, log.leaving, name,
            log.amount, at, windows, names, at - definition.active_days * DAY, out, active,
        )  # fmt: skip

    share(work, even(len(active), threads()))
    return out, active


def _outcomes(log: Log, definition: Definition, at: int, active: NDArray[np.bool_]) -> NDArray[np.int8]:
    opens = at + definition.gap_days * DAY
    closes = opens + definition.horizon_days * DAY
    out = np.full(len(active), -1, np.int8)

    def work(first: int, last: int) -> None:
        _kernels.happened(
            first, last, active, log.starts, log.occurred, log.activity, log.leaving, at, opens, closes,
            definition.leaving is not None, out,
        )  # fmt: skip

    share(work, even(len(active), threads()))
    return out


def _codes(log: Log, definition: Definition) -> NDArray[np.int64]:
    """The facts' names as places in the definition's, then the others behind them."""
    if not log.name_words:
        return log.name
    wanted = {word: place for place, word in enumerate(definition.names)}
    others = (word for word in log.name_words if word not in wanted)
    wanted |= {word: place for place, word in enumerate(others, start=len(wanted))}
    table = np.array([wanted[word] for word in log.name_words] + [-1], np.int64)
    return table[log.name]


def _columns(found: NDArray[np.float64], definition: Definition) -> tuple[Column, ...]:
    w, k = definition.windows, len(definition.windows)
    at = {
        name: found[:, place]
        for place, name in enumerate(("age", "recency", "count", "days", "gap", "sd", "paid", "kinds"))
    }
    base = _kernels.FIXED
    columns = [
        Column("recency_days", at["recency"], theme="recency"),
        Column("usual_interval_days", at["gap"], theme="rhythm"),
        Column("interval_spread_days", at["sd"], theme="rhythm"),
        Column("overdue", _overdue(at["recency"], at["gap"]), theme="recency"),
        Column("tenure_days", at["age"], theme="tenure"),
        Column("count_all", at["count"], theme="frequency"),
        Column("days_all", at["days"], theme="frequency"),
    ]
    for i, days in enumerate(w):
        columns.append(Column(f"count_{days}", found[:, base + i], theme="frequency"))
        columns.append(Column(f"days_{days}", found[:, base + k + i], theme="frequency"))
    if k > 1:
        columns.append(Column("trend", _trend(found, w, base), theme="trend"))
    if definition.has_amounts:
        columns += _amounts(found, at, w, base + 2 * k)
    if definition.names:
        columns.append(Column(f"kinds_{w[-1]}", at["kinds"], theme="names"))
    return tuple(columns) + _by_name(found[:, base + 3 * k :], definition)


def _by_name(found: NDArray[np.float64], definition: Definition) -> tuple[Column, ...]:
    names, longest = definition.names, definition.windows[-1]
    counts = [Column(f"count_{longest}: {name}", found[:, i], theme=f"name: {name}") for i, name in enumerate(names)]
    since = [
        Column(f"days since: {name}", found[:, len(names) + i], theme=f"name: {name}") for i, name in enumerate(names)
    ]
    return (*counts, *since)


def _amounts(found: NDArray[np.float64], at: dict[str, Any], windows: tuple[int, ...], base: int) -> list[Column]:
    sums = [Column(f"amount_{days}", found[:, base + i], theme="amount") for i, days in enumerate(windows)]
    mean = at["paid"] / np.maximum(at["count"], 1)
    return [*sums, Column("amount_all", at["paid"], theme="amount"), Column("amount_mean", mean, theme="amount")]


def _overdue(recency: NDArray[np.float64], usual: NDArray[np.float64]) -> NDArray[np.float64]:
    """log of the time since the last over the customer's own usual interval; not known with a single day."""
    return np.log((recency + 0.5) / (usual + 0.5))


def _trend(found: NDArray[np.float64], windows: tuple[int, ...], base: int) -> NDArray[np.float64]:
    """log of the rate in the second-longest window over the rate in the rest of the longest one."""
    short, long = windows[-2], windows[-1]
    recent, whole = found[:, base + len(windows) - 2], found[:, base + len(windows) - 1]
    return np.log((recent + 0.5) / short) - np.log((whole - recent + 0.5) / (long - short))
