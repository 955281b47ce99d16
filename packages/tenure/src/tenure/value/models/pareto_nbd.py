"""Pareto/NBD: customers buy at random at a steady rate, and may leave at any moment, unseen.

D. C. Schmittlein, D. G. Morrison and R. Colombo, "Counting your customers", Management Science 33 (1987). Purchases
are Poisson with rate λ ~ gamma(r, α) until a moment that is exponential with rate μ ~ gamma(s, β). The chance of a
history (x, t, T) is Γ(r + x) αʳ βˢ/Γ(r) · {(α + T)^−(r+x) (β + T)^−s + s ∫ (α + y)^−(r+x) (β + y)^−(s+1) dy}, y from t
to T; the integral, in the papers a difference of two hypergeometric functions, is taken as it stands, because nothing
cancels in it and its derivatives are integrals of the same kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tenure.sharing import even, share, threads
from tenure.value import smooth
from tenure.value.climbing import peak_of
from tenure.value.counting import Rows, distinct_rows, symmetric
from tenure.value.fitted import edge_notes
from tenure.value.histories import Histories, people
from tenure.value.leaving import Leaving
from tenure.value.models.bg_nbd import mean_age, refuse_hopeless
from tenure.value.units import checked_level

_ALONE: Final = 2_000  # rows below which one thread is quicker


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ParetoNbd(Leaving):
    """Pareto/NBD at the top of its likelihood; `alpha` and `beta` in units of time."""

    MODEL: ClassVar[str] = "Pareto/NBD"
    NAMES: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    ASSUMES: ClassVar[str] = (
        "While they stay, customers buy at random at a steady rate of their own; at any moment they may leave for "
        "good, unseen, at a rate of their own; the two have nothing to do with each other."
    )

    def _odds_of_having_left(self, theta: Any, histories: Histories) -> NDArray[np.float64]:
        from tenure.value._kernels.pareto_nbd import fill_odds

        r, alpha, s, beta = theta
        nodes, weights = _rules()
        x, out = histories.frequency.astype(np.float64), np.empty(len(histories))

        def fill(i: int, j: int) -> None:
            fill_odds(i, j, x, histories.recency, histories.age, r, alpha, s, beta, nodes, weights, out)

        share(fill, even(len(out), 1 if len(out) < _ALONE else threads()))
        return out

    def _bought_if_there(self, theta: Any, x: Any, age: Any, *, within: float, force: float) -> NDArray[np.float64]:
        r, alpha, s, beta = theta

        def there(_: float, spans: NDArray[np.float64]) -> NDArray[np.float64]:
            return smooth.time_left(s, spans, within=within, force=force)

        time = smooth.by_history(np.zeros(len(age), np.int64), age, beta, there)
        return (r + x) / (alpha + age) * time

    def _stays(self, theta: Any, x: Any, age: Any, *, within: float) -> NDArray[np.float64]:
        _, _, s, beta = theta
        return np.exp(-s * np.log1p(within / (beta + age)))


def pareto_nbd(histories: Histories, *, level: float = 0.95) -> ParetoNbd:
    """Fit Pareto/NBD by maximum likelihood.

    As `bg_nbd`: Newton's method with both analytic derivatives (under the integral), from the best of several starts.
    Raises NobodyCameBack when nothing can be learnt, DidNotSettle when no start reached a top.
    """
    checked_level(level)
    refuse_hopeless(histories)
    one = mean_age(histories)
    rows = distinct_rows(histories.frequency, histories.recency / one, histories.age / one, histories.weight)
    peak = peak_of(rows, log_likelihood, _starts, model=ParetoNbd.MODEL)
    estimates = np.exp(peak.at) * np.array([1.0, one, 1.0, one])
    fit = peak.value - float(np.log(one) * (rows.levels @ rows.tally))
    notes = edge_notes(peak, ParetoNbd.NAMES)
    return ParetoNbd(estimates, peak.covariance(), fit, people(histories), histories.unit, level, notes)


def log_likelihood(rows: Rows, theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The log-likelihood of (r, α, s, β) with its gradient[4] and Hessian[4, 4]."""
    from scipy.special import gammaln, polygamma, psi

    value, gradient, hessian = _of_rows(rows, theta)
    r, alpha, s, beta = theta
    x, n, total = rows.levels, rows.tally, rows.total
    value += float(n @ gammaln(r + x) - total * (gammaln(r) - r * np.log(alpha) - s * np.log(beta)))
    gradient += np.array([
        n @ psi(r + x) - total * (psi(r) - np.log(alpha)), total * r / alpha, total * np.log(beta), total * s / beta
    ])  # fmt: skip
    hessian[0, 0] += n @ polygamma(1, r + x) - total * polygamma(1, r)
    hessian += total * symmetric(np.array([0, 1 / alpha, 0, 0, -r / alpha**2, 0, 0, 0, 1 / beta, -s / beta**2]))
    return value, gradient, hessian


def _of_rows(rows: Rows, theta: Any) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    from tenure.value._kernels.pareto_nbd import add_rows

    r, alpha, s, beta = theta
    nodes, weights = _rules()
    parts = even(len(rows), 1 if len(rows) < _ALONE else threads())
    out = np.zeros((len(parts), 15))

    def add(begin: int, end: int, place: int) -> None:
        add_rows(
            begin, end, rows.x, rows.t, rows.T, rows.weight, r, alpha, s, beta, nodes, weights, out[place]
        )  # fmt: skip

    share(add, [(begin, end, place) for place, (begin, end) in enumerate(parts)])
    total = out.sum(axis=0)
    return float(total[0]), total[1:5], symmetric(total[5:])


@cache
def _rules() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights on 0..1: 8 for what is short and flat, then 16."""
    few, many = smooth.legendre(8), smooth.legendre(16)
    return np.concatenate([few[0], many[0]]), np.concatenate([few[1], many[1]])


def _starts(rows: Rows) -> list[NDArray[np.float64]]:
    rate = max(1.5 * float(rows.levels @ rows.tally) / rows.total, 1e-3)
    leaving = ((0.5, 0.3), (1.0, 1.0), (3.0, 3.0), (1.0, 5.0))
    return [np.array([r, r / rate, s, beta]) for r in (0.25, 1.0, 4.0) for s, beta in leaving]
