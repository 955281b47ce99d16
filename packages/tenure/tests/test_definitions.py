"""The five kinds: worked by hand, and the algebra that always holds."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenure

ACTIVE = {"A": [1, 2, 3, 5, 7, 9], "B": [1, 4, 10], "C": [1, 2], "D": [3], "E": []}
FACTS = {
    "customer": [name for name, days in ACTIVE.items() for _ in [0, *days]],
    "time": [dt.date(2026, 1, 1) + dt.timedelta(days=day) for days in ACTIVE.values() for day in [0, *days]],
}


@pytest.mark.parametrize(
    ("n", "m", "rates"),
    [
        (3, 2, {"full": 0.2, "classic": 0.4, "rolling": 0.6, "return": 0.8, "bracket": 0.6}),
        (7, 4, {"full": 0.0, "classic": 0.2, "rolling": 0.4, "return": 0.8, "bracket": 0.4}),
    ],
)
def test_the_hand_worked_example_comes_out(n: int, m: int, rates: dict[str, float]) -> None:
    answer = tenure.retention(FACTS, period="day", as_of="2026-01-12", bracket_from=m)
    assert {kind: answer.rate(kind)[0, n] for kind in answer.kinds} == rates
    assert answer.sizes.tolist() == [5]
    assert answer.at_risk[0].tolist() == [5] * 11


def test_a_period_that_has_not_ended_has_nobody_at_risk_and_so_no_rate() -> None:
    answer = tenure.retention(FACTS, period="day", as_of="2026-01-05", periods=6)
    assert answer.at_risk[0].tolist() == [5, 5, 5, 5, 0, 0, 0]
    assert np.isnan(answer.rate("classic")[0, 4:]).all()
    assert np.isnan(answer.interval("classic")[0][0, 4:]).all()
    assert answer.table("classic")["period"].to_pylist() == [0, 1, 2, 3]


def test_without_as_of_the_last_fact_is_the_end_and_its_day_is_still_open() -> None:
    answer = tenure.retention(FACTS | {"time": [f"{day}T10:00:00+00:00" for day in FACTS["time"]]}, period="day")
    assert answer.question.as_of == "2026-01-11 10:00:00"
    assert answer.at_risk[0].tolist() == [5] * 10


def test_rolling_is_provisional_until_its_follow_up_has_ended() -> None:
    endless = tenure.retention(FACTS, period="day", as_of="2026-01-12", periods=3)
    assert endless.provisional("rolling")[0].tolist() == [False, True, True, True]
    assert not endless.provisional("return").any()
    assert "provisional" in endless.question.definitions["rolling"]
    ended = tenure.retention(FACTS, period="day", as_of="2026-01-12", periods=3, follow_up=4)
    assert not ended.provisional("rolling").any()
    assert ended.rate("rolling")[0].tolist() == [1.0, 0.8, 0.8, 0.6]  # only days up to 4 count: A, B and D in 3..4
    still = tenure.retention(FACTS, period="day", as_of="2026-01-12", periods=3, follow_up=11)
    assert still.provisional("rolling")[0, 1:].all()


def test_the_two_curves_have_different_names_and_different_customers() -> None:
    facts = {
        "customer": [1, 1, 2, 3, 3],
        "time": ["2026-01-01", "2026-01-02", "2026-01-01", "2026-01-03", "2026-01-04"],
    }
    answer = tenure.retention(facts, period="day", as_of="2026-01-05", periods=3)
    eligible, fixed = answer.curve("classic"), answer.fixed_curve("classic", through=3)
    assert (eligible.name, eligible.at_risk.tolist(), eligible.retained.tolist()) == (
        "eligible-cohort curve",
        [3, 3, 2, 2],
        [3, 2, 0, 0],
    )
    assert (fixed.name, fixed.at_risk.tolist(), fixed.retained.tolist()) == (
        "fixed-cohort curve through 3",
        [2, 2, 2, 2],
        [2, 1, 0, 0],
    )


def test_a_bracket_does_not_exist_before_it_begins() -> None:
    answer = tenure.retention(FACTS, period="day", as_of="2026-01-12", bracket_from=4)
    assert answer.table("bracket")["period"].to_pylist() == [0, 4, 5, 6, 7, 8, 9, 10]
    assert np.isnan(answer.rate("bracket")[0, 1:4]).all()


def test_the_first_fact_ever_is_not_fooled_by_a_window() -> None:
    facts = {
        "customer": [1, 1, 1, 2, 2],
        "time": ["2026-01-01", "2026-02-03", "2026-03-05", "2026-02-09", "2026-03-01"],
    }
    ever = tenure.retention(facts, period="month", as_of="2026-04-01", since="2026-02-01", until="2026-03-01")
    inside = tenure.retention(
        facts, period="month", as_of="2026-04-01", since="2026-02-01", until="2026-03-01", cohort="first_in_window"
    )
    assert (ever.sizes.tolist(), ever.retained["classic"].tolist()) == ([1], [[1, 1]])
    assert (inside.sizes.tolist(), inside.retained["classic"].tolist()) == ([2], [[2, 2]])


def test_begin_and_back_may_be_different_facts_with_thresholds() -> None:
    facts = {
        "customer": [1, 1, 1, 2, 2, 3],
        "time": ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-01", "2026-01-02", "2026-01-01"],
        "name": ["Signed Up", "Order Completed", "Order Completed", "Signed Up", "Order Completed", "Page Viewed"],
        "total": [None, 20.0, 60.0, None, 49.99, None],
    }
    answer = tenure.retention(
        facts, begin=tenure.where(name="Signed Up"),
        back=tenure.where(name="Order Completed", total=tenure.at_least(50)),
        period="day", as_of="2026-01-04",
    )  # fmt: skip
    assert answer.sizes.tolist() == [2]
    assert answer.retained["classic"].tolist() == [[2, 0, 1]]
    assert answer.question.back == "name is Order Completed and total at least 50"


def test_a_breakdown_at_birth_stays_and_one_as_it_was_then_moves() -> None:
    facts = {
        "customer": [1, 1, 1, 2, 2],
        "time": ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-01", "2026-01-03"],
        "plan": ["free", "paid", "paid", "free", None],
    }
    birth = tenure.retention(facts, by="plan", period="day", as_of="2026-01-04")
    assert (birth.segments, birth.at_risk.tolist()) == (("free",), [[2, 2, 2]])
    then = tenure.retention(facts, by="plan", by_when="then", period="day", as_of="2026-01-04")
    assert then.segments == ("free", "paid")
    assert then.at_risk.tolist() == [[2, 1, 1], [0, 1, 1]]
    assert then.retained["classic"].tolist() == [[2, 0, 1], [0, 1, 1]]


def test_recurring_cohorts_count_a_customer_again_and_say_so() -> None:
    facts = {"customer": [1, 1, 1], "time": ["2026-01-01", "2026-01-02", "2026-01-03"]}
    answer = tenure.retention(facts, cohort="recurring", period="day", as_of="2026-01-04")
    assert answer.sizes.tolist() == [1, 1, 1]
    assert answer.at_risk.tolist() == [[1, 1, 1], [1, 1, 0], [1, 0, 0]]
    assert "recurring" in str(answer.question)


def test_a_personal_window_is_24_hours_whatever_the_clocks_do() -> None:
    facts = {"customer": [1, 1], "time": ["2026-03-28T12:00:00+01:00", "2026-03-29T12:30:00+02:00"]}  # 23.5 hours later
    choices = {"period": "day", "zone": "Europe/Berlin", "as_of": "2026-03-31", "periods": 1}
    assert tenure.retention(facts, **choices).retained["classic"].tolist() == [[1, 1]]
    assert tenure.retention(facts, window="personal", **choices).retained["classic"].tolist() == [[1, 0]]


def test_a_personal_window_is_at_risk_only_when_it_has_ended_for_that_customer() -> None:
    facts = {"customer": [1, 2], "time": ["2026-01-01T06:00:00Z", "2026-01-01T18:00:00Z"]}
    answer = tenure.retention(facts, window="personal", period="day", as_of="2026-01-03T12:00:00Z", periods=1)
    assert answer.at_risk.tolist() == [[2, 1]]


def test_wilson_matches_the_formula_worked_by_hand() -> None:
    low, high = tenure.wilson([445, 0, 5, 0], [885, 10, 5, 0])
    assert low[:3].round(4).tolist() == [0.4699, 0.0, 0.5655]
    assert high[:3].round(4).tolist() == [0.5357, 0.2775, 1.0]
    assert np.isnan([low[3], high[3]]).all()


@settings(max_examples=60, deadline=None)
@given(
    facts=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40)), min_size=1, max_size=120),
    as_of=st.integers(1, 45),
    m=st.integers(1, 20),
    period=st.sampled_from(["day", "week"]),
    window=st.sampled_from(["calendar", "personal"]),
)
def test_on_a_fixed_cohort_the_kinds_are_ordered(
    facts: list[tuple[int, int]], as_of: int, m: int, period: str, window: str
) -> None:
    customers, hours = np.array([c for c, _ in facts]), np.array([17 * h for _, h in facts])
    moments = hours.astype(np.int64) * 3_600_000_000
    if moments.min() >= as_of * 86_400_000_000:
        return
    answer = tenure.retention(
        customer=customers, time=moments, period=period, window=window, as_of=np.datetime64(as_of, "D"),
        bracket_from=lambda n: max(1, min(n, m, n - 3)),
    )  # fmt: skip
    kept = {kind: answer.retained[kind][:, 1:] for kind in answer.kinds}
    assert (kept["full"] <= kept["classic"]).all()
    for kind in ("rolling", "return", "bracket"):
        assert (kept["classic"] <= kept[kind]).all()
    assert (kept["bracket"] <= kept["return"]).all()
    assert (np.diff(kept["full"], axis=1)[answer.at_risk[:, 2:] == answer.sizes[:, None]] <= 0).all()
    assert (kept["return"] <= answer.at_risk[:, 1:]).all() and (kept["rolling"] <= answer.at_risk[:, 1:]).all()
