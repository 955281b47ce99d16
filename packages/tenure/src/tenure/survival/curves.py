"""One Kaplan–Meier curve: the counts by time, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_WHOLE_BELOW: Final = 1 << 16  # durations in whole units below this are tallied without sorting
_MANY: Final = 100_000


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
    time, ended, lost = tally(np.ascontiguousarray(times, np.float64), np.ascontiguousarray(left, np.bool_))
    return curve_of_counts(time, ended, lost, group=group, level=level)


def curve_of_counts(
    time: NDArray[np.float64], ended: NDArray[np.int64], lost: NDArray[np.int64], *, group: Any, level: float
) -> SurvivalCurve:
    """From how many were last seen at each time, and how many of them left then."""
    from tenure._kernels.surviving import intervals, running
    from tenure.sharing import even, share, threads

    count = len(time)
    at_risk = np.empty(count, np.int64)
    alive, hazard, greenwood, spread, low, high, hazard_low, hazard_high = np.empty((8, count))
    running(ended, lost, at_risk, alive, hazard, greenwood, spread)
    z = NormalDist().inv_cdf(0.5 + level / 2)

    def some(first: int, last: int) -> None:
        intervals(
            first, last, lost, alive, hazard, greenwood, spread, z, low, high, hazard_low, hazard_high
        )  # fmt: skip

    share(some, even(count, threads() if count > _MANY else 1))
    return SurvivalCurve(
        group, time, at_risk, lost, ended - lost, alive, low, high, hazard, hazard_low, hazard_high
    )  # fmt: skip


def tally(
    times: NDArray[np.float64], left: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct durations, how many were last seen at each, and how many of them left then."""
    from tenure._kernels.surviving import count_sorted, count_whole

    ended, lost = np.zeros((2, _WHOLE_BELOW), np.int64)
    if count_whole(times, left, ended, lost):
        some = np.flatnonzero(ended)
        return some.astype(np.float64), ended[some], lost[some]
    keys = _sorted_keys(times, left)
    ended, lost = np.empty((2, len(times)), np.int64)
    found = count_sorted(keys, ended, lost)
    return keys[:found].view(np.float64), ended[:found], lost[:found]


def _sorted_keys(times: NDArray[np.float64], left: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Durations with who left, as whole numbers in order; of very many, two threads sort a half each."""
    from tenure._kernels.surviving import pack
    from tenure.sharing import share, threads

    keys, middle = np.empty(len(times), np.uint64), np.uint64(0)
    if len(times) > _MANY and threads() > 1:
        middle = np.array([np.median(times[:: max(1, len(times) // 1_000)])]).view(np.uint64)[0] << np.uint64(1)
    low = pack(times, left, keys, middle)
    share(lambda a, b: keys[a:b].sort(), [(0, low), (low, len(keys))])
    return keys


def _first_at_most(time: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    below = np.flatnonzero(np.nan_to_num(values, nan=1.0) <= 0.5 + 1e-12)
    return float(time[below[0]]) if len(below) else float("nan")
