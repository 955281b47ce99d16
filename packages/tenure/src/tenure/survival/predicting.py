"""From a Cox fit to customers: the baseline, each one's survival, and how long the rest of it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.errors import DurationBad, LengthsDiffer, UnknownChoice
from tenure.inputs import as_frame
from tenure.survival.covariates import frame_of
from tenure.survival.followed import one_chunk

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.survival.proportional import Cox


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Baseline:
    """Cumulative hazard and survival of a customer with average covariates: one entry per time and stratum."""

    stratum: NDArray[np.int64]
    names: tuple[Any, ...]
    time: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    lost: NDArray[np.int64]
    hazard: NDArray[np.float64]

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

    def __repr__(self) -> str:
        return f"<Baseline of {len(self.time):,} times in {max(1, len(self.names))} strata>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Predicted:
    """survival[n, times]: each row's chance of still being there at each of `at` (NaN beyond what was seen).

    `median` is when half of those like it have left (NaN: not within what was seen), counted from the beginning.
    """

    at: NDArray[np.float64]
    survival: NDArray[np.float64]
    median: NDArray[np.float64]
    relative_hazard: NDArray[np.float64]
    unit: str

    def table(self) -> pa.Table:
        """An Arrow table: one line per row, survival_at_<time> per time, median, relative_hazard."""
        import pyarrow as pa

        columns = {f"survival_at_{time:g}": self.survival[:, i] for i, time in enumerate(self.at)}
        return pa.table({**columns, "median": self.median, "relative_hazard": self.relative_hazard})

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
    total = np.cumsum((jump * np.exp(-shift))[early])
    opens = np.r_[True, stratum[early][1:] != stratum[early][:-1]]
    before = np.r_[0.0, total][np.flatnonzero(opens)][np.cumsum(opens) - 1]
    return Baseline(
        stratum[early], found.strata, found._inner["time"][early], at_risk[early], rows.deaths[early], total - before
    )  # fmt: skip


def relative_hazard(found: Cox, data: Any) -> NDArray[np.float64]:
    """exp(βᵀ(x − x̄)) of each row."""
    frame = frame_of(data) if isinstance(data, (np.ndarray, dict)) else as_frame(data)
    columns, _ = found.design.numbers(frame)
    eta = sum(
        (column - centre) * beta
        for column, centre, beta in zip(columns, found.averages, found.coefficients, strict=True)
    )
    with np.errstate(over="ignore"):
        return np.exp(np.asarray(eta))


def predict(found: Cox, data: Any, *, at: Any, after: Any = None) -> Predicted:
    """S(t | x) = exp(−H₀(t)·r), and given tenure s already: S(t | x)/S(s | x) for t ≥ s."""
    frame = frame_of(data) if isinstance(data, (np.ndarray, dict)) else as_frame(data)
    ratio = relative_hazard(found, frame)
    times = np.sort(np.atleast_1d(np.asarray(at, float)))
    if not np.isfinite(times).all() or (times < 0).any():
        raise UnknownChoice(name="at", value=at, choices=f"times of 0 or more {found.unit}s")
    begun = _tenures(frame, after, len(ratio), unit=found.unit)
    survival, median = np.full((len(ratio), len(times)), np.nan), np.full(len(ratio), np.nan)
    for stratum, rows in _by_stratum(found, frame, len(ratio)):
        known, hazard = found.baseline.of(stratum)
        already = hazard[np.searchsorted(known, begun[rows], side="right") - 1]
        reached = hazard[np.searchsorted(known, times, side="right") - 1]
        more = np.maximum(reached[None, :] - already[:, None], 0.0)
        some = np.exp(-more * ratio[rows][:, None])
        survival[rows] = np.where(times[None, :] > known[-1], np.nan, some)
        place = np.searchsorted(hazard, already + np.log(2) / ratio[rows] - 1e-12)
        median[rows] = np.where(place < len(known), known[np.minimum(place, len(known) - 1)], np.nan)
    survival[np.isnan(ratio)] = np.nan
    median[np.isnan(ratio)] = np.nan
    return Predicted(times, survival, median, ratio, found.unit)


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
