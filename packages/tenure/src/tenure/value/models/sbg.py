"""Shifted-beta-geometric: contracts renewed or not, period after period.

P. S. Fader and B. G. S. Hardie, "How to project customer retention", Journal of Interactive Marketing 21 (2007). At
each renewal a customer leaves with probability θ ~ beta(α, β) of their own: P(leaves at the tth) =
B(α + 1, β + t − 1)/B(α, β), S(t) = B(α, β + t)/B(α, β), retention r(t) = (β + t − 1)/(α + β + t − 1). It rises with t
because those who leave easily leave first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import LengthsDiffer
from tenure.inputs import as_frame
from tenure.value.climbing import best_climb
from tenure.value.errors import ChoiceBad, NobodyLeft, SurvivorsBad, ValueUnbounded
from tenure.value.fitted import Fitted, edge_notes
from tenure.value.reading import given_column, numbers_of, refuse
from tenure.value.units import checked_level, checked_span, days_in, force_of_discount

_DEEP: Final = 40.0
_MOST: Final = 1_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sbg(Fitted):
    """sBG at the top of its likelihood. `left[t − 1]` left at the tth renewal; `stayed[t]` were last seen after t."""

    left: Floats = field(default_factory=lambda: np.zeros(0))  # always given; the base's defaults ask for one
    stayed: Floats = field(default_factory=lambda: np.zeros(0))

    MODEL: ClassVar[str] = "sBG"
    NAMES: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    ASSUMES: ClassVar[str] = (
        "At each renewal a customer leaves with a probability of their own that never changes; all began alike and "
        "nothing in their surroundings changed since."
    )

    def survival(self, periods: Any) -> Floats:
        """S(t): the share still there after t renewals (any shape)."""
        return self.survival_at(self.estimates, _whole(periods))

    def retention(self, periods: Any) -> Floats:
        """r(t): of those who renewed t − 1 times, the share who renew the tth time; t from 1 on."""
        t = _whole(periods)
        if (t < 1).any():
            raise ChoiceBad(name="periods", value=float(t.min()), why="the first renewal is number 1")
        alpha, beta = self.estimates
        return (beta + t - 1) / (alpha + beta + t - 1)

    def residual(self, renewed: Any, *, discount: float = 0.0, horizon: float | None = None) -> Floats:
        """Further renewals expected of customers who renewed `renewed` times, just before the next one is due.

        Discounted by `discount` a year, the next one at full value: the discounted expected residual lifetime (Fader
        and Hardie 2010), (β + n − 1)/(α + β + n − 1) · ₂F₁(1, β + n; α + β + n; v) with n = renewed + 1 and v the
        discount factor. `horizon` counts that many renewals only; without it a discount is needed.
        """
        return self.residual_at(self.estimates, renewed, **self.ahead(discount, horizon))

    def residual_with_interval(
        self, renewed: Any, *, discount: float = 0.0, horizon: float | None = None
    ) -> tuple[Floats, Floats, Floats]:
        """The same with the ends of its interval."""
        ahead = self.ahead(discount, horizon)
        return self.with_interval(lambda theta: self.residual_at(theta, renewed, **ahead))

    def chart(self, *, until: int = 12, **choices: Any) -> Any:
        """Observed and expected survival with its interval; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.renewals(self, until=until, **choices)

    def survival_at(self, theta: Any, periods: Floats) -> Floats:
        """B(α, β + t)/B(α, β) as a product, in logarithms."""
        most = int(periods.max()) if periods.size else 0
        alpha, beta = theta
        logs = np.concatenate([[0.0], np.cumsum(-np.log1p(alpha / (beta + np.arange(most))))])
        return np.exp(logs[periods.astype(np.int64)])

    def residual_at(self, theta: Any, renewed: Any, *, terms: int, force: float) -> Floats:
        alpha, beta = theta
        steps = np.arange(terms)

        def of_one(n: float) -> float:
            logs = np.cumsum(-np.log1p(alpha / (beta + n + steps)))
            return float(np.exp(logs - force * steps).sum())

        counts = _whole(renewed)
        levels, place = np.unique(counts, return_inverse=True)
        return np.array([of_one(n) for n in levels])[place].reshape(counts.shape)

    def ahead(self, discount: float, horizon: float | None) -> dict[str, Any]:
        force = force_of_discount(discount, unit=self.unit)
        if horizon is None and force == 0:
            raise ValueUnbounded
        span = np.inf if horizon is None else checked_span(horizon, name="horizon")
        terms = np.ceil(min(span, _DEEP / force if force > 0 else np.inf))
        if terms > _MOST:
            raise ChoiceBad(name="horizon", value=span, why="it is at most a million renewals")
        return {"terms": int(terms), "force": force}


def sbg(survivors: Any, *, unit: str = "year", level: float = 0.95) -> Sbg:
    """Fit sBG to one cohort: how many began, then how many were left after each renewal, such as [1000, 631, 468]."""
    days_in(unit)
    counts = numbers_of(survivors, name="survivors")
    if len(counts) < 2 or not np.isfinite(counts).all() or (counts < 0).any():
        raise SurvivorsBad(why="at least two numbers of 0 or more are needed")
    if (np.floor(counts) != counts).any():
        raise SurvivorsBad(why="shares are not enough, because their precision depends on how many they are shares of")
    if (np.diff(counts) > 0).any():
        raise SurvivorsBad(why="more were left after a renewal than before it")
    stayed = np.zeros(len(counts))
    stayed[-1] = counts[-1]
    return _fitted(np.asarray(-np.diff(counts), np.float64), stayed, unit=unit, level=level)


def sbg_of(
    data: Any = None, *, renewed: Any, left: Any, weight: Any = None, unit: str = "year", level: float = 0.95
) -> Sbg:
    """Fit sBG to customers one by one: how many times each `renewed`, and whether they then `left` (else still there).

    Who left at the first renewal has renewed 0 times. Cohorts that began at different times may be given together.
    """
    days_in(unit)
    frame = None if data is None else as_frame(data)
    times = numbers_of(given_column(frame, renewed), name="renewed")
    gone = numbers_of(given_column(frame, left), name="left")
    counts = np.ones(len(times)) if weight is None else numbers_of(given_column(frame, weight), name="weight")
    for name, values in (("left", gone), ("weight", counts)):
        if len(values) != len(times):
            raise LengthsDiffer(left=name, left_length=len(values), right="renewed", right_length=len(times))
    refuse(~(np.floor(times) == times) | (times < 0) | (times > _MOST), "renewed is a whole number of 0 or more")
    refuse((gone != 0) & (gone != 1), "left is true or false")
    refuse(~(counts >= 0) | np.isinf(counts), "the weight is a number of 0 or more")
    most = int(times.max()) + 1 if len(times) else 1
    at = times.astype(np.int64)
    tally = (np.bincount(at[gone == is_gone], counts[gone == is_gone], minlength=most) for is_gone in (1, 0))
    gone_at, still = tally
    return _fitted(gone_at.astype(np.float64), np.append(still, 0.0), unit=unit, level=level)


def log_likelihood(
    left: Floats, stayed: Floats, theta: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The log-likelihood of (α, β) with its gradient[2] and Hessian[2, 2].

    Through retention: everybody who faced renewal t renewed with chance (β + t − 1)/(α + β + t − 1) or left.
    """
    alpha, beta = theta
    t = np.arange(len(left))
    after = np.cumsum((np.append(left, 0.0) + stayed)[::-1])[::-1]
    renewed = after[1:]
    faced = left + renewed
    own, both = beta + t, alpha + beta + t
    value = left.sum() * np.log(alpha) + renewed @ np.log(own) - faced @ np.log(both)
    shared, curve = faced @ (1 / both), faced @ (1 / both**2)
    gradient = np.array([left.sum() / alpha - shared, renewed @ (1 / own) - shared])
    hessian = np.array([[curve - left.sum() / alpha**2, curve], [curve, curve - renewed @ (1 / own**2)]])
    return float(value), gradient, hessian


def _fitted(left: Floats, stayed: Floats, *, unit: str, level: float) -> Sbg:
    checked_level(level)
    left, stayed = left.astype(np.float64), stayed.astype(np.float64)
    count = int(left.sum() + stayed.sum())
    if count == 0:
        raise SurvivorsBad(why="nobody began")
    if left.sum() == 0:
        raise NobodyLeft(count=f"{count:,}")
    starts = [np.array([size * share, size * (1 - share)]) for size in (0.5, 2.0, 20.0) for share in (0.1, 0.4)]
    peak = best_climb(lambda theta: log_likelihood(left, stayed, theta), starts, model=Sbg.MODEL)
    notes = edge_notes(peak, Sbg.NAMES)
    estimates, covariance = np.exp(peak.at), peak.covariance()
    return Sbg(estimates, covariance, peak.value, count, unit, level, notes, left=left, stayed=stayed)


def _whole(periods: Any) -> Floats:
    counts = np.asarray(periods, np.float64)
    if not (np.isfinite(counts).all() and (counts >= 0).all() and (np.floor(counts) == counts).all()):
        raise ChoiceBad(name="periods", value=periods, why="renewals are counted in whole numbers of 0 or more")
    if counts.size and counts.max() > _MOST:
        raise ChoiceBad(name="periods", value=float(counts.max()), why="it is at most a million renewals")
    return counts
