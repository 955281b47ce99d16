"""How much longer: what is left of a customer's lifetime, given how long it has lasted already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownChoice
from tenure.survival.curves import SurvivalCurve, curve_of_counts
from tenure.survival.errors import NobodyBeyond
from tenure.survival.estimates import Survival, kaplan_meier

if TYPE_CHECKING:
    import pyarrow as pa

_STEPS: Final = 5


@dataclass(frozen=True, slots=True)
class Remaining:
    """One group at one tenure: of `at_risk` customers still there after `tenure`, how much longer they stay.

    `median` more (None: fewer than half have left within what was seen); `within`, the mean of the next `horizon`
    that they stay; `mean` altogether, known only where somebody was followed to the last departure. Each has its
    interval. `survival` is the share still there after each of `ahead` more, with `low` and `high`.
    """

    group: Any
    tenure: float
    at_risk: int
    median: float | None
    median_low: float | None
    median_high: float | None
    horizon: float
    within: float | None
    within_low: float | None
    within_high: float | None
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    ahead: tuple[float, ...]
    survival: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RemainingLifetime:
    """A line per group and tenure; see `Remaining`."""

    lines: tuple[Remaining, ...]
    unit: str
    by: str | None
    level: float
    notes: tuple[str, ...] = ()

    def at(self, tenure: float, *, group: Any = None) -> Remaining:
        """The line of one group at one tenure."""
        found = next((line for line in self.lines if line.tenure == tenure and line.group == group), None)
        if found is None:
            known = ", ".join(f"{line.tenure:g}" for line in self.lines if line.group == group)
            raise UnknownChoice(name="tenure", value=tenure, choices=known or "no such group")
        return found

    def table(self) -> pa.Table:
        """An Arrow table: (group,) tenure, at_risk, median, within the horizon, mean, and still there after each."""
        import pyarrow as pa

        names = (
            "tenure", "at_risk", "median", "median_low", "median_high", "horizon", "within", "within_low",
            "within_high", "mean", "mean_low", "mean_high",
        )  # fmt: skip
        columns: dict[str, Any] = {} if self.by is None else {self.by: [line.group for line in self.lines]}
        columns |= {
            name: pa.array(
                [getattr(line, name) for line in self.lines], pa.int64() if name == "at_risk" else pa.float64()
            )
            for name in names
        }
        for i, ahead in enumerate(self.lines[0].ahead):
            for part in ("survival", "low", "high"):
                name = f"after_{ahead:g}" if part == "survival" else f"after_{ahead:g}_{part}"
                columns[name] = pa.array([getattr(line, part)[i] for line in self.lines], pa.float64())
        return pa.table(columns)

    def chart(self, **choices: Any) -> Any:
        """How much of the horizon is stayed, by tenure so far; needs `pip install tenure[chart]`."""
        from tenure.survival.drawing import still_to_come

        return still_to_come(self, **choices)

    def _repr_html_(self) -> str:
        ahead = self.lines[0].ahead
        names = ["still there", f"half of them leave within ({self.unit}s)", "of the next … they stay"]
        head = "".join(f"<th>{name}</th>" for name in [*names, *(f"after {a:g} more" for a in ahead)])
        lines = "".join(_html_line(line) for line in self.lines)
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        caption = f"<caption>Remaining lifetime by {escape(self.unit)}s so far; {self.level:.0%} intervals</caption>"
        listed = f"<ul>{notes}</ul>" if notes else ""
        return f'<div class="tenure"><table>{caption}<tr><th></th>{head}</tr>{lines}</table>{listed}</div>'

    def __repr__(self) -> str:
        groups = len({line.group for line in self.lines})
        return f"<RemainingLifetime at {len(self.lines)} tenures in {groups} {'group' if groups == 1 else 'groups'}>"


def remaining_lifetime(
    data: Any = None,
    *,
    duration: Any,
    event: Any,
    by: Any = None,
    at: Iterable[float] | float | None = None,
    ahead: Iterable[float] | None = None,
    horizon: float | None = None,
    unit: str = "month",
    level: float = 0.95,
) -> RemainingLifetime:
    """How much longer customers stay who are still there after each of the tenures `at`, from Kaplan–Meier.

    S(s + t)/S(s) is the curve of those still there after s, so its intervals are theirs (`kaplan_meier`). The mean is
    the area under it: as far as `horizon` (left out: a year's worth of the unit, or as far as customers were followed
    beyond s) it is the restricted mean, with the variance Σ A(tᵢ)² dᵢ/nᵢ(nᵢ − dᵢ) where A is the area after tᵢ (Meier
    1975); without a limit it is known only where the curve comes down to zero. `ahead` asks for the share still there
    that much later. Raises a TenureError.
    """
    return remaining_of(
        kaplan_meier(data, duration=duration, event=event, by=by, unit=unit, level=level),
        at=at, ahead=ahead, horizon=horizon,
    )  # fmt: skip


def remaining_of(
    answer: Survival, *, at: Any = None, ahead: Any = None, horizon: float | None = None
) -> RemainingLifetime:
    """The same from curves that are there already."""
    if horizon is not None and not 0 < horizon < np.inf:
        raise UnknownChoice(name="horizon", value=horizon, choices=f"a number of {answer.unit}s above 0")
    latest = max(float(curve.time[-1]) for curve in answer.curves)
    tenures = _checked(at, _usual(latest), name="at", unit=answer.unit)
    later = _checked(ahead, _ahead(answer.unit, latest), name="ahead", unit=answer.unit)
    wanted = horizon if horizon is not None else _year(answer.unit)
    lines = tuple(
        line
        for curve in answer.curves
        for tenure in tenures
        if (line := _line(curve, tenure, later, wanted, answer.level)) is not None
    )
    if not lines:
        raise NobodyBeyond(tenure=f"{min(tenures):g}", unit=answer.unit)
    notes = [*answer.notes]
    if len(lines) < len(tenures) * len(answer.curves):
        notes.append("Tenures that nobody was followed beyond are left out.")
    if any(line.horizon < wanted for line in lines):
        notes.append("Where customers were followed for less than the horizon, it is cut to what was seen.")
    return RemainingLifetime(lines, answer.unit, answer.by, answer.level, tuple(notes))


def _line(
    curve: SurvivalCurve, tenure: float, ahead: tuple[float, ...], horizon: float, level: float
) -> Remaining | None:
    """One line, or None where nobody was followed beyond the tenure."""
    beyond = curve.time > tenure
    if not beyond.any():
        return None
    rest = curve_of_counts(
        curve.time[beyond] - tenure, (curve.lost_at + curve.censored_at)[beyond], curve.lost_at[beyond],
        group=curve.group, level=level,
    )  # fmt: skip
    last = float(rest.time[-1])
    has_ended = float(rest.survival[-1]) == 0.0
    seen = horizon if has_ended else min(horizon, last)
    within = _mean(rest, seen, level)
    mean = _mean(rest, last, level) if has_ended else (None, None, None)
    shares = [_share(rest, time) for time in ahead]
    survival, low, high = (tuple(share[i] for share in shares) for i in range(3))
    median_low, median_high = map(_known, rest.median_interval)
    return Remaining(
        curve.group, tenure, rest.customers, _known(rest.median), median_low, median_high,
        seen, within[0], within[1], within[2], mean[0], mean[1], mean[2], ahead, survival, low, high,
    )  # fmt: skip


def _mean(curve: SurvivalCurve, limit: float, level: float) -> tuple[float, float, float]:
    """The area under the curve to `limit`, and its interval within 0..limit."""
    inside = curve.time <= limit
    edges = np.r_[0.0, curve.time[inside], limit]
    areas = np.diff(edges) * np.r_[1.0, curve.survival[inside]]
    after = np.cumsum(areas[::-1])[::-1][1:]  # the area from each time on
    lost, at_risk = curve.lost_at[inside], curve.at_risk[inside].astype(float)
    still = lost < at_risk
    part = np.divide(lost, at_risk * (at_risk - lost), out=np.zeros(len(lost)), where=still)
    mean = float(areas.sum())
    reach = NormalDist().inv_cdf(0.5 + level / 2) * float(np.sqrt(np.sum(after**2 * part)))
    return mean, max(0.0, mean - reach), min(limit, mean + reach)


def _share(curve: SurvivalCurve, time: float) -> tuple[float | None, float | None, float | None]:
    """Still there after `time` more, with its interval; None beyond what was seen."""
    value = curve.at(time)
    if np.isnan(value):
        return None, None, None
    place = int(np.searchsorted(curve.time, time, side="right")) - 1
    if place < 0:
        return 1.0, 1.0, 1.0
    return value, _known(float(curve.low[place])), _known(float(curve.high[place]))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _checked(given: Any, usual: NDArray[np.float64], *, name: str, unit: str) -> tuple[float, ...]:
    values = usual if given is None else np.unique(np.atleast_1d(np.asarray(given, float)))
    if not len(values) or not np.isfinite(values).all() or (values < 0).any():
        raise UnknownChoice(name=name, value=given, choices=f"numbers of {unit}s, 0 or more")
    return tuple(float(value) for value in values)


def _usual(latest: float) -> NDArray[np.float64]:
    """From 0 in five round steps to below the longest that anybody was followed."""
    if latest <= 0:
        return np.zeros(1)
    raw = latest / (_STEPS + 1)
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * one for one in (1, 2, 3, 5, 6, 10) if power * one >= raw * 0.999)
    return np.arange(0.0, latest, step)


def _year(unit: str) -> float:
    return {"day": 365.0, "week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}.get(unit, 12.0)


def _ahead(unit: str, latest: float) -> NDArray[np.float64]:
    """A quarter, half a year and a year ahead; for years, one, two and three."""
    year = _year(unit)
    steps = np.array([1.0, 2.0, 3.0]) if unit == "year" else np.round(year * np.array([0.25, 0.5, 1.0]))
    return np.unique(steps[steps < max(latest, steps[0] + 1)])


def _html_line(line: Remaining) -> str:
    group = "" if line.group is None else f"{escape(str(line.group))}, "
    median = _spread(line.median, line.median_low, line.median_high)
    within = f"{_spread(line.within, line.within_low, line.within_high)} of {line.horizon:g}"
    shares = "".join(
        f"<td>{'' if s is None else f'{s:.0%}'}</td>" for s in line.survival
    )  # fmt: skip
    return (
        f"<tr><th>{group}{line.tenure:g}</th><td>{line.at_risk:,}</td><td>{median}</td><td>{within}</td>{shares}</tr>"
    )


def _spread(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "not reached"
    return f"{value:.1f} ({'…' if low is None else f'{low:.1f}'} to {'…' if high is None else f'{high:.1f}'})"
