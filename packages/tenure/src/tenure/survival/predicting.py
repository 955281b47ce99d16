"""From a Cox fit to customers: the baseline, each one's survival, and how long the rest of it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import DurationBad, LengthsDiffer, UnknownChoice
from tenure.floats import one_chunk
from tenure.inputs import as_frame
from tenure.survival import prediction_intervals
from tenure.survival.covariates import frame_of

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.survival.proportional import Cox


_FARTHEST: Final = 700.0  # exp of it is still a number


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Baseline:
    """Cumulative hazard and survival of a customer with average covariates: one entry per time and stratum.

    `variance` is that of the hazard if the coefficients were known, `slope[n, p]` minus its derivative in them: the two
    that intervals of predictions are made of.
    """

    stratum: NDArray[np.int64]
    names: tuple[Any, ...]
    time: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    lost: NDArray[np.int64]
    hazard: NDArray[np.float64]
    variance: NDArray[np.float64]
    slope: NDArray[np.float64]

    @property
    def survival(self) -> NDArray[np.float64]:
        """exp(−H)."""
        return np.exp(-self.hazard)

    def table(self) -> pa.Table:
        """An Arrow table: (stratum,) time, at_risk, lost, hazard, survival."""
        import pyarrow as pa

        columns = {name: getattr(self, name) for name in ("time", "at_risk", "lost", "hazard", "survival")}
        if not self.names:
            return pa.table(columns)
        return pa.table({"stratum": pa.array(list(self.names)).take(pa.array(self.stratum)), **columns})

    def of(self, stratum: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times and cumulative hazards of one stratum, from (0⁻, 0) on."""
        inside = self.stratum == stratum
        return np.r_[-np.inf, self.time[inside]], np.r_[0.0, self.hazard[inside]]

    def errors_of(self, stratum: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Variances and slopes of one stratum, beside what `of` gives."""
        inside = self.stratum == stratum
        nothing = np.zeros((1, self.slope.shape[1]))
        return np.r_[0.0, self.variance[inside]], np.concatenate([nothing, self.slope[inside]])

    def __repr__(self) -> str:
        return f"<Baseline of {len(self.time):,} times in {max(1, len(self.names))} strata>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Predicted:
    """survival[n, times]: each row's chance of still being there at each of `at` (NaN beyond what was seen).

    `survival_low` and `survival_high` are its interval at the fit's level, for customers like this one on the whole;
    `relative_hazard_low` and `_high` that of the hazard beside the average customer's. `median` is when half of those
    like it have left, counted from the beginning, and `median_low` and `_high` are where the interval of survival
    crosses one half (NaN: not within what was seen).
    """

    at: NDArray[np.float64]
    survival: NDArray[np.float64]
    median: NDArray[np.float64]
    relative_hazard: NDArray[np.float64]
    unit: str
    survival_low: NDArray[np.float64]
    survival_high: NDArray[np.float64]
    relative_hazard_low: NDArray[np.float64]
    relative_hazard_high: NDArray[np.float64]
    level: float
    median_low: NDArray[np.float64]
    median_high: NDArray[np.float64]

    def table(self) -> pa.Table:
        """An Arrow table: a line per row; survival_at_<time> per time, median, relative_hazard, all with _low, _high.

        A median that is not within what was seen is null.
        """
        import pyarrow as pa

        parts = {"": self.survival, "_low": self.survival_low, "_high": self.survival_high}
        columns = {
            f"survival_at_{time:g}{end}": part[:, i] for i, time in enumerate(self.at) for end, part in parts.items()
        }
        medians = {f"median{end}": pa.array(getattr(self, f"median{end}"), from_pandas=True) for end in parts}
        ratios = {f"relative_hazard{end}": getattr(self, f"relative_hazard{end}") for end in parts}
        return pa.table({**columns, **medians, **ratios})

    def chart(self, **choices: Any) -> Any:
        """The survival of the first rows to each time, with its interval; needs `pip install tenure[chart]`."""
        from tenure.survival.drawing import predicted

        return predicted(self, **choices)

    def _repr_html_(self) -> str:
        from tenure.survival.telling import predicted_html

        return predicted_html(self)

    def __repr__(self) -> str:
        return f"<Predicted survival of {len(self.survival):,} customers to {len(self.at)} times>"


def baseline_of(found: Cox) -> Baseline:
    """Breslow's sum of d/Σ exp(β(x − x̄)) over those at risk, or with Efron's denominators where the fit used them."""
    from tenure._kernels.proportional import hazards

    rows, _ = found._inner["rows"].sorted()
    count, p = len(rows.sizes), len(found.names)
    jump, own, (mean, own_mean) = np.zeros(count), np.zeros(count), np.zeros((2, count, p))
    eta = rows.x @ found._inner["beta"]
    shift = float(eta.max())
    weight = np.exp(eta - shift)
    hazards(rows.x, weight, rows.starts, rows.opens, rows.left, found.ties == "efron", jump, own, mean, own_mean)
    stratum, at_risk = np.cumsum(rows.opens) - 1, np.cumsum(rows.sizes)
    at_risk -= np.r_[0, at_risk][np.flatnonzero(rows.opens)][stratum]
    early = np.lexsort((found._inner["time"], stratum))
    squares = prediction_intervals.squared_jumps(rows, weight, efron=found.ties == "efron")
    opens = np.r_[True, stratum[early][1:] != stratum[early][:-1]]
    hazard, variance, slope = (
        _running(part[early], opens)
        for part in (jump * np.exp(-shift), squares * np.exp(-2 * shift), mean * np.exp(-shift) * found._inner["scale"])
    )
    return Baseline(
        stratum[early], found.strata, found._inner["time"][early], at_risk[early], rows.deaths[early], hazard, variance,
        slope,
    )  # fmt: skip


def _running(jumps: NDArray[np.float64], opens: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sums from the beginning of each stratum on."""
    total = np.cumsum(jumps, axis=0)
    before = np.concatenate([np.zeros_like(total[:1]), total])[np.flatnonzero(opens)]
    return total - before[np.cumsum(opens) - 1]


def relative_hazard(found: Cox, data: Any) -> NDArray[np.float64]:
    """exp(βᵀ(x − x̄)) of each row."""
    return _ratio(found, _away(found, _frame(data)))


def _ratio(found: Cox, away: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kept finite and above 0, so that somebody hundreds of spreads away still has a survival: 0 or 1, but no NaN."""
    return np.exp(np.clip(away @ found.coefficients, -_FARTHEST, _FARTHEST))


def _frame(data: Any) -> Any:
    return frame_of(data) if isinstance(data, (np.ndarray, dict)) else as_frame(data)


def _away(found: Cox, frame: Any) -> NDArray[np.float64]:
    """x − x̄[n, p]."""
    columns, _ = found.design.numbers(frame)
    return np.column_stack([np.asarray(column, float) for column in columns]) - found.averages


def predict(found: Cox, data: Any, *, at: Any, after: Any = None) -> Predicted:
    """S(t | x) = exp(−H₀(t)·r), and given tenure s already: S(t | x)/S(s | x) for t ≥ s; each with its interval."""
    frame = _frame(data)
    away = _away(found, frame)
    ratio = _ratio(found, away)
    times = np.sort(np.atleast_1d(np.asarray(at, float)))
    if not np.isfinite(times).all() or (times < 0).any():
        raise UnknownChoice(name="at", value=at, choices=f"times of 0 or more {found.unit}s")
    begun = _tenures(frame, after, len(ratio), unit=found.unit)
    survival, low, high = np.full((3, len(ratio), len(times)), np.nan)
    median, median_low, median_high = np.full((3, len(ratio)), np.nan)
    for stratum, rows in _by_stratum(found, frame, len(ratio)):
        known, hazard = found.baseline.of(stratum)
        start = np.searchsorted(known, begun[rows], side="right") - 1
        stop = np.maximum(np.searchsorted(known, times, side="right")[None, :] - 1, start[:, None])
        already, more = hazard[start], hazard[stop] - hazard[start][:, None]
        some = np.exp(-more * ratio[rows][:, None])
        survival[rows] = np.where(times[None, :] > known[-1], np.nan, some)
        curve = (hazard, *found.baseline.errors_of(stratum))
        low[rows], high[rows] = prediction_intervals.of_survival(
            found, away[rows], survival[rows], curve=curve, start=start, stop=stop
        )
        half = np.maximum(already + np.log(2) / ratio[rows] - 1e-12, np.nextafter(already, np.inf))
        place = np.searchsorted(hazard, half)  # somebody certain to leave does so with the next who left, not before
        ends = prediction_intervals.of_median(found, away[rows], ratio[rows], curve=curve, start=start, place=place)
        for part, at_place in ((median, place), (median_low, ends[0]), (median_high, ends[1])):
            part[rows] = np.r_[known, np.nan][at_place]
    for part in (survival, low, high, median, median_low, median_high):
        part[np.isnan(ratio)] = np.nan
    least, most = prediction_intervals.of_relative_hazard(found, away)
    return Predicted(
        times, survival, median, ratio, found.unit, low, high, least, most, found.level, median_low, median_high
    )  # fmt: skip


def _by_stratum(found: Cox, frame: Any, count: int) -> list[tuple[int, NDArray[np.int64]]]:
    """The rows of each stratum; the column is the one the fit was stratified by."""
    name = found._inner.get("strata_column")
    if not found.strata:
        return [(0, np.arange(count))]
    if name is None or name not in frame.columns:
        raise UnknownChoice(name="strata", value=name, choices=f"a column of the data, with {found.strata}")
    labels = one_chunk(frame[name]).to_pylist()
    place = {value: i for i, value in enumerate(found.strata)}
    strange = next((label for label in labels if label not in place), None)
    if strange is not None:
        raise UnknownChoice(name=name, value=strange, choices=", ".join(map(str, found.strata)))
    codes = np.array([place[label] for label in labels], np.int64)
    return [(i, np.flatnonzero(codes == i)) for i in range(len(found.strata))]


def _tenures(frame: Any, after: Any, count: int, *, unit: str) -> NDArray[np.float64]:
    """How long each row has been a customer already."""
    if after is None:
        return np.full(count, -np.inf)
    given = one_chunk(frame[after]) if isinstance(after, str) else after
    begun = np.broadcast_to(np.asarray(given, float), (count,)) if np.ndim(given) == 0 else np.asarray(given, float)
    if len(begun) != count:
        raise LengthsDiffer(left="after", left_length=len(begun), right="the data", right_length=count)
    bad = np.flatnonzero(~(begun >= 0))
    if len(bad):
        raise DurationBad(row=int(bad[0]) + 1, value=float(begun[bad[0]]), unit=unit)
    return begun
