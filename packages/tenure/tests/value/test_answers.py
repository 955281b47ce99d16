"""From purchases to histories by hand, and what the frozen answers hold."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from tenure import value
from tenure.errors import NoFactsLeft, UnknownChoice
from tenure.value.errors import AmountBad, AmountMissing, OpportunitiesMissing

PURCHASES = {
    "who": ["Ada", "Ada", "Ada", "Ada", "Musa", "Musa", "Ada"],
    "when": ["2026-01-05", "2026-01-19", "2026-01-19", "2026-02-02", "2026-01-12", "2026-01-12", "2026-06-01"],
    "total": [10.0, 4.0, 6.0, 30.0, 5.0, 5.0, 99.0],
}
ASKED = {"customer": "who", "time": "when", "amount": "total"}


def test_histories_are_as_counted_by_hand() -> None:
    people = value.summarise(PURCHASES, **ASKED, observed_until="2026-03-02")
    assert people.customers.tolist() == ["Ada", "Musa"]
    assert people.frequency.tolist() == [2, 0]  # two purchases on 19 January are one day
    assert people.recency.tolist() == [4.0, 0.0]
    assert people.age.tolist() == [8.0, 7.0]
    assert people.mean_amount is not None
    assert people.mean_amount[0] == 20.0 and np.isnan(people.mean_amount[1])  # (10 on the 19th + 30)/2
    assert "1 facts after 2026-03-02 were left out." in people.notes


def test_opportunities_are_complete_periods_after_the_first_purchases_own() -> None:
    people = value.summarise(PURCHASES, **ASKED, observed_until="2026-03-15", opportunity="month")
    assert people.opportunities is not None
    assert people.opportunities.frequency.tolist() == [1, 0]  # February; March has not ended
    assert people.opportunities.recency.tolist() == [1, 0]
    assert people.opportunities.count.tolist() == [1, 1]


def test_units_and_coarser_transactions_are_stated_and_kept() -> None:
    days = value.summarise(PURCHASES, **ASKED, observed_until="2026-03-02", unit="day")
    assert (days.recency.tolist(), days.age.tolist()) == ([28.0, 0.0], [56.0, 49.0])
    months = value.summarise(PURCHASES, **ASKED, observed_until="2026-03-02", unit="month", distinct="month")
    assert (months.frequency.tolist(), months.recency.tolist(), months.age.tolist()) == ([1, 0], [1, 0], [2, 2])
    with pytest.raises(UnknownChoice):
        value.summarise(PURCHASES, **ASKED, unit="fortnight")


def test_a_purchase_without_an_amount_counts_but_not_in_the_mean() -> None:
    holes = {**PURCHASES, "total": [10.0, None, None, 30.0, 5.0, 5.0, 99.0]}
    people = value.summarise(holes, **ASKED, observed_until="2026-03-02")
    assert people.frequency.tolist() == [2, 0]
    assert people.mean_amount is not None and people.mean_amount[0] == 30.0
    assert "2 purchases have no amount; they count as purchases but not in the means." in people.notes


def test_refunds_and_facts_all_too_late_are_refused() -> None:
    with pytest.raises(AmountBad, match=r"Row 3 has an amount of -1\.0"):
        value.summarise({**PURCHASES, "total": [1, 1, -1, 1, 1, 1, 1]}, **ASKED)
    with pytest.raises(NoFactsLeft):
        value.summarise(PURCHASES, **ASKED, observed_until="2025-01-01")


def test_what_was_not_summarised_cannot_be_asked_of() -> None:
    people = value.summarise(PURCHASES, customer="who", time="when", observed_until="2026-03-02")
    with pytest.raises(AmountMissing):
        value.gamma_gamma(people)
    with pytest.raises(OpportunitiesMissing):
        value.bg_bb(people)


def test_worth_is_alive_times_purchases_times_spend_times_margin(shop: value.Histories) -> None:
    purchases, spend = value.bg_nbd(shop), value.gamma_gamma(shop)
    found = value.worth(shop, purchases=purchases, spend=spend, margin=0.3, discount=0.1, horizon=52)
    there = purchases.if_there(shop, within=52, discount=0.1) * spend.expected(shop) * 0.3
    assert found.if_they_stay == pytest.approx(there)
    assert found.residual == pytest.approx(purchases.alive(shop) * there)
    assert (found.residual_low <= found.residual).all() and (found.residual <= found.residual_high).all()
    assert found.total == pytest.approx(found.residual.sum())
    assert found.total_low < found.total < found.total_high
    assert any(note.startswith("Assumed: While they stay") for note in found.notes)


def test_the_stake_is_the_chance_to_leave_times_the_value_if_they_stay(shop: value.Histories) -> None:
    purchases = value.pareto_nbd(shop)
    found = value.cost_of_losing(shop, purchases=purchases, spend=20.0, within=13)
    gone = purchases.alive(shop) * (1 - purchases.stays(shop, within=13))
    assert found.leaves == pytest.approx(gone)
    assert found.stake == pytest.approx(gone * purchases.if_there(shop, within=None, discount=0.1) * 20.0)
    given = np.full(len(shop), 0.25)
    told = value.cost_of_losing(shop, purchases=purchases, spend=20.0, within=13, leaves=given)
    assert told.stake == pytest.approx(0.25 * told.if_they_stay)


def test_intervals_hold_the_estimate_and_widen_with_the_level(shop: value.Histories) -> None:
    model = value.bg_nbd(shop)
    narrow, wide = model.score(shop, within=26, level=0.5), model.score(shop, within=26, level=0.99)
    assert (wide.purchases_low <= narrow.purchases_low).all() and (narrow.purchases_high <= wide.purchases_high).all()
    assert (wide.alive_low <= wide.alive).all() and (wide.alive <= wide.alive_high).all()


def test_the_delta_interval_is_what_refitting_resampled_customers_gives(shop: value.Histories) -> None:
    model, one = value.bg_nbd(shop), shop.chosen([int(np.argmax(shop.frequency))])
    rng = np.random.default_rng(8)
    refitted = [
        value.bg_nbd(shop.chosen(rng.integers(0, len(shop), len(shop)))).expected(one, within=26)[0] for _ in range(80)
    ]
    scores = model.score(one, within=26)
    reach = float(np.log(scores.purchases_high[0] / scores.purchases_low[0]) / (2 * 1.96))
    assert reach == pytest.approx(np.std(np.log(refitted)), rel=0.5)


def test_every_answer_is_frozen_and_has_a_table_a_page_and_a_chart(shop: value.Histories) -> None:
    pytest.importorskip("altair")
    purchases, spend = value.bg_nbd(shop), value.gamma_gamma(shop)
    answers = [
        purchases, purchases.score(shop, within=26), value.worth(shop, purchases=purchases, spend=spend),
        value.cost_of_losing(shop, purchases=purchases, spend=spend, within=13), value.sbg([100, 70, 55, 48]),
        shop, spend, spend.score(shop),
        value.read_opportunities(frequency=[1, 3], recency=[1, 5], opportunities=[6, 6]),
    ]  # fmt: skip
    for answer in answers:
        assert len(answer.table()) > 0
        assert answer._repr_html_().startswith('<div class="tenure">')
        assert answer.chart().to_dict()["layer"]
        with pytest.raises(dataclasses.FrozenInstanceError):
            answer.notes = ()
    assert "<" not in repr(spend)[1:-1] and len(spend.score(shop)) == len(shop)


def test_sbg_tells_how_many_renewals_are_still_to_come() -> None:
    model = value.sbg([1000, 631, 468, 382, 326, 289, 262, 241])
    alpha, beta = model.estimates
    fair = 1 / 1.1
    slow, there = 0.0, 1.0
    for k in range(2_000):
        there *= (beta + 3 + k) / (alpha + beta + 3 + k)
        slow += there * fair**k
    value_, low, high = model.residual_with_interval(3, discount=0.1)
    assert model.residual(3, discount=0.1) == pytest.approx(slow, rel=1e-9)
    assert low < value_ < high
    assert model.retention([1, 2]) == pytest.approx([beta / (alpha + beta), (beta + 1) / (alpha + beta + 1)])


def test_sbg_of_customers_one_by_one_is_sbg_of_their_cohort() -> None:
    renewed = np.repeat([0, 1, 2, 3], [369, 163, 86, 382])
    one_by_one = value.sbg_of(renewed=renewed, left=(renewed < 3).astype(int))
    assert one_by_one.estimates == pytest.approx(value.sbg([1000, 631, 468, 382]).estimates)


def test_importing_the_library_imports_none_of_it() -> None:
    code = "import sys, tenure; tenure.value; print([m for m in sys.modules if m in ('scipy', 'numba', 'pyarrow')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
