"""Gamma–Gamma: what customers spend, when each has a level of their own.

P. S. Fader and B. G. S. Hardie, "The gamma-gamma model of monetary value" (2013). Amounts of one customer are
gamma(p, ν), ν ~ gamma(q, γ) differs between customers. The mean m of x amounts has the density
Γ(px + q)/(Γ(px) Γ(q)) · γ^q m^(px−1) x^(px) / (γ + xm)^(px+q).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tenure.value.climbing import best_climb
from tenure.value.counting import Rows, distinct_rows
from tenure.value.errors import SpendAlike, SpendUnbounded, TooFewRepeaters
from tenure.value.fitted import Fitted, edge_notes
from tenure.value.histories import Histories, amounts_of
from tenure.value.units import checked_level

if TYPE_CHECKING:
    from tenure.value.scores import Spend

_FEWEST: Final = 10
_RELATED: Final = 0.3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GammaGamma(Fitted):
    """Gamma–Gamma at the top of its likelihood; `gamma` in units of money."""

    MODEL: ClassVar[str] = "Gamma–Gamma"
    NAMES: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")
    ASSUMES: ClassVar[str] = (
        "Each customer spends around a level of their own that stays as it is, whatever the number of purchases; how "
        "often somebody buys says nothing about how much they spend."
    )

    @property
    def mean(self) -> float:
        """E[M] of a customer nothing is known about: pγ/(q − 1)."""
        self.refuse_unbounded()
        p, q, gamma = self.estimates
        return float(p * gamma / (q - 1))

    def chart(self, **choices: Any) -> Any:
        """How the levels that customers spend at are spread; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.levels(self, **choices)

    def expected(self, histories: Histories) -> NDArray[np.float64]:
        """E[M | x, m]: the mean amount each customer will spend; everybody's mean where nothing is known of them."""
        return self.expected_at(self.estimates, histories)

    def score(self, histories: Histories, *, level: float | None = None) -> Spend:
        """The expected mean amount of every customer with its interval."""
        from tenure.value.scores import score_spend

        return score_spend(self, histories, level=level)

    def expected_at(self, theta: Any, histories: Histories) -> NDArray[np.float64]:
        """p(γ + xm)/(px + q − 1): between the customer's own mean and everybody's, by how much is known."""
        amounts = amounts_of(histories)
        known = (histories.frequency > 0) & ~np.isnan(amounts)
        if not known.all():
            self.refuse_unbounded()
        p, q, gamma = theta
        x = np.where(known, histories.frequency, 0)
        return p * (gamma + x * np.where(known, amounts, 0.0)) / (p * x + q - 1)

    def refuse_unbounded(self) -> None:
        if self.estimates[1] <= 1:
            raise SpendUnbounded(q=float(self.estimates[1]))


def gamma_gamma(histories: Histories, *, level: float = 0.95) -> GammaGamma:
    """Fit Gamma–Gamma by maximum likelihood to the mean amounts of those who came back and spent something.

    Newton's method with both analytic derivatives in the logarithms of the parameters, money rescaled to its mean,
    from several starting points. Raises TooFewRepeaters, SpendAlike or DidNotSettle.
    """
    checked_level(level)
    amounts = amounts_of(histories)
    usable = (histories.frequency > 0) & (np.nan_to_num(amounts) > 0)
    weight = None if histories.weight is None else histories.weight[usable]
    spent = amounts[usable]
    count = len(spent) if weight is None else int(weight.sum())
    if count < _FEWEST:
        raise TooFewRepeaters(count=count, what="a repeat purchase with an amount above 0", needed=_FEWEST)
    if np.ptp(spent) <= 1e-9 * spent.max():
        raise SpendAlike(count=f"{count:,}", amount=f"{spent.mean():g}")
    one = float(np.average(spent, weights=weight))
    x = histories.frequency[usable]
    rows = distinct_rows(x, spent / one, np.zeros(len(x)), weight)
    peak = best_climb(lambda theta: log_likelihood(rows, theta), _starts(), model=GammaGamma.MODEL)
    notes = _left_out(histories, usable) + _related(x, spent, weight) + edge_notes(peak, GammaGamma.NAMES)
    estimates = np.exp(peak.at) * np.array([1.0, 1.0, one])
    fit = peak.value - rows.total * float(np.log(one))
    return GammaGamma(estimates, peak.covariance(), fit, count, histories.unit, level, notes)


def log_likelihood(rows: Rows, theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The log-likelihood of (p, q, γ) with its gradient[3] and Hessian[3, 3]; rows.t are the means."""
    from scipy.special import gammaln, polygamma, psi

    p, q, gamma = theta
    x, m, w, k = rows.x, rows.t, rows.weight, p * rows.x + q
    log_sum, per_sum = np.log(gamma + x * m), 1 / (gamma + x * m)
    log_xm = np.log(x * m)
    levels, n, total = rows.levels, rows.tally, rows.total
    both, own = p * levels + q, p * levels
    value = n @ (gammaln(both) - gammaln(own)) - total * gammaln(q) + total * q * np.log(gamma)
    value += w @ (p * x * log_xm - np.log(m) - k * log_sum)
    gradient = np.array([
        (n * levels) @ (psi(both) - psi(own)) + w @ (x * (log_xm - log_sum)),
        n @ psi(both) - total * psi(q) + total * np.log(gamma) - w @ log_sum,
        total * q / gamma - w @ (k * per_sum),
    ])  # fmt: skip
    curve_both, curve_own = polygamma(1, both), polygamma(1, own)
    pp = (n * levels**2) @ (curve_both - curve_own)
    pq, qq = (n * levels) @ curve_both, n @ curve_both - total * polygamma(1, q)
    pg, qg = -(w @ (x * per_sum)), total / gamma - w @ per_sum
    gg = -total * q / gamma**2 + w @ (k * per_sum**2)
    return float(value), gradient, np.array([[pp, pq, pg], [pq, qq, qg], [pg, qg, gg]])


def _starts() -> list[NDArray[np.float64]]:
    return [np.array([p, q, (q - 1) / p]) for p in (0.5, 2.0, 8.0, 40.0) for q in (1.5, 4.0, 12.0)]


def _left_out(histories: Histories, usable: NDArray[np.bool_]) -> tuple[str, ...]:
    again = histories.frequency > 0
    count = int((again & ~usable).sum() if histories.weight is None else histories.weight[again & ~usable].sum())
    return (f"{count:,} who came back have no amount above 0 and were left out of the spend model.",) if count else ()


def _related(x: Any, spent: Any, weight: Any) -> tuple[str, ...]:
    """The model takes frequency and amount to be unrelated; say so when they visibly are not."""
    if np.ptp(x) == 0:
        return ()
    covariance = np.cov(np.log(x), np.log(spent), fweights=weight)
    related = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    if abs(related) < _RELATED:
        return ()
    words = "more" if related > 0 else "less"
    return (
        f"Those who buy more often spend {words} each time (correlation of the logarithms {related:.2f}); the model "
        "takes them to be unrelated, so fit groups of customers by themselves where that matters.",
    )
