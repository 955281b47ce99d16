"""Heavy tails and mixed scales, in small what came as 289,000 customers: an answer or a named error, and no NaN.

Purchases from none to tens of thousands, times in seconds beside times in years, money over eighteen orders of
magnitude, several purchases at one instant, customers seen for no time at all. Arithmetic that warns has failed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenure import effect, survival, value
from tenure.errors import TenureError
from tenure.value.errors import SpendUnbounded

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
YEAR = 31_557_600.0  # seconds
CUSTOMERS = 1_500


def bought(kind: str, *, seed: int = 1) -> tuple[Any, Any, Any]:
    """(repeats, years from first to last, years watched)."""
    rng = np.random.default_rng(seed)
    age = np.where(rng.random(CUSTOMERS) < 0.01, 0.0, rng.uniform(0, 2, CUSTOMERS))
    often = {
        "lognormal": np.exp(rng.normal(-0.5, 1.9, CUSTOMERS)),
        "pareto": rng.pareto(0.8, CUSTOMERS),
        "nearly nobody": np.where(rng.random(CUSTOMERS) < 0.97, 0, 1 + 3 * rng.pareto(0.7, CUSTOMERS)),
        "gone at once": rng.poisson(rng.gamma(0.5, 4, CUSTOMERS)),
        "wholesale": np.where(rng.random(CUSTOMERS) < 0.01, rng.integers(2_000, 9_000, CUSTOMERS), 0.4 / (age + 0.1)),
    }[kind]
    repeats = np.minimum(often, 50_000).astype(np.int64)
    last = age * rng.random(CUSTOMERS) ** (1 / np.maximum(repeats, 1))
    at_once = rng.random(CUSTOMERS) < 0.02
    if kind == "gone at once":
        age, last = age + 0.1, 0.02 * rng.random(CUSTOMERS)
    return repeats, np.where((repeats == 0) | at_once, 0.0, last), age


def read(kind: str, scale: float, **more: Any) -> value.Histories:
    repeats, last, age = bought(kind)
    return value.read_histories(frequency=repeats, recency=last * scale, age=age * scale, unit="day", **more)


@pytest.mark.parametrize("kind", ["lognormal", "pareto", "nearly nobody", "wholesale"])
def test_purchases_are_fitted_alike_in_seconds_and_in_years(kind: str) -> None:
    repeats = bought(kind)[0].sum()
    seconds, years = value.bg_nbd(read(kind, YEAR)), value.bg_nbd(read(kind, 1.0))
    assert seconds.log_likelihood + repeats * np.log(YEAR) == pytest.approx(years.log_likelihood, rel=1e-6, abs=1e-3)
    assert seconds.estimates[[0, 2, 3]] == pytest.approx(years.estimates[[0, 2, 3]], rel=1e-3)
    for model, scale in ((seconds, YEAR), (years, 1.0)):
        scores = model.score(read(kind, scale), within=scale / 12)
        assert all(np.isfinite(scores.table()[name].to_numpy()).all() for name in scores.table().column_names[1:])
        assert ((scores.alive >= 0) & (scores.alive <= 1)).all()
    alive = [model.alive(read(kind, scale)) for model, scale in ((seconds, YEAR), (years, 1.0))]
    assert alive[0] == pytest.approx(alive[1], abs=1e-4)


@pytest.mark.parametrize("kind", ["lognormal", "wholesale", "gone at once"])
def test_pareto_nbd_comes_to_an_end_too(kind: str) -> None:
    model = value.pareto_nbd(read(kind, YEAR))
    alive = model.alive(read(kind, YEAR))
    assert np.isfinite([*model.estimates, model.log_likelihood]).all()
    assert ((alive >= 0) & (alive <= 1)).all()


def test_money_over_eighteen_orders_of_magnitude_has_no_mean_and_it_is_said() -> None:
    rng = np.random.default_rng(2)
    people = read("lognormal", YEAR, mean_amount=np.exp(rng.normal(3, 4.5, CUSTOMERS)))
    with pytest.raises(SpendUnbounded, match="Cap the largest"):
        value.gamma_gamma(people).expected(people)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e15])
def test_money_in_any_currency_is_modelled_alike(scale: float) -> None:
    level = np.random.default_rng(3).gamma(4, 1 / 20, CUSTOMERS)
    amounts = scale / level
    people = read("lognormal", YEAR, mean_amount=amounts)
    spend, purchases = value.gamma_gamma(people), value.bg_nbd(people)
    assert spend.estimates[:2] == pytest.approx(value.gamma_gamma(read("lognormal", 1.0, mean_amount=1 / level))
                                                .estimates[:2], rel=1e-3)  # fmt: skip
    worth = value.worth(people, purchases=purchases, spend=spend, horizon=365)
    assert all(np.isfinite(worth.table()[name].to_numpy()).all() for name in worth.table().column_names[1:])


def test_renewals_and_opportunities_with_a_long_tail_are_fitted() -> None:
    slow = value.sbg((289_000 / (1 + np.arange(60)) ** 0.7).astype(int).tolist())
    assert (np.diff(slow.survival(np.arange(1_000))) < 0).all()
    rng = np.random.default_rng(4)
    chances = rng.integers(1, 400, CUSTOMERS)
    used = rng.binomial(chances, rng.beta(0.1, 2, CUSTOMERS))
    last = np.where(used > 0, np.maximum(used, (chances * rng.random(CUSTOMERS)).astype(int)), 0)
    told = value.read_opportunities(frequency=used, recency=last, opportunities=chances)
    assert np.isfinite(value.bg_bb(told).expected(told, within=10)).all()


def test_survival_and_effects_of_amounts_without_a_mean_are_answered_or_refused() -> None:
    rng = np.random.default_rng(5)
    money, arm = np.exp(rng.normal(0, 5, CUSTOMERS)), rng.random(CUSTOMERS) < 0.5
    seconds, left = rng.pareto(0.8, CUSTOMERS) * 1e6, rng.random(CUSTOMERS) < 0.3
    told = {"seconds": seconds, "left": left, "money": money}
    fit = survival.cox(told, duration="seconds", event="left")
    said = fit.predict({"money": [0.0, 1e12]}, at=[1e3, 1e6])
    assert np.isfinite([*fit.coefficients, *fit.standard_errors]).all()
    assert np.isfinite(said.survival).all() and np.isfinite(said.survival_low).all()
    table = {"customer": np.arange(CUSTOMERS), "arm": arm, "spent": rng.pareto(0.9, CUSTOMERS) * 1e6, "money": money}
    found = effect.experiment(
        table, customer="customer", arm="arm", control="False", outcome="spent", covariates=["money"]
    ).comparison.plain
    assert np.isfinite([found.value, found.low, found.high]).all() and found.low < found.value < found.high


def test_like_compared_with_like_over_nine_orders_of_magnitude_is_an_answer_or_a_reason() -> None:
    rng = np.random.default_rng(6)
    money, years = np.exp(rng.normal(0, 5, CUSTOMERS)), rng.uniform(0, 5, CUSTOMERS)
    treated = rng.random(CUSTOMERS) < 1 / (1 + np.exp(-0.3 * np.log(money)))
    spent = np.exp(rng.normal(0, 3, CUSTOMERS) + 0.2 * np.log(money))
    told = {"treated": treated, "spent": spent, "money": money, "seconds": years * YEAR}
    try:
        found = effect.observed(told, treatment="treated", outcome="spent", covariates=["money", "seconds"], splits=2)
    except TenureError as refused:
        assert len(str(refused)) > 40
        return
    assert "nan" not in found.sentence and "inf" not in found.sentence.split()
