"""BG/NBD: customers buy at random at a steady rate, and may leave after any purchase, unseen.

P. S. Fader, B. G. S. Hardie and K. L. Lee, "Counting your customers the easy way", Marketing Science 24 (2005).
While a customer stays, purchases are Poisson with rate λ ~ gamma(r, α); after each one they leave with
probability p ~ beta(a, b). The chance of a history (x, t, T) is
B(a, b + x)/B(a, b) · Γ(r + x) αʳ/Γ(r) · {(α + T)^−(r+x) + [x > 0] a/(b + x − 1) (α + t)^−(r+x)}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tenure.sharing import even, share, threads
from tenure.value.climbing import peak_of
from tenure.value.counting import Rows, distinct_rows, symmetric
from tenure.value.errors import NobodyCameBack, NobodyWatched
from tenure.value.fitted import edge_notes
from tenure.value.histories import Histories, people, repeaters
from tenure.value.leaving import Leaving
from tenure.value.units import checked_level

_ALONE: Final = 30_000  # rows below which one thread is quicker
_MOMENT: Final = 1e-9  # as good as no time at all


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BgNbd(Leaving):
    """BG/NBD at the top of its likelihood; `alpha` in units of time."""

    MODEL: ClassVar[str] = "BG/NBD"
    NAMES: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    ASSUMES: ClassVar[str] = (
        "While they stay, customers buy at random at a steady rate of their own; after any purchase they may leave for "
        "good, unseen, with a probability of their own; the two have nothing to do with each other."
    )

    def _odds_of_having_left(self, theta: Any, histories: Histories) -> NDArray[np.float64]:
        from tenure.value._kernels.bg_nbd import fill_odds

        r, alpha, a, b = theta
        out = np.empty(len(histories))
        x = histories.frequency.astype(np.float64)
        parts = even(len(out), 1 if len(out) < _ALONE else threads())
        share(lambda i, j: fill_odds(i, j, x, histories.recency, histories.age, r, alpha, a, b, out), parts)
        return out

    def _bought_if_there(self, theta: Any, x: Any, age: Any, *, within: float, force: float) -> NDArray[np.float64]:
        from tenure.value import smooth

        return smooth.by_history(x, age, theta[1], smooth.bg_nbd_bought(theta, within=within, force=force))

    def _stays(self, theta: Any, x: Any, age: Any, *, within: float) -> NDArray[np.float64]:
        from tenure.value import smooth

        return smooth.by_history(x, age, theta[1], smooth.bg_nbd_stays(theta, within=within))


def bg_nbd(histories: Histories, *, level: float = 0.95) -> BgNbd:
    """Fit BG/NBD by maximum likelihood.

    Newton's method with both analytic derivatives in the logarithms of the parameters, time rescaled to the mean
    age, from the best of twelve starting points; equal histories are counted once. Intervals are from the observed
    information. Raises NobodyCameBack when nothing can be learnt, DidNotSettle when no start reached a top.
    """
    checked_level(level)
    refuse_hopeless(histories)
    unit_age = mean_age(histories)
    rows = distinct_rows(histories.frequency, histories.recency / unit_age, histories.age / unit_age, histories.weight)
    peak = peak_of(rows, log_likelihood, _starts, model=BgNbd.MODEL)
    estimates = np.exp(peak.at) * np.array([1.0, unit_age, 1.0, 1.0])
    fit = peak.value - float(np.log(unit_age) * (rows.levels @ rows.tally))
    notes = edge_notes(peak, BgNbd.NAMES)
    return BgNbd(estimates, peak.covariance(), fit, people(histories), histories.unit, level, notes)


def log_likelihood(rows: Rows, theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The log-likelihood of (r, α, a, b) with its gradient[4] and Hessian[4, 4]."""
    from tenure.value._kernels.bg_nbd import add_counts, add_rows

    r, alpha, a, b = theta
    parts = even(len(rows), 1 if len(rows) < _ALONE else threads())
    out = np.zeros((len(parts), 15))
    jobs = [(begin, end, place) for place, (begin, end) in enumerate(parts)]

    def add(begin: int, end: int, place: int) -> None:
        add_rows(begin, end, rows.x, rows.t, rows.T, rows.weight, r, alpha, a, b, out[place])

    share(add, jobs)
    total = out.sum(axis=0)
    add_counts(rows.more, r, a, b, total)
    count = rows.total
    total[0] += count * r * np.log(alpha)
    total[1] += count * np.log(alpha)
    total[2] += count * r / alpha
    total[6] += count / alpha
    total[9] -= count * r / alpha**2
    return float(total[0]), total[1:5], symmetric(total[5:])


def _starts(rows: Rows) -> list[NDArray[np.float64]]:
    rate = max(1.5 * float(rows.levels @ rows.tally) / rows.total, 1e-3)
    leaving = ((0.5, 2.0), (1.0, 1.0), (0.2, 4.0), (2.0, 20.0))
    return [np.array([r, r / rate, a, b]) for r in (0.25, 1.0, 4.0) for a, b in leaving]


def refuse_hopeless(histories: Histories) -> None:
    """Named refusals of data from which no rate can be learnt."""
    if repeaters(histories) == 0:
        raise NobodyCameBack(count=f"{people(histories):,}")
    if not histories.age.max() > _MOMENT:
        raise NobodyWatched(count=f"{people(histories):,}")


def mean_age(histories: Histories) -> float:
    """The unit of time the climb works in: one that makes the mean age 1."""
    return float(np.average(histories.age, weights=histories.weight))
