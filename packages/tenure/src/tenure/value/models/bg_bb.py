"""BG/BB: yes-or-no chances to buy (a season, a year, a renewal drive), and customers who leave unseen.

P. S. Fader, B. G. S. Hardie and J. Shang, "Customer-base analysis in a discrete-time noncontractual setting",
Marketing Science 29 (2010). While a customer stays they buy at each chance with probability p ~ beta(α, β); before each
they leave with probability θ ~ beta(γ, δ). The chance of a history (x, t, n) is
B(α+x, β+n−x) B(γ, δ+n) + Σ B(α+x, β+j−x) B(γ+1, δ+j), j from t to n − 1, over B(α, β) B(γ, δ).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tenure.sharing import even, share, threads
from tenure.value.climbing import peak_of
from tenure.value.counting import Rows, distinct_rows, symmetric
from tenure.value.errors import ChoiceBad, NobodyCameBack
from tenure.value.fitted import edge_notes
from tenure.value.histories import Histories, Opportunities, opportunities_of, people, repeaters
from tenure.value.leaving import Leaving
from tenure.value.units import checked_level

_ALONE: Final = 2_000
_DEEP: Final = 40.0
_LONGEST: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BgBb(Leaving):
    """BG/BB at the top of its likelihood. Times are whole numbers of opportunities."""

    MODEL: ClassVar[str] = "BG/BB"
    NAMES: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    ASSUMES: ClassVar[str] = (
        "While they stay, customers take each chance to buy with a probability of their own; before each chance they "
        "may leave for good, unseen, with a probability of their own; the two have nothing to do with each other."
    )

    def alive_at(self, theta: Any, histories: Histories | Opportunities) -> NDArray[np.float64]:
        from tenure.value._kernels.bg_bb import fill_odds

        given = opportunities_of(histories)
        value = _table(theta, int(given.count.max()), _log_gamma)
        out = np.empty(len(given))
        share(
            lambda i, j: fill_odds(i, j, given.frequency, given.recency, given.count, value, out),
            even(len(out), 1 if len(out) < _ALONE else threads()),
        )
        return 1 / (1 + np.exp(np.minimum(out, 700.0)))

    def if_there_at(
        self, theta: Any, histories: Histories | Opportunities, *, within: float, force: float
    ) -> NDArray[np.float64]:
        given = opportunities_of(histories)
        return self._bought_if_there(theta, given.frequency, given.count, within=within, force=force)

    def stays_at(self, theta: Any, histories: Histories | Opportunities, *, within: float) -> NDArray[np.float64]:
        given = opportunities_of(histories)
        return self._stays(theta, given.frequency, given.count, within=within)

    def check_unit(self, histories: Histories | Opportunities) -> None:
        given = opportunities_of(histories)
        if given.unit != self.unit:
            raise ChoiceBad(name="unit", value=given.unit, why=f"the model was fitted by {self.unit}")

    def _bought_if_there(self, theta: Any, x: Any, age: Any, *, within: float, force: float) -> NDArray[np.float64]:
        """(α + x)/(α + β + n) · Σ v^j P(there at n + j | there at n), j = 1..within."""
        alpha, beta, _, _ = theta
        steps = _steps(min(within, _DEEP / force) if force > 0 else within, is_cut=force > 0 and within * force > _DEEP)
        to_come = _by_count(age, lambda n: float(np.exp(-force * np.arange(1, steps + 1)) @ _staying(theta, n, steps)))
        return (alpha + x) / (alpha + beta + age) * to_come

    def _stays(self, theta: Any, x: Any, age: Any, *, within: float) -> NDArray[np.float64]:
        steps = _steps(within, is_cut=False)
        return _by_count(age, lambda n: float(_staying(theta, n, steps)[-1]) if steps else 1.0)


def bg_bb(histories: Histories | Opportunities, *, level: float = 0.95) -> BgBb:
    """Fit BG/BB by maximum likelihood to yes-or-no opportunities (`summarise(…, opportunity="month")`).

    As `bg_nbd`: Newton's method with both analytic derivatives, from the best of several starts, equal histories
    counted once. Raises NobodyCameBack, OpportunitiesMissing or DidNotSettle.
    """
    checked_level(level)
    given = opportunities_of(histories)
    if repeaters(given) == 0:
        raise NobodyCameBack(count=f"{people(given):,}")
    rows = distinct_rows(given.frequency, given.recency, given.count, given.weight)
    peak = peak_of(rows, log_likelihood, _starts, model=BgBb.MODEL)
    notes = given.notes + edge_notes(peak, BgBb.NAMES)
    return BgBb(np.exp(peak.at), peak.covariance(), peak.value, people(given), given.unit, level, notes)


def log_likelihood(rows: Rows, theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The log-likelihood of (α, β, γ, δ) with its gradient[4] and Hessian[4, 4]; rows.T are the opportunities."""
    from tenure.value._kernels.bg_bb import add_rows

    x, t, n = (column.astype(np.int64) for column in (rows.x, rows.t, rows.T))
    most = int(n.max())
    value, first, second = (_table(theta, most, function) for function in (_log_gamma, _psi, _psi_slope))
    parts = even(len(rows), 1 if len(rows) < _ALONE else threads())
    out = np.zeros((len(parts), 15))

    def add(begin: int, end: int, place: int) -> None:
        add_rows(begin, end, x, t, n, rows.weight, value, first, second, out[place])

    share(add, [(begin, end, place) for place, (begin, end) in enumerate(parts)])
    total = out.sum(axis=0)
    return _less_betas(theta, rows.total, float(total[0]), total[1:5], symmetric(total[5:]), (value, first, second))


def _less_betas(theta: Any, total: float, value: float, gradient: Any, hessian: Any, tables: Any) -> Any:
    """Take off log B(α, β) + log B(γ, δ) for everybody."""
    logs, first, second = (table[:, 0] for table in tables)
    value -= total * float(logs[0] + logs[1] - logs[2] + logs[3] + logs[4] - logs[5])
    gradient = gradient - total * (first[[0, 1, 3, 4]] - first[[2, 2, 5, 5]])
    hessian = hessian - total * np.diag(second[[0, 1, 3, 4]])
    hessian[:2, :2] += total * second[2]
    hessian[2:, 2:] += total * second[5]
    return value, gradient, hessian


def _table(theta: Any, most: int, function: Callable[[Any], Any]) -> NDArray[np.float64]:
    """function at α, β, α+β, γ, δ and γ+δ, each plus 0..most+1."""
    alpha, beta, gamma, delta = theta
    starts = np.array([alpha, beta, alpha + beta, gamma, delta, gamma + delta])
    return function(starts[:, None] + np.arange(most + 2))


def _log_gamma(at: Any) -> Any:
    from scipy.special import gammaln

    return gammaln(at)


def _psi(at: Any) -> Any:
    from scipy.special import psi

    return psi(at)


def _psi_slope(at: Any) -> Any:
    from scipy.special import polygamma

    return polygamma(1, at)


def _staying(theta: Any, n: float, steps: int) -> NDArray[np.float64]:
    """P(there at n + j | there at n), j = 1..steps: Π (δ + n + i)/(γ + δ + n + i), i = 0..j − 1."""
    _, _, gamma, delta = theta
    return np.exp(np.cumsum(-np.log1p(gamma / (delta + n + np.arange(steps)))))


def _by_count(age: Any, function: Callable[[float], float]) -> NDArray[np.float64]:
    levels, place = np.unique(age, return_inverse=True)
    return np.array([function(float(n)) for n in levels])[place]


def _steps(within: float, *, is_cut: bool) -> int:
    """A whole number of opportunities, within reason."""
    if is_cut:
        within = float(np.ceil(within))
    if within != np.floor(within) or within > _LONGEST:
        raise ChoiceBad(name="within", value=within, why="it is a whole number of opportunities, at most a million")
    return int(within)


def _starts(rows: Rows) -> list[NDArray[np.float64]]:
    share_taken = min(max(float(rows.x @ rows.weight) / float(rows.T @ rows.weight) * 1.5, 0.01), 0.9)
    taking = [(size * share_taken, size * (1 - share_taken)) for size in (0.7, 2.0, 8.0)]
    leaving = ((0.5, 2.0), (1.0, 5.0), (0.3, 0.3), (2.0, 50.0))
    return [np.array([*take, *leave]) for take in taking for leave in leaving]
