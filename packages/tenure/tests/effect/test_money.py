"""An effect in customers and money carries both uncertainties, and never adds two currencies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tenure import effect
from tenure.effect.errors import CurrenciesMixed, WorthUnclear
from tenure.effect.estimates import Estimate

KEEPS = Estimate(0.05, 0.01, 0.0304, 0.0696, 1e-6, 0.95, "by hand")


def test_with_an_exact_worth_the_money_is_the_effect_times_it() -> None:
    found = effect.gain(KEEPS, customers=1_000, worth=effect.Worth(400, "EUR"), cost_each=2)
    assert found.kept is not None
    assert (found.kept.value, found.kept.low, found.kept.high) == pytest.approx((50, 30.4, 69.6))
    assert (found.money.value, found.money.low, found.money.high) == pytest.approx((20_000, 12_160, 27_840))
    assert (found.net.value, found.net.low, found.cost) == pytest.approx((18_000, 10_160, 2_000))
    assert "exactly known" in found.notes[0]
    assert found.sentence == (
        "Treating 1,000 customers keeps 50 more of them (30 to 70), which brings 18,000 EUR after a cost of 2,000 EUR "
        "(10,160 EUR to 25,840 EUR)."
    )


def test_an_uncertain_worth_widens_it_as_simulation_says() -> None:
    found = effect.gain(KEEPS, customers=1, worth=effect.Worth(400, "EUR", low=200, high=700))
    rng = np.random.default_rng(1)
    z = rng.normal(size=2_000_000)
    drawn = rng.normal(0.05, 0.01, 2_000_000) * (400 + z / 1.96 * np.where(z < 0, 200, 300))
    assert (found.money.low, found.money.high) == pytest.approx(tuple(np.quantile(drawn, (0.025, 0.975))), rel=0.01)


def test_an_effect_around_zero_is_said_to_be_unsure_and_a_loss_a_loss() -> None:
    unsure = Estimate(0.01, 0.01, -0.0096, 0.0296, 0.3, 0.95, "")
    found = effect.gain(unsure, customers=100, worth=effect.Worth(10, "EUR", low=5, high=15))
    assert found.money.low < 0 < found.money.high and found.sentence.endswith("Whether it pays is not known yet.")
    loss = effect.gain(KEEPS, customers=100, worth=effect.Worth(10, "EUR"), cost_each=5)
    assert loss.sentence.endswith("It loses money.")


def test_currencies_are_never_added() -> None:
    with pytest.raises(CurrenciesMixed, match="USD and EUR"):
        effect.gain(KEEPS, customers=1, worth=effect.Worth(1, "EUR"), currency="USD")
    spent = effect.experiment(
        arm=["control", "treated"] * 50, outcome=[float(n % 17) for n in range(100)], currency="USD"
    )
    with pytest.raises(CurrenciesMixed):
        spent.gain(worth=effect.Worth(1, "EUR"))
    assert spent.gain(customers=10).currency == "USD" and spent.gain().kept is None


@pytest.mark.parametrize("worth", [(10, 11, 12), (10, 5, 9), (math.nan, None, None), (10, -math.inf, 20)])
def test_a_worth_outside_its_own_interval_is_refused(worth: tuple[float, float | None, float | None]) -> None:
    with pytest.raises(WorthUnclear):
        effect.Worth(worth[0], "EUR", low=worth[1], high=worth[2])


def test_money_without_a_currency_is_refused() -> None:
    with pytest.raises(WorthUnclear):
        effect.gain(KEEPS, customers=10)


def test_the_table_and_the_page_hold_kept_money_and_net() -> None:
    found = effect.gain(KEEPS, customers=1_000, worth=effect.Worth(400, "EUR"))
    assert found.table()["figure"].to_pylist() == ["kept", "money", "net"]
    assert "12,160 to 27,840" in found._repr_html_()
    pytest.importorskip("altair")
    assert found.chart().to_dict()["layer"]
