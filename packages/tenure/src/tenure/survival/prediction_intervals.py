"""How sure a Cox fit is of a customer: intervals of predicted survival and of the relative hazard.

The cumulative hazard of a customer, H(t | x) = H₀(t)·exp(β(x − x̄)), errs because its jumps are counted from few leavers
and because β is estimated: Var H/r² = Σ 1/φ² + gᵀCg, with g = (x − x̄)·H₀(t) − Σ x̄(φ)/φ its derivative in β, C the
covariance of β and φ the denominators of the baseline (Tsiatis 1981; Link 1984). Intervals are Wald's on log H, so that
survival stays between 0 and 1.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tenure.survival.fitting import Rows
    from tenure.survival.proportional import Cox

Interval = tuple[NDArray[np.float64], NDArray[np.float64]]
Curve = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def squared_jumps(rows: Rows, weight: NDArray[np.float64], *, efron: bool) -> NDArray[np.float64]:
    """Σ 1/φ² of each block, over the same denominators φ as the baseline's; `rows` are sorted."""
    assert rows.starts is not None
    whole = np.add.reduceat(weight, rows.starts[:-1])
    gone = np.add.reduceat(np.where(rows.left, weight, 0.0), rows.starts[:-1])
    total = np.cumsum(whole)
    risk = total - (total - whole)[np.flatnonzero(rows.opens)][np.cumsum(rows.opens) - 1]
    blocks = np.repeat(np.arange(len(risk)), rows.deaths)
    if not efron:
        return rows.deaths / risk**2
    nth = np.arange(len(blocks)) - np.repeat(np.cumsum(rows.deaths) - rows.deaths, rows.deaths)
    denominators = risk[blocks] - nth / rows.deaths[blocks] * gone[blocks]
    return np.asarray(np.bincount(blocks, weights=denominators**-2.0, minlength=len(risk)), np.float64)


def of_relative_hazard(found: Cox, away: NDArray[np.float64]) -> Interval:
    """The interval of exp(β(x − x̄)); `away` is x − x̄[n, p]."""
    middle = away @ found.coefficients
    reach = _reach(found) * np.sqrt(_quadratic(away, found.covariance))
    with np.errstate(over="ignore"):
        return np.exp(middle - reach), np.exp(middle + reach)


def of_survival(
    found: Cox, away: NDArray[np.float64], survival: NDArray[np.float64], *, curve: Curve, start: NDArray[Any],
    stop: NDArray[Any],
) -> Interval:  # fmt: skip
    """The interval of survival[n, times], each from the curve's point `start`[n] to its point `stop`[n, times].

    Where nobody left in between, survival is 1 and so are both ends.
    """
    hazard, variance, slope = curve
    low, high = survival.copy(), survival.copy()
    for place in range(survival.shape[1]):
        rows = np.flatnonzero((survival[:, place] > 0) & (hazard[stop[:, place]] > hazard[start]))
        if not len(rows):
            continue
        begin, end = start[rows], stop[rows, place]
        more = hazard[end] - hazard[begin]
        slanted = away[rows] - (slope[end] - slope[begin]) / more[:, None]
        error = np.sqrt((variance[end] - variance[begin]) / more**2 + _quadratic(slanted, found.covariance))
        stretch = np.exp(np.minimum(_reach(found) * error, 700.0))
        whole = -np.log(survival[rows, place])
        with np.errstate(over="ignore"):
            low[rows, place], high[rows, place] = np.exp(-whole * stretch), np.exp(-whole / stretch)
    return low, high


def of_median(
    found: Cox, away: NDArray[np.float64], ratio: NDArray[np.float64], *, curve: Curve, start: NDArray[Any],
    place: NDArray[Any],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """The curve's points at which the interval's ends come down to one half (Brookmeyer and Crowley 1982).

    `place` is where survival itself does; beyond the last point stands for never. Found by halving, for all rows at
    once.
    """
    never = len(curve[0])

    def first(end: int, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first point after `low` at which that end is at most one half, `high` if none before."""
        while (open_ := np.flatnonzero(high - low > 1)).size:
            middle = (low[open_] + high[open_]) // 2
            there = np.exp(-(curve[0][middle] - curve[0][start[open_]]) * ratio[open_])[:, None]
            ends = of_survival(found, away[open_], there, curve=curve, start=start[open_], stop=middle[:, None])
            is_down = ends[end][:, 0] <= 0.5 + 1e-12
            high[open_], low[open_] = np.where(is_down, middle, high[open_]), np.where(is_down, low[open_], middle)
        return high

    return first(0, start.astype(np.int64), place.astype(np.int64)), first(
        1, np.maximum(place - 1, start).astype(np.int64), np.full(len(place), never, np.int64)
    )


def _quadratic(rows: NDArray[Any], covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(np.einsum("ij,ij->i", rows @ covariance, rows), 0.0)


def _reach(found: Cox) -> float:
    return NormalDist().inv_cdf(0.5 + found.level / 2)
