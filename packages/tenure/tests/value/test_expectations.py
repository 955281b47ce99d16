"""What the fast expectations say, against integrals taken the slow way and against made-up customers' futures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1, hyperu
from scipy.stats import beta, gamma

from tenure import value
from tenure.value import smooth
from tenure.value.models.bg_bb import BgBb
from tenure.value.models.bg_nbd import BgNbd
from tenure.value.models.pareto_nbd import ParetoNbd

THETAS = [(0.243, 4.414, 0.793, 2.426), (2.0, 30.0, 0.05, 0.4), (0.1, 0.5, 30.0, 90.0), (1.0, 5.0, 1.0, 3.0)]
PEOPLE = value.read_histories(
    frequency=[0, 1, 2, 26, 150], recency=[0, 1.71, 30.43, 30.86, 38.0], age=[38.86, 38.86, 38.86, 31.0, 39.0]
)


def model(kind: Any, theta: Any, unit: str = "week") -> Any:
    return kind(np.array(theta), np.zeros((4, 4)), 0.0, 100, unit)


def slowly(a: float, b: float, function: Callable[[Any], Any]) -> float:
    """E[function(p)], p ~ beta(a, b), by a very long and very fine sum over the log-odds, no tail cut off."""
    y = np.arange(-4_500, 4_500, 0.005)
    weight = -a * np.logaddexp(0, -y) - b * np.logaddexp(0, y)
    weight = np.exp(weight - weight.max())
    return float(weight @ function(1 / (1 + np.exp(-np.maximum(y, -700)))) / weight.sum())


@pytest.mark.parametrize("theta", THETAS)
def test_bg_nbd_expects_what_the_papers_hypergeometric_formula_says(theta: Any) -> None:
    r, alpha, a, b = theta
    t = 39.0

    def rate(u: float, x: float, T: float) -> float:
        return float((r + x) / (alpha + T) * hyp2f1(r + x + 1, a, a + b + x, -u / (alpha + T)))

    slow = [quad(rate, 0, t, args=(x, T), epsrel=1e-11)[0] for x, T in zip(PEOPLE.frequency, PEOPLE.age, strict=True)]
    assert model(BgNbd, theta).if_there(PEOPLE, within=t) == pytest.approx(slow, rel=1e-8)


@pytest.mark.parametrize("theta", THETAS)
def test_bg_nbd_stays_with_the_chance_of_a_hypergeometric_function(theta: Any) -> None:
    r, alpha, a, b = theta
    x, T = PEOPLE.frequency, PEOPLE.age
    slow = hyp2f1(r + x, a, a + b + x, -13 / (alpha + T))
    assert model(BgNbd, theta).stays(PEOPLE, within=13) == pytest.approx(slow, rel=1e-8)


def test_the_conditional_expectation_of_bg_nbd_is_equation_ten_of_the_paper() -> None:
    r, alpha, a, b = THETAS[0]
    x, t, T, ahead = 2, 30.43, 38.86, 39.0
    factor = (a + b + x - 1) / (a - 1)
    z = ahead / (alpha + T + ahead)
    inside = 1 - ((alpha + T) / (alpha + T + ahead)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    below = 1 + a / (b + x - 1) * ((alpha + T) / (alpha + t)) ** (r + x)
    ours = model(BgNbd, THETAS[0]).expected(PEOPLE.chosen([2]), within=ahead)
    assert ours == pytest.approx([factor * inside / below], rel=1e-10)


def test_discounted_residual_transactions_of_bg_nbd_are_the_discounted_rate() -> None:
    r, alpha, a, b = THETAS[0]
    force = np.log(1.1) * 7 / 365.25

    def rate(u: float, x: float, T: float) -> float:
        return float(np.exp(-force * u) * (r + x) / (alpha + T) * hyp2f1(r + x + 1, a, a + b + x, -u / (alpha + T)))

    few = PEOPLE.chosen(slice(0, 4))  # beyond, SciPy's hypergeometric function gives up
    slow = [
        sum(quad(rate, low, high, args=(x, T), epsrel=1e-9)[0] for low, high in ((0, 300), (300, 3e3), (3e3, 3e4)))
        for x, T in zip(few.frequency, few.age, strict=True)
    ]
    assert model(BgNbd, THETAS[0]).if_there(few, within=None, discount=0.1) == pytest.approx(slow, rel=1e-6)


@pytest.mark.parametrize("s", [0.606, 1.0, 2.5])
def test_discounted_residual_transactions_of_pareto_nbd_are_tricomis_function(s: float) -> None:
    r, alpha, beta_ = 0.553, 10.578, 11.669
    force = np.log(1.15) * 7 / 365.25
    spans = beta_ + PEOPLE.age
    there = (r + PEOPLE.frequency) / (alpha + PEOPLE.age)
    theirs = there * spans * (force * spans) ** (s - 1) * hyperu(s, s, force * spans)
    ours = model(ParetoNbd, (r, alpha, s, beta_)).if_there(PEOPLE, within=None, discount=0.15)
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_pareto_nbd_expects_of_a_new_customer_the_closed_form_also_where_s_is_1() -> None:
    r, alpha, beta_, t = 0.553, 10.578, 11.669, np.array([1.0, 32.0])
    for s in (0.606, 1.7):
        theirs = r * beta_ / (alpha * (s - 1)) * (1 - (beta_ / (beta_ + t)) ** (s - 1))
        assert model(ParetoNbd, (r, alpha, s, beta_)).new(t) == pytest.approx(theirs, rel=1e-9)
    at_one = r / alpha * beta_ * np.log1p(t / beta_)
    assert model(ParetoNbd, (r, alpha, 1.0, beta_)).new(t) == pytest.approx(at_one, rel=1e-9)


def test_bg_bb_adds_up_chance_after_chance() -> None:
    alpha, beta_, gamma_, delta = 1.204, 0.750, 0.657, 2.783
    donors = value.read_opportunities(frequency=[2], recency=[5], opportunities=[6])
    there = [beta(gamma_, delta + 6).expect(lambda p, j=j: (1 - p) ** j) for j in (1, 2, 3)]
    taking = (alpha + 2) / (alpha + beta_ + 6)
    fitted = model(BgBb, (alpha, beta_, gamma_, delta), "year")
    assert fitted.if_there(donors, within=3) == pytest.approx([taking * sum(there)], rel=1e-6)
    assert fitted.stays(donors, within=3) == pytest.approx([there[2]], rel=1e-6)
    fair = sum(taking * chance / 1.1 ** (j + 1) for j, chance in enumerate(there))
    assert fitted.if_there(donors, within=3, discount=0.1) == pytest.approx([fair], rel=1e-6)


@pytest.mark.parametrize("shape", [(0.02, 3.0), (0.8, 200.0), (4000.0, 7000.0), (0.3, 0.01)])
def test_the_nodes_of_a_beta_distribution_give_its_expectations(shape: tuple[float, float]) -> None:
    p, weight = smooth.beta_nodes(*shape, farthest=50.0)
    assert weight @ (1 + 10 * p) ** -3.0 == pytest.approx(slowly(*shape, lambda p: (1 + 10 * p) ** -3.0), rel=1e-8)


def test_gamma_gamma_expects_what_its_posterior_says() -> None:
    p, q, g = 6.25, 3.74, 15.44
    fitted = value.GammaGamma(np.array([p, q, g]), np.zeros((3, 3)), 0.0, 100, "week")
    people = value.read_histories(frequency=[3, 0], recency=[9, 0], age=[20, 20], mean_amount=[22.0, None])
    posterior = gamma(q + 3 * p, scale=1 / (g + 3 * 22.0))
    assert fitted.expected(people)[0] == pytest.approx(posterior.expect(lambda nu: p / nu), rel=1e-6)
    assert fitted.expected(people)[1] == pytest.approx(p * g / (q - 1), rel=1e-12)


def test_what_is_expected_of_made_up_customers_is_what_they_then_do(world: Callable[..., Any]) -> None:
    x, t, age, after = world(20_000, seed=11, truth=(0.8, 5.0, 0.9, 3.0), longest=60.0)
    people = value.read_histories(frequency=x, recency=t, age=age)
    fitted = value.bg_nbd(people, level=0.999)
    assert fitted.estimates == pytest.approx([0.8, 5.0, 0.9, 3.0], rel=0.15)
    inside = [
        low <= true <= high for true, (low, high) in zip((0.8, 5.0, 0.9, 3.0), fitted.intervals.values(), strict=True)
    ]
    assert all(inside)
    expected = fitted.expected(people, within=60.0)
    assert expected.sum() == pytest.approx(after.sum(), rel=0.05)
    best = np.argsort(-expected)[:2_000]
    assert expected[best].sum() == pytest.approx(after[best].sum(), rel=0.08)
