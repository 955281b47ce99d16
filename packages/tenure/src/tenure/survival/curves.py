"""One Kaplan–Meier curve: the counts by time, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_MANY: Final = 100_000
_AT_ONCE: Final = 1 << 15  # what a processor's own memory holds of all columns


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


def curve_of(
    times: NDArray[np.float64], left: NDArray[np.bool_], *, group: Any = None, level: float = 0.95
) -> SurvivalCurve:
    """One curve from durations[n] and whether each left, n at least 1, in any order."""
    from tenure.survival.tallying import tally

    time, ended, lost = tally(np.ascontiguousarray(times, np.float64), np.ascontiguousarray(left, np.bool_))
    return curve_of_counts(time, ended, lost, group=group, level=level)


def curve_of_counts(
    time: NDArray[np.float64], ended: NDArray[np.int64], lost: NDArray[np.int64], *, group: Any, level: float
) -> SurvivalCurve:
    """From how many were last seen at each time, and how many of them left then."""
    from tenure._kernels.surviving import running
    from tenure.sharing import even, share, threads

    count = len(time)
    at_risk = np.empty(count, np.int64)
    alive, hazard, low, high, hazard_low, hazard_high = np.empty((6, count))
    running(ended, lost, at_risk, alive, hazard, low, hazard_low)
    z = NormalDist().inv_cdf(0.5 + level / 2)

    def some(first: int, last: int) -> None:
        for start in range(first, last, _AT_ONCE):
            part = slice(start, min(last, start + _AT_ONCE))
            _hazard_interval(hazard[part], z, hazard_low[part], hazard_high[part])
            _survival_interval(alive[part], z, low[part], high[part])

    share(some, even(count, threads() if count > _MANY else 1))
    return SurvivalCurve(
        group, time, at_risk, lost, ended - lost, alive, low, high, hazard, hazard_low, hazard_high
    )  # fmt: skip


def _hazard_interval(
    hazard: NDArray[np.float64], z: float, low: NDArray[np.float64], high: NDArray[np.float64]
) -> None:
    """On the log scale; `low` holds the variance before. Nothing is uncertain before the first departure."""
    with np.errstate(all="ignore"):
        factor = np.sqrt(low)
        factor *= z
        factor /= hazard
        np.exp(factor, out=factor)
    factor[hazard == 0] = 1
    np.divide(hazard, factor, out=low)
    np.multiply(hazard, factor, out=high)


def _survival_interval(
    alive: NDArray[np.float64], z: float, low: NDArray[np.float64], high: NDArray[np.float64]
) -> None:
    """Greenwood's on the log(−log S) scale; `low` holds his variance before. Unknown once nobody is left."""
    with np.errstate(all="ignore"):
        log = np.log(alive)
        reach = np.sqrt(low)
        reach *= -z
        reach /= log
        np.exp(reach, out=reach)
        reach[alive == 1] = 1
        np.multiply(log, reach, out=low)
        np.exp(low, out=low)
        log /= reach
        np.exp(log, out=high)
    low[alive == 0] = high[alive == 0] = np.nan


def _first_at_most(time: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    below = np.flatnonzero(np.nan_to_num(values, nan=1.0) <= 0.5 + 1e-12)
    return float(time[below[0]]) if len(below) else float("nan")
