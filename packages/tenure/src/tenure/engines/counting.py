"""From an engine's counts to those of a Retention: sums along the periods, and who was at risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.engines.expressions import Plan
from tenure.following import Counts
from tenure.kinds import Kind

_HALF = 2**31


def counts_of(cells: Any, plan: Plan, tags: Sequence[str] | None, *, ended: int, periods: int) -> Counts:
    """Rows are (segment, cohort), ascending. `ended` is the last period that is over, for everybody."""
    base, n, seen = (_column(cells, name) for name in ("base", "n", "seen"))
    codes = _codes(cells, tags)
    keys, row = np.unique((codes << 32) | (base + _HALF), return_inverse=True)
    cohort, shape = (keys % (2 * _HALF) - _HALF).astype(np.int32), (len(keys), plan.horizon + 2)
    sizes = np.bincount(row[n == 0], weights=seen[n == 0], minlength=len(keys)).astype(np.int64)

    def table(name: str, place: NDArray[np.int64] = n) -> NDArray[np.int64]:
        """Counts by row and period, the last column for everything later."""
        out = np.zeros(shape, np.int64)
        np.add.at(out, (row, np.minimum(place, shape[1] - 1)), _column(cells, name) * (n > 0))
        return out

    limit = ended - cohort.astype(np.int64)
    is_open = np.arange(periods + 1) > np.maximum(limit, 0)[:, None]
    retained: dict[Kind, NDArray[np.int64]] = {}
    for kind in plan.asked.kinds:
        whole = _bracket(table, cells, plan, n) if kind == "bracket" else _summed(kind, table)
        retained[kind] = np.where(is_open, 0, whole[:, : periods + 1])
        retained[kind][:, 0] = sizes
    at_risk = np.where(is_open, 0, sizes[:, None])
    return Counts(cohort, keys >> 32, sizes, at_risk, retained, limit.astype(np.int32))


def _summed(kind: str, table: Any) -> NDArray[np.int64]:
    if kind == "classic":
        return table("seen")
    if kind == "full":
        return table("run")
    if kind == "return":
        return table("first").cumsum(axis=1)
    return table("last")[:, ::-1].cumsum(axis=1)[:, ::-1]


def _bracket(table: Any, cells: Any, plan: Plan, n: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each return adds the stretch from its `fresh` N to the last it reaches; stretches of a birth never overlap."""
    assert plan.reach is not None
    within = np.minimum(n, plan.horizon)
    ends = np.where(n <= plan.horizon, plan.reach[within].astype(np.int64) + 1, plan.horizon + 1)
    begins = np.where(n <= plan.horizon, _column(cells, "fresh"), plan.horizon + 1)
    added = (table("seen", begins) - table("seen", ends)).cumsum(axis=1)
    starts = plan.asked.starts(plan.horizon)
    added[:, : plan.horizon + 1][:, starts == 0] = 0
    return added


def _codes(cells: Any, tags: Sequence[str] | None) -> NDArray[np.int64]:
    """Each cell's place among the segments."""
    if tags is None:
        return np.zeros(cells.num_rows, np.int64)
    places = {tag: place for place, tag in enumerate(tags)}
    return np.array([places[tag] for tag in cells["tag"].to_pylist()], np.int64)


def _column(cells: Any, name: str) -> NDArray[np.int64]:
    return cells[name].to_numpy().astype(np.int64)
