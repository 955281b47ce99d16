"""Whatever is handed over: an answer without a NaN, or a refusal that says what to do; never an endless loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure import value
from tenure.errors import LengthsDiffer, TenureError, UnreadableInput
from tenure.value import errors

few = settings(max_examples=12, deadline=None)
histories = st.lists(
    st.tuples(st.integers(0, 9), st.floats(0, 1), st.floats(0, 1e4, allow_subnormal=False)), min_size=1, max_size=30
)
amounts = st.lists(st.tuples(st.integers(1, 9), st.floats(1e-6, 1e9)), min_size=1, max_size=40)


def read(rows: list[tuple[int, float, float]]) -> value.Histories:
    x, share, age = (np.array(column) for column in zip(*rows, strict=True))
    return value.read_histories(frequency=x, recency=np.where(x > 0, share * age, 0.0), age=age)


@few
@given(histories)
def test_any_histories_are_fitted_and_scored_or_refused_by_name(rows: list[tuple[int, float, float]]) -> None:
    people = read(rows)
    for fit in (value.bg_nbd, value.pareto_nbd):
        try:
            model = fit(people)
        except TenureError as refused:
            assert type(refused) in (errors.NobodyCameBack, errors.NobodyWatched, errors.DidNotSettle)
            continue
        scores = model.score(people, within=10)
        assert np.isfinite([*model.estimates, model.log_likelihood]).all()
        assert all(np.isfinite(scores.table()[name].to_numpy()).all() for name in ("alive", "purchases"))
        assert ((scores.alive >= 0) & (scores.alive <= 1)).all() and (scores.purchases >= 0).all()
        assert not any(np.isnan(scores.table()[name].to_numpy()).any() for name in scores.table().column_names[1:])


@few
@given(amounts)
def test_any_amounts_are_fitted_or_refused_by_name(rows: list[tuple[int, float]]) -> None:
    x, spent = (np.array(column) for column in zip(*rows, strict=True))
    people = value.read_histories(frequency=x, recency=np.ones(len(x)), age=np.full(len(x), 2.0), mean_amount=spent)
    try:
        model = value.gamma_gamma(people)
    except TenureError as refused:
        assert type(refused) in (errors.TooFewRepeaters, errors.SpendAlike, errors.DidNotSettle)
        return
    assert np.isfinite([*model.estimates, model.log_likelihood]).all()
    assert not np.isnan(list(model.intervals.values())).any()


@few
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=30))
def test_any_opportunities_are_fitted_or_refused_by_name(rows: list[tuple[int, int, int]]) -> None:
    ordered = np.sort(np.array(rows), axis=1)
    x, t, n = ordered[:, 0], np.where(ordered[:, 0] > 0, ordered[:, 1], 0), ordered[:, 2]
    people = value.read_opportunities(frequency=x, recency=t, opportunities=n)
    try:
        model = value.bg_bb(people)
    except TenureError as refused:
        assert type(refused) in (errors.NobodyCameBack, errors.DidNotSettle)
        return
    assert np.isfinite(model.expected(people, within=4)).all()
    assert ((model.alive(people) >= 0) & (model.alive(people) <= 1)).all()


@few
@given(st.lists(st.integers(0, 2_000), min_size=2, max_size=12))
def test_any_survivors_are_fitted_or_refused_by_name(counts: list[int]) -> None:
    survivors = sorted(counts, reverse=True)
    try:
        model = value.sbg(survivors)
    except TenureError as refused:
        assert type(refused) in (errors.SurvivorsBad, errors.NobodyLeft, errors.DidNotSettle)
        return
    survival = model.survival(np.arange(20))
    assert np.isfinite(survival).all() and (np.diff(survival) <= 0).all()


BAD = [
    ({"frequency": [-1], "recency": [0], "age": [5]}, "frequency is below 0"),
    ({"frequency": [1.5], "recency": [1], "age": [5]}, "not a whole number"),
    ({"frequency": [1], "recency": [-2], "age": [5]}, "recency is below 0"),
    ({"frequency": [1], "recency": [6], "age": [5]}, "later than the end of watching"),
    ({"frequency": [0], "recency": [3], "age": [5]}, "no repeat purchase"),
    ({"frequency": [1], "recency": [3], "age": [np.inf]}, "age has no limit"),
    ({"frequency": [1], "recency": [3], "age": [5], "mean_amount": [-4]}, "mean amount is below 0"),
    ({"frequency": [1], "recency": [3], "age": [5], "weight": [0]}, "weight is not a whole number"),
]


@pytest.mark.parametrize(("columns", "why"), BAD, ids=[why for _, why in BAD])
def test_a_row_that_cannot_be_is_refused_by_number(columns: dict[str, Any], why: str) -> None:
    sound = {"frequency": 2, "recency": 3.0, "age": 5.0, "mean_amount": 4.0, "weight": 1}
    rows = {name: np.array([sound[name], *bad], float) for name, bad in columns.items()}
    with pytest.raises(errors.HistoryBad, match="Row 2 ") as refused:
        value.read_histories(**rows)
    assert why in str(refused.value)


def test_rows_with_nothing_in_them_are_left_out_and_counted() -> None:
    people = value.read_histories(frequency=[1, np.nan, 2], recency=[1, 1, np.nan], age=[5, 5, 5])
    assert people.customers.tolist() == [1]
    assert people.notes == ("2 rows lack a frequency, recency or age and were left out.",)


def test_no_rows_at_all_and_rows_of_words_are_refused() -> None:
    with pytest.raises(errors.NoHistories):
        value.read_histories(frequency=[np.nan], recency=[1.0], age=[5.0])
    with pytest.raises(UnreadableInput, match="frequency is not a column of numbers"):
        value.read_histories(frequency=["often"], recency=[1.0], age=[5.0])
    with pytest.raises(LengthsDiffer):
        value.read_histories(frequency=[1, 2], recency=[1.0], age=[5.0, 5.0])


def test_a_customer_in_two_rows_is_refused_by_name() -> None:
    with pytest.raises(errors.CustomerTwice, match="Customer ada is in 2 rows"):
        value.read_histories(
            {"who": ["ada", "musa", "ada"], "x": [1, 0, 2], "t": [1, 0, 3], "T": [5, 5, 5]},
            customer="who", frequency="x", recency="t", age="T",
        )  # fmt: skip


def test_one_purchase_each_is_refused_with_what_to_do() -> None:
    once = value.read_histories(frequency=np.zeros(50), recency=np.zeros(50), age=np.linspace(1, 40, 50))
    for fit in (value.bg_nbd, value.pareto_nbd):
        with pytest.raises(errors.NobodyCameBack, match=r"None of the 50 customers bought a second time.*longer"):
            fit(once)


def test_nobody_watched_for_any_time_is_refused() -> None:
    with pytest.raises(errors.NobodyWatched):
        value.bg_nbd(value.read_histories(frequency=[1, 2], recency=[0, 0], age=[0, 0]))


def test_customers_who_are_all_alike_get_an_answer_that_says_how_little_is_known() -> None:
    alike = value.read_histories(frequency=np.full(300, 3), recency=np.full(300, 20.0), age=np.full(300, 26.0))
    model = value.bg_nbd(alike)
    assert model.notes
    assert model.expected(alike, within=26.0) == pytest.approx(np.full(300, 3.0), rel=0.35)


def test_the_same_amount_from_everybody_is_refused_with_what_to_do() -> None:
    alike = value.read_histories(
        frequency=np.full(30, 3), recency=np.full(30, 20.0), age=np.full(30, 26.0), mean_amount=np.full(30, 9.5)
    )
    with pytest.raises(errors.SpendAlike, match=r"Give spend=9\.5 instead"):
        value.gamma_gamma(alike)


def test_all_left_and_none_left_are_an_answer_and_a_refusal() -> None:
    assert value.sbg([100, 0]).survival(1) < 0.01
    with pytest.raises(errors.NobodyLeft):
        value.sbg([100, 100, 100])
    with pytest.raises(errors.SurvivorsBad, match="shares are not enough"):
        value.sbg([1.0, 0.63])


def test_heavy_tails_and_mixed_scales_settle() -> None:
    rng = np.random.default_rng(17)
    count = 12_000
    age = np.where(rng.random(count) < 0.5, rng.uniform(0.01, 2, count), rng.uniform(100, 3_000, count))
    x = np.minimum(rng.pareto(0.7, count), 20_000).astype(np.int64)
    people = value.read_histories(frequency=x, recency=np.where(x > 0, age * rng.beta(3, 1, count), 0.0), age=age)
    for fit in (value.bg_nbd, value.pareto_nbd):
        model = fit(people)
        assert np.isfinite(model.estimates).all()
        assert np.isfinite(model.score(people, within=50).purchases).all()


def test_histories_in_another_unit_than_the_models_are_refused(shop: value.Histories) -> None:
    model = value.bg_nbd(shop)
    days = value.read_histories(frequency=[1], recency=[3], age=[20], unit="day")
    with pytest.raises(errors.ChoiceBad, match="fitted in weeks"):
        model.alive(days)


def test_value_without_end_and_without_discount_is_refused(shop: value.Histories) -> None:
    model = value.bg_nbd(shop)
    with pytest.raises(errors.ValueUnbounded):
        value.worth(shop, purchases=model, spend=10.0, discount=0.0)


@pytest.mark.parametrize("choice", [{"margin": 0}, {"discount": -0.1}, {"horizon": np.nan}, {"spend": -1.0}])
def test_terms_that_make_no_sense_are_refused(shop: value.Histories, choice: dict[str, Any]) -> None:
    with pytest.raises(errors.ChoiceBad):
        value.worth(shop, purchases=value.bg_nbd(shop), **{"spend": 10.0, **choice})


def test_chances_are_refused_by_a_model_that_watches_all_the_time(shop: value.Histories) -> None:
    chances = value.read_opportunities(frequency=[1], recency=[1], opportunities=[6])
    with pytest.raises(errors.ChoiceBad, match="only a bg_bb reads"):
        value.bg_nbd(shop).alive(chances)
