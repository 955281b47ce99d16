"""Cross-fitted augmented inverse probability weighting: the estimate, its error, and what it leaves to sensitivity.

A model of the treatment and one of the outcome; the estimate is right when either is (Robins, Rotnitzky and Zhao
1994; Chernozhukov et al. 2018). Weights are scaled to add up to the number of customers (Hájek).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.splitting import repeated_median

Estimand = Literal["everybody", "the treated"]
ESTIMANDS: Final[tuple[Estimand, ...]] = ("everybody", "the treated")
CLIP: Final = 0.01  # a weight never counts for more than a hundred customers


@dataclass(frozen=True, slots=True, eq=False)
class Guesses:
    """Out-of-fold predictions, each of shape (splits, n): of the treatment, and of the outcome in either arm."""

    propensity: NDArray[np.float64]
    untreated: NDArray[np.float64]
    treated: NDArray[np.float64]

    def rows(self, keep: NDArray[np.bool_]) -> Guesses:
        return Guesses(self.propensity[:, keep], self.untreated[:, keep], self.treated[:, keep])


@dataclass(frozen=True, slots=True)
class Scored:
    """The estimate over all splits: θ and its error, the mean outcome without treatment, log risk ratio and error.

    `leverage` is S = sqrt(E[(Y − g)²] E[α²]), how strongly what was left out could pull (see `sensitivity`).
    """

    value: float
    error: float
    without: float
    log_ratio: float
    log_ratio_error: float
    leverage: float
    outcome_noise: float
    weight_size: float
    apart: float  # between the lowest and the highest split


def scored(
    guesses: Guesses,
    treated: NDArray[np.bool_],
    outcome: NDArray[np.float64],
    *,
    clusters: NDArray[np.int64],
    estimand: Estimand,
) -> Scored:
    """One estimate per split, then their median; errors allow for rows of one cluster going together."""
    means = _average if estimand == "everybody" else _of_the_treated
    lines = []
    for e, low, high in zip(guesses.propensity, guesses.untreated, guesses.treated, strict=True):
        e = np.clip(e, CLIP, 1 - CLIP)
        (mean1, pull1), (mean0, pull0), weight = means(e, low, high, treated, outcome)
        left = outcome - np.where(treated, high, low)
        ratio, ratio_error = _log_ratio(mean1, mean0, pull1, pull0, clusters)
        lines.append((mean1 - mean0, clustered_error(pull1 - pull0, clusters), mean0, ratio, ratio_error,
                      float(np.mean(left**2)), float(np.mean(weight**2))))  # fmt: skip
    value, error, without, ratio, ratio_error, noise, size = np.array(lines).T
    middle, spread = repeated_median(value, error)
    logged, logged_error = repeated_median(ratio, ratio_error)
    return Scored(
        middle, spread, float(np.median(without)), logged, logged_error,
        float(np.median(np.sqrt(noise * size))), float(np.median(noise)), float(np.median(size)), float(np.ptp(value)),
    )  # fmt: skip


def clustered_error(pull: NDArray[np.float64], clusters: NDArray[np.int64]) -> float:
    """The standard error of a mean from each row's pull on it (mean zero), summed within clusters first."""
    sums = np.bincount(clusters, pull)
    count = len(sums)
    return float(np.sqrt((sums**2).sum() * count / max(1, count - 1)) / len(pull))


def _average(e: NDArray, low: NDArray, high: NDArray, treated: NDArray, outcome: NDArray):
    """Mean outcomes if everybody, and if nobody, were treated, with each row's pull on them, and the weights."""
    one, other = treated / e, (1 - treated) / (1 - e)
    one, other = one / one.mean(), other / other.mean()
    return _mean(high, one, outcome), _mean(low, other, outcome), one - other


def _mean(model: NDArray, weight: NDArray, outcome: NDArray):
    shift = float(np.mean(weight * (outcome - model)))
    mean = float(model.mean()) + shift
    return mean, model - model.mean() + _leave_out(weight) * (outcome - model - shift)


def _leave_out(weight: NDArray) -> NDArray:
    """Weights (mean 1) as each row would pull on the mean if it had been left out: w / (1 − w/n), which keeps errors
    honest where few customers weigh much (MacKinnon and White's HC3, 1985)."""
    return weight / (1 - np.minimum(weight / len(weight), 0.5))


def _of_the_treated(e: NDArray, low: NDArray, high: NDArray, treated: NDArray, outcome: NDArray):
    """The treated as they were, and as they would have been; the outcome model of the treated is not needed."""
    share = treated.mean()
    odds = (1 - treated) * e / (1 - e)
    odds = odds / odds.mean()
    one = treated / share
    shift = float(np.mean(odds * (outcome - low)))
    mean1, mean0 = float(np.mean(one * outcome)), float(np.mean(one * low)) + shift
    pull1 = one * (outcome - mean1)
    pull0 = one * (low - (mean0 - shift)) + _leave_out(odds) * (outcome - low - shift)
    return (mean1, pull1), (mean0, pull0), one - odds


def _log_ratio(mean1: float, mean0: float, pull1: NDArray, pull0: NDArray, clusters: NDArray) -> tuple[float, float]:
    """log(mean1 / mean0) by the delta method; NaN unless both are above 0."""
    if mean1 <= 0 or mean0 <= 0:
        return float("nan"), float("nan")
    return float(np.log(mean1 / mean0)), clustered_error(pull1 / mean1 - pull0 / mean0, clusters)
