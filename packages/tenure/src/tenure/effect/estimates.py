"""One estimate with its interval, and how several of them are judged together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from tenure.errors import UnknownChoice
from tenure.intervals import wilson


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its standard error, interval and two-sided p; NaN ends: the data set no bound."""

    value: float
    se: float
    low: float
    high: float
    p: float
    level: float
    method: str

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def checked_level(level: float) -> float:
    if not 0 < level < 1:
        raise UnknownChoice(name="level", value=level, choices="a number between 0 and 1, such as 0.95")
    return level


def interval_of(value: float, *, se: float, freedom: float, level: float, method: str) -> Estimate:
    """value ± t·se."""
    from scipy.stats import t as student

    reach = float(student.ppf(0.5 + level / 2, freedom)) * se
    p = float(2 * student.sf(abs(value) / se, freedom)) if se > 0 else float(value == 0)
    return Estimate(value, se, value - reach, value + reach, p, level, method)


def share_difference(hits: tuple[int, int], sizes: tuple[int, int], *, level: float) -> Estimate:
    """The second share less the first; Newcombe's hybrid score interval, p from the pooled z-test.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine
    17 (1998), method 10: each share's Wilson ends, squared and added. Stays within −1 to 1, also with none or all.
    """
    shares = np.array(hits) / np.array(sizes)
    low, high = wilson(hits, sizes, level=level)
    value = float(shares[1] - shares[0])
    down = np.hypot(shares[1] - low[1], high[0] - shares[0])
    up = np.hypot(high[1] - shares[1], shares[0] - low[0])
    se = float(np.sqrt((shares * (1 - shares) / np.array(sizes)).sum()))
    return Estimate(
        value, se, value - float(down), value + float(up), _pooled_p(hits, sizes), level, "Newcombe's score interval"
    )


def share_lift(hits: tuple[int, int], sizes: tuple[int, int], *, level: float) -> Estimate:
    """The second share over the first, less 1; the delta method on the logarithm (Katz et al., Biometrics 1978).

    NaN ends where an arm has none: its logarithm has no bounds.
    """
    first, second = hits[0] / sizes[0], hits[1] / sizes[1]
    ratio = second / first if first > 0 else np.nan
    p = _pooled_p(hits, sizes)
    if not min(hits):
        return Estimate(ratio - 1, np.nan, np.nan, np.nan, p, level, "delta method on the logarithm")
    se = float(np.sqrt(1 / hits[0] - 1 / sizes[0] + 1 / hits[1] - 1 / sizes[1]))
    reach = np.exp(NormalDist().inv_cdf(0.5 + level / 2) * se)
    return Estimate(
        ratio - 1, ratio * se, float(ratio / reach - 1), float(ratio * reach - 1), p, level,
        "delta method on the logarithm",
    )  # fmt: skip


def holm(ps: Sequence[float]) -> list[float]:
    """p adjusted for there being several: S. Holm, Scandinavian Journal of Statistics 6 (1979)."""
    order = np.argsort(ps)
    adjusted = np.minimum(1, np.array(ps)[order] * np.arange(len(ps), 0, -1))
    found = np.empty(len(ps))
    found[order] = np.maximum.accumulate(adjusted)
    return found.tolist()


def _pooled_p(hits: tuple[int, int], sizes: tuple[int, int]) -> float:
    pooled = sum(hits) / sum(sizes)
    spread = (pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1])) ** 0.5
    if spread == 0:
        return 1.0
    return 2 * NormalDist().cdf(-abs(hits[1] / sizes[1] - hits[0] / sizes[0]) / spread)
