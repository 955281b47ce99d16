"""Rows hold what was known at a landmark and nothing else; labels hold what came after the gap."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenure
from tenure import risk
from tenure.risk.definitions import Definition
from tenure.risk.errors import AnotherQuestion, DaysBad, NobodyActive, TimeTooShort, TooFewGroups
from tenure.risk.features import rows_known_at
from tenure.risk.looking import rows_at
from tenure.risk.reading import read_log
from tenure.risk.rows import Rows
from tenure.risk.schedule import plan

DAY = 86_400_000_000
START = int(np.datetime64("2025-01-01T00:00:00", "us").astype(np.int64))
DEFINITION = Definition(30, 7, 60, (7, 30), ("order", "visit"), "UTC", "activity", None, "activity", True)
NAMES = ("order", "visit", "complaint")
one_fact = st.tuples(
    st.integers(0, 3), st.floats(0, 100, width=32), st.floats(0, 40, width=32), st.integers(0, 2), st.integers(0, 9)
)
facts_of = st.lists(one_fact, min_size=1, max_size=40)


def frame(facts: list[tuple[int, float, float, int, int]]) -> dict[str, Any]:
    """Facts as (customer, day, days until recorded, name, amount)."""
    moments = [START + int(day * DAY) for _, day, _, _, _ in facts]
    known = [moment + int(late * DAY) for moment, (_, _, late, _, _) in zip(moments, facts, strict=True)]
    return {
        "customer": np.array([who for who, *_ in facts], np.int64),
        "time": np.array(moments).view("datetime64[us]"),
        "recorded_at": np.array(known).view("datetime64[us]"),
        "name": [NAMES[name] for _, _, _, name, _ in facts],
        "amount": np.array([amount for *_, amount in facts], np.float64),
    }


def rows_of(facts: Any, *, at: int, definition: Definition = DEFINITION) -> Rows:
    log = read_log(
        facts, customer="customer", time="time", recorded="recorded_at", name="name", amount="amount", group=None,
        activity=None, leaving=None, as_of=None, zone="UTC",
    )  # fmt: skip
    everyone = np.ones(len(log.customers), bool)
    return rows_known_at(log, definition=definition, at=at, chosen=everyone, groups=np.arange(len(everyone)))


def obvious(facts: Any, *, at: int) -> dict[int, dict[str, float]]:
    """The same features word for word, one customer and one fact at a time."""
    told = zip(
        facts["customer"].tolist(), facts["time"].view(np.int64).tolist(), facts["recorded_at"].view(np.int64).tolist(),
        facts["name"], facts["amount"].tolist(), strict=True,
    )  # fmt: skip
    seen: dict[int, set[tuple[int, str, float]]] = {}
    for who, when, known, name, amount in told:
        if when <= at and known <= at:
            seen.setdefault(who, set()).add((when, name, amount))
    return {who: _row(sorted(mine), at) for who, mine in seen.items() if max(mine)[0] > at - 60 * DAY}


def _row(mine: list[tuple[int, str, float]], at: int) -> dict[str, float]:
    days = sorted({when // DAY for when, _, _ in mine})
    gaps = np.diff(days)
    row = {
        "recency_days": (at - mine[-1][0]) / DAY, "tenure_days": (at - mine[0][0]) / DAY,
        "count_all": len(mine), "days_all": len(days), "amount_all": sum(amount for *_, amount in mine),
        "usual_interval_days": gaps.mean() if len(gaps) else math.nan,
        "interval_spread_days": gaps.std() if len(gaps) > 1 else math.nan,
    }  # fmt: skip
    for window in (7, 30):
        inside = [fact for fact in mine if fact[0] > at - window * DAY]
        row[f"count_{window}"] = len(inside)
        row[f"days_{window}"] = len({when // DAY for when, _, _ in inside})
        row[f"amount_{window}"] = sum(amount for *_, amount in inside)
    row["kinds_30"] = len({name for when, name, _ in mine if when > at - 30 * DAY})
    for name in ("order", "visit"):
        own = [when for when, word, _ in mine if word == name]
        row[f"count_30: {name}"] = sum(when > at - 30 * DAY for when in own)
        row[f"days since: {name}"] = (at - max(own)) / DAY if own else math.nan
    return row


@settings(deadline=None, max_examples=60)
@given(facts_of, st.integers(20, 120))
def test_every_feature_is_its_obvious_twin(facts: list[Any], day: int) -> None:
    told, at = frame(facts), START + day * DAY
    rows, wanted = rows_of(told, at=at), obvious(told, at=at)
    assert rows.customers.tolist() == sorted(wanted)
    for place, who in enumerate(rows.customers.tolist()):
        for name, value in wanted[who].items():
            column = rows.column(name)
            assert column is not None, name
            assert column.values[place] == pytest.approx(value, nan_ok=True, abs=1e-6), name


@settings(deadline=None, max_examples=60)
@given(facts_of, facts_of, st.integers(20, 100))
def test_facts_recorded_after_a_landmark_change_nothing_at_it(known: list[Any], later: list[Any], day: int) -> None:
    at = START + day * DAY
    before, more = frame(known), frame(later)
    is_later = more["recorded_at"].view(np.int64) > at
    both = {name: np.concatenate([np.asarray(before[name]), np.asarray(more[name])[is_later]]) for name in before}
    both["name"] = both["name"].tolist()
    alone, together = rows_of(before, at=at), rows_of(both, at=at)
    kept = np.isin(together.customers, alone.customers)
    assert together.customers[kept].tolist() == alone.customers.tolist() and kept.all()
    for ours, theirs in zip(alone.columns, together.columns, strict=True):
        np.testing.assert_array_equal(ours.values, theirs.values)


def test_each_part_begins_when_the_labels_of_the_one_before_have_ended() -> None:
    schedule = plan(first=0, last=700 * DAY, gap_days=14, horizon_days=60, lookback_days=90, every_days=28)
    span = 74 * DAY
    assert schedule.train[-1] + span <= schedule.calibration[0]
    assert schedule.calibration[-1] + span <= schedule.test[0]
    assert schedule.test[-1] + span == 700 * DAY
    assert (len(schedule.train), len(schedule.calibration), len(schedule.test)) == (6, 2, 3)
    assert schedule.train[0] >= 90 * DAY


def test_with_less_time_there_are_fewer_landmarks_and_calibration_keeps_customers_of_its_own_instead() -> None:
    schedule = plan(first=0, last=240 * DAY, gap_days=14, horizon_days=60, lookback_days=90, every_days=28)
    assert not schedule.apart and schedule.calibration == schedule.train
    assert schedule.train[-1] + 74 * DAY <= schedule.test[0]


def test_too_little_time_is_refused_with_what_it_would_take() -> None:
    with pytest.raises(TimeTooShort, match=r"reach over 200 days.*needs at least 238"):
        plan(first=0, last=200 * DAY, gap_days=14, horizon_days=60, lookback_days=90, every_days=28)


def cast() -> dict[str, Any]:
    """Ada orders every day; Musa stops on day 100; 60 others come and go, so that there are parts to fill."""
    rng = np.random.default_rng(3)
    days = {"Ada": np.arange(400.0), "Musa": np.arange(100.0)}
    days |= {f"customer {i}": np.sort(rng.uniform(0, 400, 60)) for i in range(60)}
    who = [name for name, own in days.items() for _ in own]
    when = np.concatenate(list(days.values()))
    return {"customer": who, "time": (START + (when * DAY).astype(np.int64)).view("datetime64[us]")}


def test_whoever_is_silent_in_the_window_left_and_whoever_was_silent_before_is_not_asked() -> None:
    world = risk.landmarks(cast(), customer="customer", time="time", horizon_days=20, gap_days=10, every_days=7)
    for rows in (world.train, world.calibration, world.test):
        assert rows.left is not None
        assert not rows.left[rows.customers == "Ada"].any()
        musa = rows.customers == "Musa"
        latest = (rows.at[musa] - START) / DAY
        assert ((latest >= 80) == rows.left[musa])[latest + 30 > 99].all()
        assert (latest < 99 + 90).all()
    assert "Ada" in world.now.customers and "Musa" not in world.now.customers


def left_on(day: float) -> dict[str, Any]:
    """One customer active until day 100 who then cancels, beside the cast."""
    people = cast()
    when = np.r_[np.arange(100.0), day]
    names = ["order"] * len(people["customer"]) + ["order"] * 100 + ["cancelled"]
    moments = np.r_[people["time"], (START + (when * DAY).astype(np.int64)).view("datetime64[us]")]
    return {"customer": people["customer"] + ["Ines"] * 101, "time": moments, "name": names}


@pytest.mark.parametrize(("day", "outcome"), [(105.0, []), (112.0, [True]), (130.0, [True]), (131.0, [False])])
def test_with_a_leaving_fact_the_gap_is_left_out_and_the_window_counts(day: float, outcome: list[bool]) -> None:
    told = left_on(day)
    log = read_log(
        told, customer="customer", time="time", recorded=None, name="name", amount=None, group=None, activity=None,
        leaving=tenure.where(name="cancelled"), as_of=None, zone="UTC",
    )  # fmt: skip
    definition = Definition(20, 10, 60, (7, 30), (), "UTC", "activity", "name is cancelled", "activity", False)
    everyone = np.ones(len(log.customers), bool)
    rows = rows_known_at(
        log,
        definition=definition,
        at=START + 100 * DAY,
        chosen=everyone,
        groups=np.arange(len(everyone)),
        labelled=True,
    )
    assert rows.left is not None
    assert rows.left[rows.customers == "Ines"].tolist() == outcome


@pytest.mark.parametrize(("day", "is_active"), [(50.2, True), (50.7, False), (51.5, True)])
def test_a_customer_who_has_cancelled_is_active_again_only_after_coming_back(day: float, is_active: bool) -> None:
    log = read_log(
        left_on(50.5), customer="customer", time="time", recorded=None, name="name", amount=None, group=None,
        activity=None, leaving=tenure.where(name="cancelled"), as_of=None, zone="UTC",
    )  # fmt: skip
    definition = Definition(20, 10, 60, (7, 30), (), "UTC", "activity", "name is cancelled", "activity", False)
    everyone = np.ones(len(log.customers), bool)
    at = START + int(day * DAY)
    rows = rows_known_at(log, definition=definition, at=at, chosen=everyone, groups=np.arange(len(everyone)))
    assert ("Ines" in rows.customers) is is_active


def test_no_company_is_in_two_parts(poisson_world: Any) -> None:
    world = poisson_world(800, seed=2)
    company = np.array([f"company {who % 97}" for who in world.customer])
    seen = risk.landmarks({**world.facts, "company": company}, customer="customer", time="time", group="company")
    parts = [set(rows.group.tolist()) for rows in (seen.train, seen.calibration, seen.test)]
    assert all(parts) and not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]
    for rows in (seen.train, seen.calibration, seen.test):
        assert len({(who % 97, code) for who, code in zip(rows.customers, rows.group, strict=True)}) == len(
            set(rows.group.tolist())
        )


def test_without_companies_no_customer_is_in_two_parts_and_nobody_changes_sides(poisson_world: Any) -> None:
    world = poisson_world(400, seed=2)
    today = risk.landmarks(world.facts, customer="customer", time="time")
    later = risk.landmarks(world.facts, customer="customer", time="time", as_of=world.end - np.timedelta64(7, "D"))
    for one, other in ((today.train, later.calibration), (today.train, later.test), (today.test, later.calibration)):
        assert not set(one.customers.tolist()) & set(other.customers.tolist())


def test_the_company_may_be_an_attribute(poisson_world: Any) -> None:
    world = poisson_world(400, seed=2)
    said = {"customer": np.arange(400), "company": [f"c{i % 40}" for i in range(400)], "size": np.arange(400) % 7}
    seen = risk.landmarks(world.facts, customer="customer", time="time", attributes=said, group="company")
    assert seen.train.column("size") is not None and seen.train.column("company") is None
    assert not set(seen.train.group.tolist()) & set(seen.test.group.tolist())
    assert next(guard for guard in seen.guards if guard.name == "attributes").outcome == "warned"


def test_attributes_are_taken_as_they_were_known(poisson_world: Any) -> None:
    world = poisson_world(300, seed=2)
    changed = np.datetime64("2025-03-01", "us")
    said = {
        "customer": np.r_[np.arange(300), np.arange(300)],
        "plan": ["basic"] * 300 + ["plus"] * 300,
        "known": np.r_[np.full(300, np.datetime64("2023-12-01", "us")), np.full(300, changed)],
    }
    seen = risk.landmarks(
        world.facts, customer="customer", time="time", attributes=said, attributes_recorded="known", gap_days=7,
        horizon_days=30,
    )  # fmt: skip
    for rows in (seen.train, seen.test, seen.now):
        plan_ = rows.column("plan")
        assert plan_ is not None and plan_.levels == ("basic", "plus")
        assert (plan_.values == (rows.at >= changed.astype(np.int64))).all()
    assert seen.now.at.min() > changed.astype(np.int64)
    assert next(guard for guard in seen.guards if guard.name == "attributes").outcome == "passed"


def test_repeats_are_counted_once_and_facts_dated_ahead_are_told(poisson_world: Any) -> None:
    world = poisson_world(300, seed=2)
    twice = {name: np.r_[values, values[:50]] for name, values in world.facts.items()}
    twice["time"][-1] = np.datetime64("2030-01-01", "us")
    twice["recorded_at"] = np.minimum(twice["time"], world.end - 1)
    seen = risk.landmarks(twice, customer="customer", time="time", recorded="recorded_at", as_of=world.end)
    told = {guard.name: guard for guard in seen.guards}
    assert told["duplicates"].finding.startswith("49 facts repeated")
    assert told["future_dated"].finding.startswith("1 facts are dated after")
    once = risk.landmarks(world.facts, customer="customer", time="time", as_of=world.end)
    for ours, theirs in zip(seen.test.columns, once.test.columns, strict=True):
        np.testing.assert_array_equal(ours.values, theirs.values)


def test_the_share_of_assumed_recording_is_told(poisson_world: Any) -> None:
    world = poisson_world(300, seed=2)
    known = world.facts["time"].copy()
    known[: len(known) // 4] = np.datetime64("NaT")
    seen = risk.landmarks({**world.facts, "known": known}, customer="customer", time="time", recorded="known")
    assert seen.assumed == pytest.approx(0.25, abs=0.001)
    assert next(guard for guard in seen.guards if guard.name == "recorded").finding.startswith("For 25.0% of the facts")


def test_scoring_one_customers_facts_gives_the_row_that_all_facts_give(poisson_world: Any) -> None:
    world = poisson_world(300, seed=2)
    seen = risk.landmarks(world.facts, customer="customer", time="time", as_of=world.end)
    some = np.isin(world.customer, seen.now.customers[:5])
    few = {name: values[some] for name, values in world.facts.items()}
    rows = rows_at(few, definition=seen.definition, at=world.end, customer="customer", time="time")
    assert rows.customers.tolist() == seen.now.customers[:5].tolist()
    for ours, theirs in zip(rows.columns, seen.now.columns, strict=True):
        np.testing.assert_array_equal(ours.values, theirs.values[:5])


def test_scoring_by_other_columns_than_were_learnt_is_refused() -> None:
    told = frame([(0, 1.0, 0.0, 0, 1)])
    with pytest.raises(AnotherQuestion, match="fact names"):
        rows_at(told, definition=DEFINITION, at="2025-01-05", customer="customer", time="time", amount="amount")
    with pytest.raises(NobodyActive, match="2026-01-05"):
        rows_at(
            told, definition=DEFINITION, at="2026-01-05", customer="customer", time="time", name="name", amount="amount"
        )


@pytest.mark.parametrize(
    ("choice", "refusal", "words"),
    [
        ({"horizon_days": 0}, DaysBad, "horizon_days=0"),
        ({"gap_days": -1}, DaysBad, "gap_days=-1"),
        ({"windows": (30, 7)}, DaysBad, "rising"),
        ({"horizon_days": 400}, TimeTooShort, "needs at least 918"),
    ],
)
def test_lengths_that_make_no_question_are_refused(
    choice: dict[str, Any], refusal: type[Exception], words: str, poisson_world: Any
) -> None:
    with pytest.raises(refusal, match=words):
        risk.landmarks(poisson_world(50, seed=1).facts, customer="customer", time="time", **choice)


def test_a_handful_of_groups_is_refused(poisson_world: Any) -> None:
    world = poisson_world(200, seed=1)
    with pytest.raises(TooFewGroups, match="There are 5 groups"):
        risk.landmarks(world.facts, customer="customer", time="time", group=world.customer % 5)
