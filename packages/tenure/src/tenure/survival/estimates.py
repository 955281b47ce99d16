"""Kaplan–Meier and Nelson–Aalen: `kaplan_meier` and its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tenure.errors import UnknownChoice
from tenure.survival.curves import SurvivalCurve, curve_of
from tenure.survival.followed import checked_level, groups_of, read_followed

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.survival.remaining import RemainingLifetime

_COLUMNS: Final = (
    "time", "at_risk", "lost_at", "censored_at", "survival", "low", "high", "hazard", "hazard_low", "hazard_high",
)  # fmt: skip
_MOST_DRAWN: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Survival:
    """A Kaplan–Meier curve per group, in the order of their names; one with group None when not broken down."""

    curves: tuple[SurvivalCurve, ...]
    unit: str
    by: str | None
    level: float
    notes: tuple[str, ...] = ()

    def __getitem__(self, group: Any) -> SurvivalCurve:
        found = next((curve for curve in self.curves if curve.group == group), None)
        if found is None:
            raise UnknownChoice(name="group", value=group, choices=", ".join(str(curve.group) for curve in self.curves))
        return found

    @property
    def curve(self) -> SurvivalCurve:
        """The only curve; with a breakdown, ask for a group instead."""
        if len(self.curves) > 1:
            raise UnknownChoice(name="group", value=None, choices=", ".join(str(curve.group) for curve in self.curves))
        return next(iter(self.curves))

    def remaining(self, *, at: Any = None, ahead: Any = None, horizon: float | None = None) -> RemainingLifetime:
        """How much longer those who are still there at each of `at` will stay; see `remaining_lifetime`."""
        from tenure.survival.remaining import remaining_of

        return remaining_of(self, at=at, ahead=ahead, horizon=horizon)

    def table(self) -> pa.Table:
        """An Arrow table: (group,) time, at_risk, lost, censored, survival and hazard, each with low and high."""
        import pyarrow as pa

        columns = {
            name.removesuffix("_at"): pa.array(np.concatenate([getattr(c, name) for c in self.curves]))
            for name in _COLUMNS
        }
        if self.by is None:
            return pa.table(columns)
        groups = [curve.group for curve in self.curves for _ in curve.time]
        return pa.table({self.by: pa.array(groups), **columns})

    def chart(self, **choices: Any) -> Any:
        """An Altair chart; needs `pip install tenure[chart]`."""
        from tenure import charts

        return charts.survival_curves(replace(self, curves=tuple(map(_thinned, self.curves))), **choices)

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th>{name}</th>"
            for name in ("", "customers", "lost", f"half left by ({self.unit}s)", f"{self.level:.0%} interval")
        )
        lines = "".join(_html_line(curve) for curve in self.curves)
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        caption = f"<caption>Kaplan–Meier{f' by {escape(self.by)}' if self.by else ''}</caption>"
        listed = f"<ul>{notes}</ul>" if notes else ""
        return f'<div class="tenure"><table>{caption}<tr>{head}</tr>{lines}</table>{listed}</div>'

    def __repr__(self) -> str:
        n, lost = sum(curve.customers for curve in self.curves), sum(curve.lost for curve in self.curves)
        groups = "1 group" if len(self.curves) == 1 else f"{len(self.curves)} groups"
        return f"<Survival of {n:,} customers, {lost:,} lost, in {groups}>"


def kaplan_meier(
    data: Any = None, *, duration: Any, event: Any, by: Any = None, unit: str = "month", level: float = 0.95
) -> Survival:
    """Kaplan–Meier: the share still customers by time since they began.

    `duration` (a column or an array) is how long each was seen, in `unit`s, 0 or more; `event` is true where they
    left then, false where they had not left yet (censored). S(t) = Π (1 − dᵢ/nᵢ), Kaplan and Meier (1958); a
    customer censored at t is at risk at t. Intervals: Greenwood's variance on the log(−log S) scale (Kalbfleisch
    and Prentice), which stays within 0..1; Nelson–Aalen's on the log scale. Rows with nothing in a column are left
    out and counted in `notes`. Raises a TenureError, whose text names the row.
    """
    checked_level(level)
    followed = read_followed(data, duration=duration, event=event, unit=unit)
    if by is None:
        return Survival((curve_of(followed.times, followed.left, level=level),), unit, None, level, followed.notes)
    groups, codes = groups_of(followed.values(by, name="by"))
    order = np.argsort(codes, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(codes, minlength=len(groups)))[:-1])
    curves = tuple(
        curve_of(followed.times[rows], followed.left[rows], group=group, level=level)
        for group, rows in zip(groups, parts, strict=True)
    )
    return Survival(curves, unit, by if isinstance(by, str) else "group", level, followed.notes)


def _thinned(curve: SurvivalCurve) -> SurvivalCurve:
    """At most a thousand of its times, evenly: more than a picture can show, and its data stays small."""
    if len(curve.time) <= _MOST_DRAWN:
        return curve
    some = np.unique(np.linspace(0, len(curve.time) - 1, _MOST_DRAWN).astype(np.int64))
    return SurvivalCurve(curve.group, *(getattr(curve, name)[some] for name in _COLUMNS))


def _html_line(curve: SurvivalCurve) -> str:
    low, high = curve.median_interval
    name = "" if curve.group is None else escape(str(curve.group))
    cells = (f"{curve.customers:,}", f"{curve.lost:,}", _reached(curve.median), f"{_reached(low)} to {_reached(high)}")
    return f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _reached(time: float) -> str:
    return "not reached" if np.isnan(time) else f"{time:g}"
