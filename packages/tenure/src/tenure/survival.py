"""Survival: how long customers stay, when some have not left yet."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.conditions import column_of
from tenure.errors import DurationBad, EventUnclear, LengthsDiffer, NothingToRead, UnknownChoice
from tenure.inputs import as_arrow, as_frame

if TYPE_CHECKING:
    import pyarrow as pa

_LOST: Final = frozenset({"1", "1.0", "true", "t", "yes", "y"})
_KEPT: Final = frozenset({"0", "0.0", "false", "f", "no", "n"})


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """One group's Kaplan–Meier curve: an entry per distinct duration, ascending.

    `at_risk` still there just before `time`, `lost` and `censored` at it; `survival` after it with its interval
    (NaN once nobody is left); `hazard` is Nelson–Aalen's cumulative hazard with its interval.
    """

    group: Any
    time: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    lost_at: NDArray[np.int64]
    censored_at: NDArray[np.int64]
    survival: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    hazard: NDArray[np.float64]
    hazard_low: NDArray[np.float64]
    hazard_high: NDArray[np.float64]

    @property
    def customers(self) -> int:
        """How many were followed."""
        return int(self.at_risk[0])

    @property
    def lost(self) -> int:
        """How many were seen to leave."""
        return int(self.lost_at.sum())

    @property
    def median(self) -> float:
        """The first time at which half or fewer are left; NaN when more than half still are."""
        return _first_at_most(self.time, self.survival)

    @property
    def median_interval(self) -> tuple[float, float]:
        """Where the ends of the survival interval cross one half (Brookmeyer and Crowley 1982); NaN: not reached."""
        return _first_at_most(self.time, self.low), _first_at_most(self.time, self.high)

    def at(self, time: float) -> float:
        """S(time), the share still customers after that long; NaN beyond the last duration unless nobody is left."""
        if time > self.time[-1] and self.survival[-1] > 0:
            return float("nan")
        place = int(np.searchsorted(self.time, time, side="right")) - 1
        return 1.0 if place < 0 else float(self.survival[place])


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

    def table(self) -> pa.Table:
        """An Arrow table: (group,) time, at_risk, lost, censored, survival and hazard, each with low and high."""
        import pyarrow as pa

        names = (
            "time",
            "at_risk",
            "lost_at",
            "censored_at",
            "survival",
            "low",
            "high",
            "hazard",
            "hazard_low",
            "hazard_high",
        )
        columns = {
            name.removesuffix("_at"): pa.array(np.concatenate([getattr(c, name) for c in self.curves]))
            for name in names
        }
        if self.by is None:
            return pa.table(columns)
        groups = [curve.group for curve in self.curves for _ in curve.time]
        return pa.table({self.by: pa.array(groups), **columns})

    def chart(self, **choices: Any) -> Any:
        """An Altair chart; needs `pip install tenure[chart]`."""
        from tenure import charts

        return charts.survival_curves(self, **choices)

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
    if not 0 < level < 1:
        raise UnknownChoice(name="level", value=level, choices="a number between 0 and 1, such as 0.95")
    frame = None if data is None else as_frame(data)
    times, is_missing = _durations(_values(frame, duration), unit=unit)
    left, unclear = _events(_values(frame, event), name=event if isinstance(event, str) else "event")
    if len(times) == 0:
        raise NothingToRead
    if len(times) != len(left):
        raise LengthsDiffer(left="duration", left_length=len(times), right="event", right_length=len(left))
    kept = ~(is_missing | unclear)
    if not kept.any():
        raise NothingToRead
    notes = (
        (f"{int((~kept).sum()):,} of {len(kept):,} rows have no duration or event and were left out.",)
        if not kept.all()
        else ()
    )
    groups, codes = _groups(frame, by, kept)
    times, left = times[kept], left[kept]
    curves = tuple(
        curve_of(times[codes == place], left[codes == place], group=group, level=level)
        for place, group in enumerate(groups)
    )
    return Survival(curves, unit, None if by is None else by if isinstance(by, str) else "group", level, notes)


def curve_of(
    times: NDArray[np.float64], left: NDArray[np.bool_], *, group: Any = None, level: float = 0.95
) -> SurvivalCurve:
    """One curve from durations[n] and whether each left, n at least 1; sorts once, then running sums."""
    time, place = np.unique(times, return_inverse=True)
    ended = np.bincount(place, minlength=len(time)).astype(np.int64)
    lost = np.bincount(place[left], minlength=len(time)).astype(np.int64)
    at_risk = ended[::-1].cumsum()[::-1]
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = 1 - lost / at_risk
    alive = share.cumprod()
    hazard = (lost / at_risk).cumsum()
    return SurvivalCurve(
        group, time.astype(np.float64), at_risk, lost, ended - lost, alive,
        *_log_log(alive, lost, at_risk, z),
        hazard, *_log_scale(hazard, (lost / at_risk.astype(float) ** 2).cumsum(), z),
    )  # fmt: skip


def _log_log(alive: Any, lost: Any, at_risk: Any, z: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """S^exp(±z·sqrt(V)), V = Σ dᵢ/nᵢ(nᵢ − dᵢ) / (log S)²; nobody lost yet is 1 to 1, nobody left is unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = (lost / (at_risk * (at_risk - lost).astype(float))).cumsum()
        spread = z * np.sqrt(greenwood) / np.abs(np.log(alive))
        low, high = alive ** np.exp(spread), alive ** np.exp(-spread)
    nobody_lost = alive == 1
    unknown = np.where(alive == 0, np.nan, 1.0)
    return np.where(nobody_lost, 1.0, low) * unknown, np.where(nobody_lost, 1.0, high) * unknown


def _log_scale(hazard: Any, variance: Any, z: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.exp(z * np.sqrt(variance) / hazard)
    return np.where(hazard > 0, hazard / spread, 0.0), np.where(hazard > 0, hazard * spread, 0.0)


def _values(frame: Any, given: Any) -> Any:
    return column_of(frame, given) if frame is not None and isinstance(given, str) else given


def _durations(values: Any, *, unit: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    import pyarrow as pa

    column = as_arrow(values)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    try:
        numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as refused:
        row, value = next((i, v) for i, v in enumerate(column.to_pylist()) if not _is_number(v))
        raise DurationBad(row=row + 1, value=value, unit=unit) from refused
    bad = np.flatnonzero((numbers < 0) | np.isinf(numbers))
    if len(bad):
        raise DurationBad(row=int(bad[0]) + 1, value=float(numbers[bad[0]]), unit=unit)
    return numbers, np.isnan(numbers)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return value is None
    return True


def _events(values: Any, *, name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who left, and of whom it is not said; words such as yes and no are read, others refused."""
    import pyarrow as pa

    column = as_arrow(values)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [str(value).strip().lower() for value in encoded.dictionary.to_pylist()]
    strange = [word for word in words if word not in _LOST | _KEPT and word not in ("", "nan")]
    if strange:
        raise EventUnclear(column=name, values=", ".join(map(repr, strange[:5])))
    codes = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    left = np.array([word in _LOST for word in words] + [False])
    unsaid = np.array([word in ("", "nan") for word in words] + [True])
    return left[codes], unsaid[codes]


def _groups(frame: Any, by: Any, kept: NDArray[np.bool_]) -> tuple[list[Any], NDArray[np.int64]]:
    """The groups' names in order and each kept row's place among them; no name comes last as None."""
    if by is None:
        return [None], np.zeros(int(kept.sum()), np.int64)
    labels = [label for label, keep in zip(as_arrow(_values(frame, by)).to_pylist(), kept, strict=True) if keep]
    names = sorted(set(labels), key=lambda name: (name is None, isinstance(name, str), name if name is not None else 0))
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[label] for label in labels], np.int64)


def _first_at_most(time: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    below = np.flatnonzero(np.nan_to_num(values, nan=1.0) <= 0.5 + 1e-12)
    return float(time[below[0]]) if len(below) else float("nan")


def _html_line(curve: SurvivalCurve) -> str:
    low, high = curve.median_interval
    name = "" if curve.group is None else escape(str(curve.group))
    cells = (f"{curve.customers:,}", f"{curve.lost:,}", _reached(curve.median), f"{_reached(low)} to {_reached(high)}")
    return f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _reached(time: float) -> str:
    return "not reached" if np.isnan(time) else f"{time:g}"
