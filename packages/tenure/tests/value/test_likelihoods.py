"""Every likelihood against its slow, obvious twin, and its derivatives against finite differences."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import beta as beta_function
from scipy.special import betaln, gammaln, hyp2f1

from tenure.value.counting import distinct_rows
from tenure.value.models import bg_bb, bg_nbd, gamma_gamma, pareto_nbd, sbg

positive = st.floats(0.05, 20)
four = st.tuples(positive, positive, positive, positive)
history = st.tuples(st.integers(0, 60), st.floats(0, 1), st.floats(0.1, 100)).map(
    lambda h: (h[0], h[1] * h[2] * (h[0] > 0), h[2])
)
chances = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)).map(lambda h: tuple(sorted(h)))
some = settings(max_examples=60, deadline=None)


def bg_nbd_twin(x: int, t: float, T: float, r: float, alpha: float, a: float, b: float) -> float:
    stayed = beta_function(a, b + x) / beta_function(a, b) * (alpha / (alpha + T)) ** r * (alpha + T) ** -x
    left = 0.0
    if x > 0:
        left = beta_function(a + 1, b + x - 1) / beta_function(a, b) * (alpha / (alpha + t)) ** r * (alpha + t) ** -x
    return float(gammaln(r + x) - gammaln(r) + np.log(stayed + left))


def pareto_nbd_twin(x: int, t: float, T: float, r: float, alpha: float, s: float, beta: float) -> float:
    stayed = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    top = -(r + x) * np.log(alpha + t) - (s + 1) * np.log(beta + t)
    cuts = [t + (T - t) * share for share in (0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.4, 1)]

    def chance(y: float) -> float:
        return float(np.exp(-(r + x) * np.log(alpha + y) - (s + 1) * np.log(beta + y) - top))

    inside = sum(quad(chance, low, high, epsrel=1e-10)[0] for low, high in itertools.pairwise(cuts))
    known = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return float(known + np.logaddexp(stayed, top + np.log(s) + np.log(inside)) if inside else known + stayed)


def bg_bb_twin(x: int, t: int, n: int, alpha: float, beta: float, gamma: float, delta: float) -> float:
    paths = [betaln(alpha + x, beta + n - x) + betaln(gamma, delta + n)]
    paths += [betaln(alpha + x, beta + j - x) + betaln(gamma + 1, delta + j) for j in range(t, n)]
    return float(np.log(np.sum(np.exp(paths))) - betaln(alpha, beta) - betaln(gamma, delta))


@some
@given(st.lists(history, min_size=1, max_size=5), four)
def test_bg_nbd_is_its_obvious_twin(rows: list[Any], theta: Any) -> None:
    ours = bg_nbd.log_likelihood(distinct_rows(*zip(*rows, strict=True), None), np.array(theta))[0]
    assert ours == pytest.approx(sum(bg_nbd_twin(*row, *theta) for row in rows), rel=1e-9, abs=1e-9)


@some
@given(st.lists(history, min_size=1, max_size=3), four)
def test_pareto_nbd_is_its_obvious_twin(rows: list[Any], theta: Any) -> None:
    ours = pareto_nbd.log_likelihood(distinct_rows(*zip(*rows, strict=True), None), np.array(theta))[0]
    assert ours == pytest.approx(sum(pareto_nbd_twin(*row, *theta) for row in rows), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(
    ("theta", "row"),
    [
        ((0.3945, 0.00137, 162_754.8, 1_871.0), (3, 0.015, 1.5)),  # everybody leaves within a hundredth of a year
        ((250.0, 3.0, 0.4, 1e-5), (4_000, 0.6, 40.0)),  # thousands of purchases, then silence
        ((0.05, 2e-6, 900.0, 1e-5), (1, 1e-4, 60.0)),
    ],
)
def test_pareto_nbd_keeps_its_digits_where_what_matters_is_a_sliver_of_the_time(theta: Any, row: Any) -> None:
    ours = pareto_nbd.log_likelihood(distinct_rows(*([value] for value in row), None), np.array(theta))[0]
    assert ours == pytest.approx(pareto_nbd_twin(*row, *theta), rel=1e-10)


def test_pareto_nbd_is_the_papers_difference_of_hypergeometric_functions() -> None:
    x, t, T, (r, alpha, s, beta) = 2, 30.43, 38.86, (0.553, 10.578, 0.606, 11.669)
    z = beta - alpha  # α < β: equation (A2) of Fader and Hardie's note on deriving the likelihood
    near, far = (hyp2f1(r + s + x, r + x, r + s + x + 1, z / (beta + y)) / (beta + y) ** (r + s + x) for y in (t, T))
    stayed = (alpha + T) ** -(r + x) * (beta + T) ** -s
    theirs = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    theirs += np.log(stayed + s / (r + s + x) * (near - far))
    ours = pareto_nbd.log_likelihood(distinct_rows([x], [t], [T], None), np.array([r, alpha, s, beta]))[0]
    assert ours == pytest.approx(theirs, rel=1e-11)


@some
@given(st.lists(chances, min_size=1, max_size=5), four)
def test_bg_bb_is_its_obvious_twin(rows: list[Any], theta: Any) -> None:
    rows = [(0, 0, n) if x == 0 else (x, t, n) for x, t, n in rows]
    ours = bg_bb.log_likelihood(distinct_rows(*zip(*rows, strict=True), None), np.array(theta))[0]
    assert ours == pytest.approx(sum(bg_bb_twin(*row, *theta) for row in rows), rel=1e-9, abs=1e-9)


def test_gamma_gamma_is_its_obvious_twin() -> None:
    x, m, (p, q, gamma) = np.array([1, 3, 9]), np.array([12.0, 30.0, 7.5]), (6.25, 3.74, 15.44)
    theirs = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
    theirs += (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(gamma + x * m)
    ours = gamma_gamma.log_likelihood(distinct_rows(x, m, np.zeros(3), None), np.array([p, q, gamma]))[0]
    assert ours == pytest.approx(theirs.sum(), rel=1e-12)


def test_sbg_is_its_obvious_twin() -> None:
    left, stayed, (alpha, beta) = np.array([5.0, 3.0, 2.0]), np.array([0.0, 4.0, 0.0, 7.0]), (0.7, 1.2)
    theirs = sum(n * (betaln(alpha + 1, beta + t) - betaln(alpha, beta)) for t, n in enumerate(left))
    theirs += sum(n * (betaln(alpha, beta + t) - betaln(alpha, beta)) for t, n in enumerate(stayed))
    assert sbg.log_likelihood(left, stayed, np.array([alpha, beta]))[0] == pytest.approx(theirs, rel=1e-12)


ROWS = distinct_rows([0, 1, 3, 40, 2], [0, 4.0, 30.0, 38.0, 9.0], [39.0, 39.0, 33.0, 38.5, 9.0], [5, 4, 3, 2, 1])
CHANCES = distinct_rows([0, 1, 3, 6, 2], [0, 4, 5, 6, 2], [6, 6, 6, 6, 5], [5, 4, 3, 2, 1])
SPENT = distinct_rows([1, 2, 5, 1], [12.0, 30.0, 7.5, 80.0], [0, 0, 0, 0], [4, 3, 2, 1])
LEFT, STAYED = np.array([369.0, 163.0, 86.0]), np.array([0.0, 10.0, 0.0, 382.0])
DERIVED = {
    "bg_nbd": (lambda theta: bg_nbd.log_likelihood(ROWS, theta), [0.6, 9.0, 0.7, 4.0]),
    "pareto_nbd, α < β": (lambda theta: pareto_nbd.log_likelihood(ROWS, theta), [0.6, 9.0, 0.7, 14.0]),
    "pareto_nbd, α > β": (lambda theta: pareto_nbd.log_likelihood(ROWS, theta), [0.6, 9.0, 0.7, 4.0]),
    "bg_bb": (lambda theta: bg_bb.log_likelihood(CHANCES, theta), [1.0, 0.5, 0.8, 4.0]),
    "gamma_gamma": (lambda theta: gamma_gamma.log_likelihood(SPENT, theta), [4.0, 3.0, 12.0]),
    "sbg": (lambda theta: sbg.log_likelihood(LEFT, STAYED, theta), [0.5, 2.0]),
}


@pytest.mark.parametrize("name", DERIVED)
def test_gradient_and_hessian_are_what_finite_differences_say(name: str) -> None:
    evaluate, start = DERIVED[name]
    theta = np.array(start)
    _, gradient, hessian = evaluate(theta)
    slopes, curves = _differences(evaluate, theta)
    assert gradient == pytest.approx(slopes, rel=1e-6, abs=1e-6 * np.abs(slopes).max())
    assert hessian == pytest.approx(curves, rel=1e-6, abs=1e-6 * np.abs(curves).max())


def _differences(evaluate: Callable[[Any], Any], theta: Any) -> tuple[Any, Any]:
    slopes, curves = [], []
    for place in range(len(theta)):
        step = np.zeros(len(theta))
        step[place] = 1e-5 * theta[place]
        up, down = evaluate(theta + step), evaluate(theta - step)
        slopes.append((up[0] - down[0]) / (2 * step[place]))
        curves.append((up[1] - down[1]) / (2 * step[place]))
    return np.array(slopes), np.array(curves)


def test_equal_rows_counted_once_give_the_likelihood_of_all_of_them() -> None:
    rng = np.random.default_rng(5)
    x = rng.integers(0, 4, 2_000)
    T = rng.integers(5, 9, 2_000).astype(float)
    t = np.where(x > 0, np.minimum(T, rng.integers(1, 5, 2_000)), 0.0)
    once = distinct_rows(x, t, T, None)
    loose = [distinct_rows(x[i : i + 200], t[i : i + 200], T[i : i + 200], None) for i in range(0, 2_000, 200)]
    theta = np.array([0.6, 9.0, 0.7, 4.0])
    assert len(once) < 80 and once.total == 2_000
    assert all(len(part) == 200 for part in loose)
    whole = sum(bg_nbd.log_likelihood(part, theta)[0] for part in loose)
    assert bg_nbd.log_likelihood(once, theta)[0] == pytest.approx(whole, rel=1e-12)
