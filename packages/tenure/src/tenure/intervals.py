"""Intervals for proportions."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenure.errors import UnknownChoice


def wilson(k: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The Wilson score interval for k of n; NaN where n is 0, because null is not zero.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927):
    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Shapes broadcast; the ends are within 0..1.
    """
    if not 0 < level < 1:
        raise UnknownChoice(name="level", value=level, choices="a number between 0 and 1, such as 0.95")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    hits, trials = np.broadcast_arrays(np.asarray(k, np.float64), np.asarray(n, np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = hits / trials
        middle = p + z * z / (2 * trials)
        reach = z * np.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
        scale = 1 + z * z / trials
        low, high = (middle - reach) / scale, (middle + reach) / scale
    nobody = trials <= 0
    low = np.where(nobody, np.nan, np.where(hits == 0, 0.0, low))
    high = np.where(nobody, np.nan, np.where(hits == trials, 1.0, high))
    return low, high


def rates(k: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    """k/n, NaN where nobody was at risk."""
    hits, trials = np.broadcast_arrays(np.asarray(k, np.float64), np.asarray(n, np.float64))
    return np.divide(hits, trials, out=np.full(hits.shape, np.nan), where=trials > 0)
