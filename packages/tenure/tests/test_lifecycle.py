"""Lifecycle and stickiness: by hand, by sets, and by the algebra that always holds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenure
from tenure import errors
from tenure.datasets import bookshop
from tenure.lifecycle import _twins, lifecycle, stickiness
from tenure.lifecycle.errors import NothingHasEnded, WindowTooLong
from tenure.periods import period_of

seen = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 80)), min_size=1, max_size=80)
START = int(np.datetime64("2025-12-20", "D").astype(int))
DAY_US = 86_400_000_000
DAYS = tenure.reduce([1], ["2026-01-01"])

# Ada comes in January, February and April; Musa in February and March; Ines in March.
BY_HAND = {
    "customer": ["Ada", "Ada", "Ada", "Musa", "Musa", "Ines"],
    "time": ["2026-01-05", "2026-02-05", "2026-04-05", "2026-02-10", "2026-03-10", "2026-03-20"],
}


def test_three_customers_by_hand() -> None:
    found = lifecycle(BY_HAND, period="month", as_of="2026-05-01")
    assert [str(day) for day in found.start] == ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]
    assert found.new.tolist() == [1, 1, 1, 0]
    assert found.returning.tolist() == [0, 1, 1, 0]
    assert found.resurrected.tolist() == [0, 0, 0, 1]
    assert found.dormant.tolist() == [0, 0, 1, 2]
    assert (found.known.tolist(), found.asleep.tolist()) == ([1, 2, 3, 3], [0, 0, 1, 2])
    assert found.quick_ratio[2:].tolist() == [1.0, 0.5]
    assert np.isnan(found.quick_ratio[0])


@settings(max_examples=80, deadline=None)
@given(seen, st.sampled_from(["day", "week", "month", "quarter"]), st.integers(1, 100))
def test_active_is_new_and_returning_and_resurrected_and_nobody_is_lost_on_the_way(
    facts: list[tuple[int, int]], period: str, as_of: int
) -> None:
    customers = np.array([who for who, _ in facts])
    moments = np.array([(START + day) * DAY_US for _, day in facts])
    active: dict[int, set[int]] = defaultdict(set)
    for who, day in facts:
        if day < as_of:
            active[int(period_of(np.array([START + day]), period)[0])].add(who)
    asked: dict[str, Any] = {"period": period, "as_of": str(np.datetime64(START + as_of, "D"))}
    ended = int(period_of(np.array([START + as_of]), period)[0]) - 1
    first = int(period_of(np.array([START + min(day for _, day in facts)]), period)[0])
    if ended < first or as_of <= min(day for _, day in facts):
        with pytest.raises((NothingHasEnded, errors.AsOfBeforeEverything)):
            lifecycle(customer=customers, time=moments, **asked)
        return
    found = lifecycle(customer=customers, time=moments, **asked)
    told = [getattr(found, name).tolist() for name in ("active", "new", "returning", "resurrected", "dormant")]
    assert list(zip(*told, strict=True)) == _twins.stages(active, first, ended)
    assert (found.active == found.new + found.returning + found.resurrected).all()
    before = np.r_[0, found.active[:-1]]
    assert (found.active == before - found.dormant + found.new + found.resurrected).all()
    assert (found.known == np.cumsum(found.new)).all() and (found.asleep >= 0).all()
    days = lifecycle(tenure.reduce(customers, moments), **asked)
    assert days.table().equals(found.table())


@settings(max_examples=60, deadline=None)
@given(seen, st.integers(1, 40))
def test_the_trailing_window_is_the_union_of_its_days(facts: list[tuple[int, int]], length: int) -> None:
    customers = np.array([who for who, _ in facts])
    moments = np.array([(START + day) * DAY_US for _, day in facts])
    active: dict[int, set[int]] = defaultdict(set)
    for who, day in facts:
        active[day].add(who)
    first, last = min(active), 84
    asked: dict[str, Any] = {"days": length, "as_of": str(np.datetime64(START + last + 1, "D"))}
    if last - first + 1 < length:
        with pytest.raises(WindowTooLong):
            stickiness(customer=customers, time=moments, **asked)
        return
    found = stickiness(customer=customers, time=moments, **asked)
    told = list(zip(found.daily.tolist(), found.monthly.tolist(), strict=True))
    assert told == _twins.trailing(active, first, last, length)
    assert str(found.when[0]) == str(np.datetime64(START + first + length - 1, "D"))
    assert (found.daily <= found.monthly).all()


@settings(max_examples=40, deadline=None)
@given(seen)
def test_a_calendar_month_has_the_average_of_its_days(facts: list[tuple[int, int]]) -> None:
    customers = np.array([who for who, _ in facts])
    moments = np.array([(START + day) * DAY_US for _, day in facts])
    found = stickiness(customer=customers, time=moments, month="calendar", as_of="2026-04-01")
    pairs = {(who, START + day) for who, day in facts}
    for place, month in enumerate(found.when):
        start, end = (int((month.astype("datetime64[M]") + i).astype("datetime64[D]").astype(int)) for i in (0, 1))
        inside = [(who, day) for who, day in pairs if start <= day < end]
        assert found.monthly[place] == len({who for who, _ in inside})
        assert found.daily[place] == pytest.approx(len(inside) / (end - start))


def test_which_month_it_is_changes_the_answer_and_is_said() -> None:
    facts = {"customer": [1, 2, 1, 2], "time": ["2026-01-20", "2026-02-10", "2026-02-10", "2026-02-28"]}
    trailing = stickiness(facts, as_of="2026-03-01")
    calendar = stickiness(facts, month="calendar", as_of="2026-03-01")
    assert "30 days that end with it" in trailing.definition and "calendar month" in calendar.definition
    assert (trailing.daily[-1], trailing.monthly[-1]) == (1, 2)
    assert (calendar.daily[-1], calendar.monthly[-1]) == (3 / 28, 2)
    assert stickiness(facts, days=7, as_of="2026-03-01").monthly[-1] == 1


def test_a_month_begins_at_midnight_in_its_zone_and_an_open_one_is_not_counted() -> None:
    facts = {"customer": [1, 1], "time": ["2026-01-10T12:00:00Z", "2026-01-31T23:30:00Z"]}
    asked: dict[str, Any] = {"period": "month", "as_of": "2026-03-15"}
    assert lifecycle(facts, **asked).returning.tolist() == [0, 0]
    assert lifecycle(facts, **asked, zone="Europe/Berlin").returning.tolist() == [0, 1]
    assert len(lifecycle(facts, period="month", as_of="2026-02-28").start) == 1


def test_since_chooses_what_is_shown_and_not_who_is_new() -> None:
    found = lifecycle(BY_HAND, period="month", as_of="2026-05-01", since="2026-02-01")
    assert (found.new.tolist(), found.known.tolist()) == ([1, 1, 0], [2, 3, 3])


def test_a_condition_says_what_active_means() -> None:
    facts = {**BY_HAND, "paid": [10, 10, 99, 10, 10, 99]}
    found = lifecycle(facts, active=tenure.where(paid=tenure.at_least(50)), period="month", as_of="2026-05-01")
    assert found.new.tolist() == [1, 1]


def test_the_intervals_of_a_made_up_truth_hold_it() -> None:
    rng = np.random.default_rng(6)
    comes = rng.random((400, 61)) < 0.2
    who, day = np.nonzero(comes)
    moments = (int(np.datetime64("2026-01-01", "D").astype(int)) + day) * DAY_US
    found = stickiness(customer=who, time=moments, month="calendar", as_of="2026-03-01")
    assert (found.low <= 0.2).all() and (found.high >= 0.2).all()


@pytest.mark.parametrize(
    ("asked", "refusal", "words"),
    [
        (lambda: lifecycle(BY_HAND, period="year", as_of="2026-05-01"), NothingHasEnded, "No year has ended"),
        (lambda: lifecycle(BY_HAND, as_of="2025-01-01"), errors.AsOfBeforeEverything, "2026-01-05"),
        (lambda: lifecycle(BY_HAND, period="fortnight"), errors.UnknownPeriod, "fortnight"),
        (lambda: lifecycle(DAYS, zone="Asia/Tokyo"), errors.NoEffectOnThisQuestion, "UTC"),
        (lambda: lifecycle(DAYS, active="x"), errors.NoEffectOnThisQuestion, "reduced"),
        (lambda: lifecycle({"customer": [1], "time": ["2026-01-01"]}), NothingHasEnded, "shorter period"),
        (lambda: stickiness(BY_HAND, month="lunar"), errors.UnknownChoice, "trailing, calendar"),
        (lambda: stickiness(BY_HAND, days=0), errors.UnknownChoice, "1 or more"),
        (lambda: stickiness(BY_HAND, days=400), WindowTooLong, "90 days that have ended, fewer than the 400"),
        (lambda: stickiness(BY_HAND, level=2), errors.UnknownChoice, "level"),
        (lambda: lifecycle(BY_HAND, active=np.zeros(6, bool)), errors.NobodyBegan, "No customer"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused(asked: Any, refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        asked()


def test_both_are_tabled_told_and_drawn() -> None:
    facts = bookshop(300)
    life, sticky = lifecycle(facts, as_of="2025-12-01"), stickiness(facts, as_of="2025-12-01")
    assert life.table().column_names == ["period", "active", "new", "returning", "resurrected", "dormant", "known"]
    assert sticky.table().column_names == ["day", "daily", "monthly", "ratio", "low", "high"]
    assert "resurrected" in life._repr_html_() and "Stickiness" in sticky._repr_html_()
    assert repr(life).startswith("<Lifecycle over 23 months: In 2025-11, ")
    assert dt.date(2025, 11, 30) == sticky.when[-1].item()
    pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
    for chart in (life.chart(), sticky.chart()):
        assert chart.to_dict()["title"]["text"]
