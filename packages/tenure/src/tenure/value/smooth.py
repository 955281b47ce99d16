"""Expectations over the traits that cannot be seen, for millions of customers.

At a given frequency x every expectation is a smooth function of log(shift + age), so it is worked out at two dozen
Chebyshev points per distinct x and interpolated, to about ten digits; no hypergeometric function is needed, and
nothing cancels: the beta integral is a trapezoid sum over log-odds, which converges exponentially (Trefethen and
Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56 (2014)), because every singularity of the
integrand lies at ±πi.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.sharing import even, share, threads

_POINTS: Final = 24  # in age
_FINE: Final = 56  # in z
_DEEP: Final = 40.0  # exp(−40) is nothing beside 1
_ALONE: Final = 30_000

Floats = NDArray[np.float64]
OfAge = Callable[[float, Floats], Floats]  # (x, shift + age[m]) -> values[m]


def by_history(x: Any, age: Floats, shift: float, function: OfAge) -> Floats:
    """function(x[i], shift + age[i]) for every customer, by one Chebyshev series in age per distinct x."""
    from tenure.value._kernels.series import fill_series

    levels, codes = _levels(np.asarray(x))
    low, high = np.log(shift + float(age.min())), np.log(shift + float(age.max()))
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-9)
    points, to_series = _chebyshev(_POINTS if high > low else 1)
    spans = np.exp(middle + half * points)
    table = np.array([to_series @ function(float(level), spans) for level in levels])
    out = np.empty(len(age))
    share(
        lambda i, j: fill_series(i, j, codes, age, shift, middle, half, table, out),
        even(len(age), 1 if len(age) < _ALONE else threads()),
    )
    return out


def bg_nbd_bought(theta: Any, *, within: float, force: float) -> OfAge:
    """Purchases in the next `within` units of somebody who is there: (r+x)/A ∫ e^(−force·u) h(u/A) du, A = α + T.

    h(z) = E[(1 + pz)^−(r+x+1)] over p ~ beta(a, b + x): the chance to be there still, weighted by the rate.
    """
    r, _, a, b = theta
    end = min(within, _DEEP / force) if force > 0 else within

    def bought(x: float, spans: Floats) -> Floats:
        k = r + x + 1
        chance = _of_z(a, b + x, k, end / float(spans.min()))
        nodes, weights = legendre()
        log_end = np.log1p(k * end / spans)[:, None]
        z = np.expm1(log_end * nodes) / k
        inside = chance(z) * np.exp(-force * z * spans[:, None]) * (z + 1 / k)
        return (r + x) * (inside @ weights) * log_end[:, 0]

    return bought


def bg_nbd_stays(theta: Any, *, within: float) -> OfAge:
    """The chance that somebody who is there has not left `within` units later: E[(1 + p·within/A)^−(r+x)]."""
    r, _, a, b = theta

    def stays(x: float, spans: Floats) -> Floats:
        z = within / spans
        p, weight = beta_nodes(a, b + x, farthest=(r + x) * float(z.max()))
        return np.exp(-(r + x) * np.log1p(np.multiply.outer(z, p))) @ weight

    return stays


def beta_nodes(a: float, b: float, *, farthest: float) -> tuple[Floats, Floats]:
    """Nodes and weights of E[f(p)], p ~ beta(a, b), for f that is flat below p ~ e^−40/farthest.

    Equal steps in the log-odds y. Where a tail is longer than that, its infinite geometric sum is put on the
    last node.
    """
    spread = float(np.sqrt(1 / a + 1 / b))
    step, centre = min(0.3, 0.6 * spread), float(np.log(a / b))
    lowest = min(-_DEEP - np.log1p(farthest), centre)
    low = max(lowest, centre - 9 * spread - _DEEP / a)
    high = min(max(_DEEP, centre), centre + 9 * spread + _DEEP / b)
    y = np.arange(low, high + step, step)
    weight = -a * np.logaddexp(0, -y) - b * np.logaddexp(0, y)
    weight = np.exp(weight - weight.max())
    if low == lowest:
        weight[0] /= -np.expm1(-a * step)
    if high < centre + 9 * spread + _DEEP / b:
        weight[-1] /= -np.expm1(-b * step)
    return 1 / (1 + np.exp(-y)), weight / weight.sum()


def time_left(order: float, spans: Floats, *, within: float, force: float) -> Floats:
    """∫ e^(−force·u) (B/(B + u))^s du, u from 0 to `within`, B = spans: the discounted time somebody will still stay.

    In v = log(1 + u/B), where nothing cancels. Without end it is B e^z E_s(z), z = force·B, which is B U(1, 2 − s, z)
    or B z^(s−1) U(s, s, z) in Tricomi's function (Fader, Hardie and Lee 2005, "RFM and CLV").
    """
    end = np.log1p((min(within, _DEEP / force) if force > 0 else within) / spans)
    if force == 0:
        return spans * end * _expm1_over((1 - order) * end)
    nodes, weights = legendre(96)
    v = np.multiply.outer(end, nodes)
    inside = np.exp(-force * spans[:, None] * np.expm1(v) + (1 - order) * v)
    return spans * end * (inside @ weights)


def _expm1_over(z: Floats) -> Floats:
    """(e^z − 1)/z, and 1 at 0."""
    small = np.abs(z) < 1e-12
    return np.where(small, 1.0, np.expm1(z) / np.where(small, 1.0, z))


def _of_z(a: float, b: float, k: float, farthest: float) -> Callable[[Floats], Floats]:
    """E[(1 + pz)^−k] for 0 ≤ z ≤ farthest, from one Chebyshev series in log(1 + kz)."""
    p, weight = beta_nodes(a, b, farthest=k * farthest)
    points, to_series = _chebyshev(_FINE)
    half = max(float(np.log1p(k * farthest)) / 2, 1e-12)
    z = np.expm1(half * (points + 1)) / k
    series = to_series @ (np.exp(-k * np.log1p(np.multiply.outer(z, p))) @ weight)

    def chance(at: Floats) -> Floats:
        return np.asarray(np.polynomial.chebyshev.chebval(np.log1p(k * at) / half - 1, series), np.float64)

    return chance


def _levels(x: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The distinct frequencies and each customer's place among them."""
    top = int(x.max()) if len(x) else 0
    if top > 4 * len(x) + 1_000:
        levels, codes = np.unique(x, return_inverse=True)
        return levels, codes
    whole = x.astype(np.int64)
    levels = np.flatnonzero(np.bincount(whole))
    place = np.zeros(top + 1, np.int64)
    place[levels] = np.arange(len(levels))
    return levels, place[whole]


@cache
def _chebyshev(count: int) -> tuple[Floats, Floats]:
    """Chebyshev points of the first kind, and the matrix from values there to coefficients."""
    angles = np.pi * (np.arange(count) + 0.5) / count
    matrix = 2 / count * np.cos(np.outer(np.arange(count), angles))
    matrix[0] /= 2
    return np.cos(angles), matrix


@cache
def legendre(count: int = 40) -> tuple[Floats, Floats]:
    """Gauss–Legendre nodes and weights on 0..1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2
