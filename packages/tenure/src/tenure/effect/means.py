"""Means of arms with their covariance, from influence functions: one way for plain, adjusted and clustered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tenure.effect.errors import TooFewToCompare
from tenure.effect.estimates import Estimate, interval_of
from tenure.effect.trials import Trial

Slopes = Literal["own", "common"]


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """`mean[a]` per arm, `covariance[a, b]` of those means, `freedom[a]` degrees of freedom of each variance.

    `rho2` is the share of the outcome's variance within the arms that the covariates explain: 0 when unadjusted.
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    freedom: NDArray[np.float64]
    rho2: float = 0.0

    def difference(self, arm: int, *, level: float, method: str) -> Estimate:
        """The arm's mean less the control's; t with Welch's degrees of freedom."""
        v = self.covariance
        variance = float(v[arm, arm] + v[0, 0] - 2 * v[arm, 0])
        value = float(self.mean[arm] - self.mean[0])
        return interval_of(value, se=variance**0.5, freedom=self._freedom(arm), level=level, method=method)

    def lift(self, arm: int, *, level: float) -> Estimate:
        """The difference as a share of the control's mean, by Fieller's theorem; NaN ends where it has no bounds.

        E. C. Fieller, "Some problems in interval estimation", JRSS B 16 (1954): the ratios θ for which
        mean[arm] − θ·mean[0] is not distinguishable from 0.
        """
        from scipy.stats import t as student

        top, bottom, v = self.mean[arm], self.mean[0], self.covariance
        if bottom == 0:
            return Estimate(np.nan, np.nan, np.nan, np.nan, np.nan, level, "Fieller")
        reach = float(student.ppf(0.5 + level / 2, self._freedom(arm))) ** 2
        a = bottom**2 - reach * v[0, 0]
        b = top * bottom - reach * v[arm, 0]
        c = top**2 - reach * v[arm, arm]
        ratio = top / bottom
        se = float(np.sqrt(max(0.0, v[arm, arm] - 2 * ratio * v[arm, 0] + ratio**2 * v[0, 0])) / abs(bottom))
        low, high = (
            (np.nan, np.nan) if a <= 0 else sorted(((b + s * np.sqrt(max(0.0, b * b - a * c))) / a) for s in (-1, 1))
        )
        p = self.difference(arm, level=level, method="").p
        return Estimate(float(ratio - 1), se, float(low - 1), float(high - 1), p, level, "Fieller")

    def _freedom(self, arm: int) -> float:
        """Welch and Satterthwaite: (a + b)² / (a²/f + b²/g)."""
        parts = np.array([self.covariance[arm, arm], self.covariance[0, 0]])
        if parts.sum() <= 0:
            return float(self.freedom[[arm, 0]].sum())
        return float(parts.sum() ** 2 / (parts**2 / self.freedom[[arm, 0]]).sum())


def plain_means(trial: Trial) -> Means:
    """Each arm's mean; unclustered variances are s²/n, so a difference is Welch's."""
    fitted = np.array([trial.outcome[trial.arm == place].mean() for place in _checked(trial, columns=0)])
    residual = trial.outcome - fitted[trial.arm]
    return _assembled(trial, fitted, np.zeros((len(fitted), len(residual))), residual, columns=0)


def adjusted_means(trial: Trial, *, slopes: Slopes = "own") -> Means:
    """Each arm's mean as if every arm had had the same covariates.

    mean[a] = ȳ[a] − b[a]·(x̄[a] − x̄). `slopes="common"` takes one b for all arms, fitted within them: with a single
    covariate it is CUPED (Deng, Xu, Kohavi and Walker, "Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data", WSDM 2013). `"own"` fits b[a] in each arm: never less precise in large samples
    (W. Lin, "Agnostic notes on regression adjustments", Annals of Applied Statistics 7, 2013). The spread of the
    covariates themselves is counted in, so the interval is for the population and not only for these customers.
    """
    matrix = trial.covariates.matrix
    columns = matrix.shape[1]
    places = _checked(trial, columns=columns)
    centred = matrix - matrix.mean(axis=0)
    within_x, within_y = _within(trial, matrix), _within(trial, trial.outcome[:, None])[:, 0]
    slope = [_slope(within_x, within_y, trial.arm == place if slopes == "own" else slice(None)) for place in places]
    ours = np.stack([centred @ b for b in slope])
    mean = np.array([(trial.outcome - ours[place])[trial.arm == place].mean() for place in places])
    fitted = np.array([mean[place] + ours[place] for place in places])
    residual = trial.outcome - fitted[trial.arm, np.arange(len(trial.arm))]
    left = _spread(within_y - within_x @ _slope(within_x, within_y, slice(None)))
    rho2 = 1 - left / _spread(within_y) if _spread(within_y) > 0 else 0.0
    found = _assembled(trial, mean, ours, residual, columns=columns)
    return Means(found.mean, found.covariance, found.freedom, max(0.0, rho2))


def _assembled(
    trial: Trial, mean: NDArray[np.float64], shared: NDArray[np.float64], residual: NDArray[np.float64], *, columns: int
) -> Means:
    """The covariance Σφφ′/n² with φ[a] = shared[a] + 1{arm = a}·n/n[a]·residual, summed within clusters first."""
    n = len(residual)
    influence = shared.copy()
    freedom = np.empty(len(mean))
    for place in range(len(mean)):
        members = trial.arm == place
        size, units = trial.size(place), trial.units(place)
        freedom[place] = max(1, units - 1 - (columns if trial.cluster is None else 0))
        small = size / (size - 1 - columns) if trial.cluster is None else units / (units - 1)
        influence[place, members] += n / size * np.sqrt(small) * residual[members]
    if trial.cluster is not None:
        influence = np.stack([np.bincount(trial.cluster, weights=row) for row in influence])
    return Means(mean, influence @ influence.T / n**2, freedom)


def _checked(trial: Trial, *, columns: int) -> range:
    noun = "customers" if trial.cluster is None else "clusters"
    needed = columns + 2 if trial.cluster is None else 2
    for place, arm in enumerate(trial.arms):
        if trial.units(place) < needed or trial.size(place) < columns + 2:
            why = f" with {columns} covariates" if columns else ""
            raise TooFewToCompare(arm=arm, count=trial.units(place), noun=noun, needed=needed, why=why)
    return range(len(trial.arms))


def _within(trial: Trial, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each value less its arm's mean."""
    means = np.stack([values[trial.arm == place].mean(axis=0) for place in range(len(trial.arms))])
    return values - means[trial.arm]


def _slope(x: NDArray[np.float64], y: NDArray[np.float64], rows: NDArray[np.bool_] | slice) -> NDArray[np.float64]:
    """Least squares on scaled columns, so that a covariate in millions does not drown one in years."""
    scale = np.sqrt((x[rows] ** 2).mean(axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    return np.linalg.lstsq(x[rows] / scale, y[rows], rcond=1e-10)[0] / scale


def _spread(values: NDArray[np.float64]) -> float:
    return float(values @ values)
