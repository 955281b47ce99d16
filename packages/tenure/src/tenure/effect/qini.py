"""Does an order of customers find those who gain? The Qini curve, its coefficient, and the interval of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Qini:
    """`gained[k]`: outcomes gained per customer when the first `depth[k]` of all are treated, with the interval's ends.

    `coefficient` is the mean height of the curve over the straight line of treating at random (with `low`, `high`).
    """

    depth: NDArray[np.float64]
    gained: NDArray[np.float64]
    gained_low: NDArray[np.float64]
    gained_high: NDArray[np.float64]
    coefficient: float
    low: float
    high: float


def qini(
    order_by: NDArray[np.float64],
    outcome: NDArray[np.float64],
    treated: NDArray[np.bool_],
    *,
    unit: NDArray[np.int64],
    draws: int,
    seed: int,
    level: float,
    points: int = 100,
) -> Qini:
    """The curve of customers from the highest score down, on customers the score was not learned from.

    N. J. Radcliffe, "Using control groups to target on predicted lift" (Direct Marketing Analytics Journal 2007):
    gained(φ) = (Y₁(φ) − Y₀(φ)·n₁(φ)/n₀(φ))/n₁, per treated customer, where Y and n count those within the first φ.
    Equal scores come together: their order would be luck. Intervals: percentiles of a bootstrap of units (customers
    or clusters), the order kept as it was learned.
    """
    descending = np.argsort(-order_by, kind="stable")
    score, y, z, whose = order_by[descending], outcome[descending], treated[descending], unit[descending]
    last = np.r_[np.flatnonzero(np.diff(score)), len(score) - 1]  # the last of each run of equal scores
    grid = np.linspace(0, 1, points + 1)
    plain = _curve(y, z, np.ones(len(y)), last, grid)
    rng = np.random.default_rng(seed)
    names, place = np.unique(whose, return_inverse=True)
    drawn = np.empty((draws, points + 1))
    for row in range(draws):
        weight = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[place]
        drawn[row] = _curve(y, z, weight.astype(float), last, grid)
    tails = (0.5 - level / 2, 0.5 + level / 2)
    ends = np.quantile(drawn, tails, axis=0)
    areas = np.quantile([_over_the_line(curve) for curve in drawn], tails)
    return Qini(grid, plain, ends[0], ends[1], _over_the_line(plain), float(areas[0]), float(areas[1]))


def _curve(
    y: NDArray[np.float64],
    z: NDArray[np.bool_],
    weight: NDArray[np.float64],
    last: NDArray[np.int64],
    grid: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The gain at each depth of the grid; where nobody is held out yet, it grows straight to where somebody is."""
    n1, n0 = np.cumsum(weight * z)[last], np.cumsum(weight * ~z)[last]
    y1, y0 = np.cumsum(weight * z * y)[last], np.cumsum(weight * ~z * y)[last]
    known = (n0 > 0) & (n1 > 0)
    gained = (y1[known] - y0[known] * n1[known] / n0[known]) / n1[-1]
    depth = (n1 + n0)[known] / (n1[-1] + n0[-1])
    return np.interp(grid, np.r_[0, depth], np.r_[0, gained])


def _over_the_line(curve: NDArray[np.float64]) -> float:
    return float(np.trapezoid(curve - np.linspace(0, 1, len(curve)) * curve[-1], dx=1 / (len(curve) - 1)))
