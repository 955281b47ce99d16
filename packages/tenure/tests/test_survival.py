"""Kaplan–Meier and Nelson–Aalen, by hand, by the obvious twin, and on Telco."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.datasets import subscriptions
from tenure.errors import DurationBad, EventUnclear, LengthsDiffer, NoSuchColumn, NothingToRead
from tenure.survival import kaplan_meier, tallying

BY_HAND = {"months": [1, 2, 3, 4, 5], "left": [True, False, True, True, False]}
followed = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def obvious(rows: list[tuple[int, bool]]) -> list[tuple[int, int, int, float, float]]:
    """(time, at risk, lost, S, H) word for word from the definitions."""
    found, alive, hazard = [], 1.0, 0.0
    for time in sorted({duration for duration, _ in rows}):
        at_risk = sum(duration >= time for duration, _ in rows)
        lost = sum(duration == time and left for duration, left in rows)
        alive *= 1 - lost / at_risk
        hazard += lost / at_risk
        found.append((time, at_risk, lost, alive, hazard))
    return found


def test_the_hand_worked_five_survive_as_written() -> None:
    curve = kaplan_meier(BY_HAND, duration="months", event="left").curve
    assert curve.time.tolist() == [1, 2, 3, 4, 5]
    assert curve.at_risk.tolist() == [5, 4, 3, 2, 1]
    assert curve.lost_at.tolist() == [1, 0, 1, 1, 0]
    assert curve.survival == pytest.approx([0.8, 0.8, 8 / 15, 4 / 15, 4 / 15])
    assert curve.hazard == pytest.approx([0.2, 0.2, 0.2 + 1 / 3, 0.7 + 1 / 3, 0.7 + 1 / 3])
    assert (curve.customers, curve.lost, curve.median) == (5, 3, 4)


def test_greenwoods_interval_on_the_log_log_scale_is_the_one_by_hand() -> None:
    curve = kaplan_meier(BY_HAND, duration="months", event="left").curve
    spread = 1.959963984540054 * math.sqrt(1 / (5 * 4) + 1 / (3 * 2)) / abs(math.log(8 / 15))
    assert curve.low[2] == pytest.approx((8 / 15) ** math.exp(spread))
    assert curve.high[2] == pytest.approx((8 / 15) ** math.exp(-spread))


@given(followed)
def test_every_curve_is_its_obvious_twin(rows: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier(duration=[d for d, _ in rows], event=[e for _, e in rows]).curve
    found = list(zip(curve.time, curve.at_risk, curve.lost_at, curve.survival, curve.hazard, strict=True))
    for ours, theirs in zip(found, obvious(rows), strict=True):
        assert ours == pytest.approx(theirs)


@settings(deadline=None)  # the first loads loops from disk
@given(followed)
def test_many_ties_are_halved_before_sorting_and_give_the_same_curve(rows: list[tuple[int, bool]]) -> None:
    durations, events = np.array([d / 3 for d, _ in rows] * 700), np.array([e for _, e in rows] * 700)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tallying, "MANY", 500)
        patched.setenv("TENURE_THREADS", "2")
        time, ended, lost = tallying.tally(durations, events)
    assert time.tolist() == sorted({d / 3 for d, _ in rows})
    assert ended.tolist() == [700 * sum(d / 3 == t for d, _ in rows) for t in time]
    assert lost.tolist() == [700 * sum(d / 3 == t and e for d, e in rows) for t in time]


tails = st.sampled_from([0.0, 0.5, 1.0, 3.0])


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(64, 3_000), tail=tails, tied=st.booleans())
def test_durations_laid_out_by_stretches_give_the_same_curve(seed: int, count: int, tail: float, tied: bool) -> None:
    rng = np.random.default_rng(seed)
    durations = rng.exponential(20, count) * rng.lognormal(0, tail, count)
    durations[: count // 8 if tied else 1] = durations[-1]
    events = rng.random(count) < 0.5
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tallying, "MANY", 50)
        patched.setattr(tallying, "_FEW", 50)
        patched.setenv("TENURE_THREADS", "2")
        time, ended, lost = tallying.tally(durations, events)
    twin, place = np.unique(durations, return_inverse=True)
    assert np.array_equal(time, twin) and np.array_equal(ended, np.bincount(place))
    assert np.array_equal(lost, np.bincount(place, weights=events))


def test_only_durations_that_crowd_are_left_to_the_common_sort() -> None:
    even, events = np.random.default_rng(1).permutation(np.arange(0.5, 4_000)), np.ones(4_000, np.bool_)
    crowded, tiny = np.r_[even[:-1] / 1e9, 1.0], even * 5e-324
    assert tallying._keys_by_stretch(even, events) is not None
    assert tallying._keys_by_stretch(crowded, events) is None and tallying._keys_by_stretch(tiny, events) is None
    long = np.r_[even, np.full(40, 7.25)]
    found = tallying._keys_by_stretch(long, np.ones(4_040, np.bool_))
    assert found is not None and np.array_equal((found >> np.uint64(1)).view(np.float64), np.sort(long))


@given(followed)
def test_survival_never_rises_and_stays_inside_its_interval(rows: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier(duration=[d for d, _ in rows], event=[e for _, e in rows]).curve
    assert (np.diff(curve.survival) <= 1e-12).all()
    known = ~np.isnan(curve.low)
    assert (curve.low[known] <= curve.survival[known] + 1e-9).all()
    assert (curve.survival[known] <= curve.high[known] + 1e-9).all()
    assert (np.exp(-curve.hazard) >= curve.survival - 1e-9).all()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40))
def test_with_nobody_censored_it_is_the_share_still_there(durations: list[int]) -> None:
    curve = kaplan_meier(duration=durations, event=[True] * len(durations)).curve
    for time, alive in zip(curve.time, curve.survival, strict=True):
        assert alive == pytest.approx(sum(d > time for d in durations) / len(durations))


def test_once_nobody_is_left_the_interval_is_unknown_and_not_zero() -> None:
    curve = kaplan_meier(duration=[1, 2], event=[True, True]).curve
    assert curve.survival[-1] == 0
    assert np.isnan(curve.low[-1]) and np.isnan(curve.high[-1])


def test_beyond_the_last_duration_seen_nothing_is_claimed() -> None:
    curve = kaplan_meier(BY_HAND, duration="months", event="left").curve
    assert curve.at(0.5) == 1
    assert curve.at(3.5) == pytest.approx(8 / 15)
    assert math.isnan(curve.at(6))


def test_each_group_has_its_own_curve_as_if_it_were_alone() -> None:
    data = subscriptions(300, seed=3).to_pandas()
    both = kaplan_meier(data, duration="months", event="left", by="plan")
    assert [curve.group for curve in both.curves] == ["basic", "plus"]
    alone = kaplan_meier(data[data.plan == "plus"], duration="months", event="left").curve
    assert both["plus"].survival.tolist() == alone.survival.tolist()


def test_the_known_truth_lies_within_the_band() -> None:
    curve = kaplan_meier(subscriptions(4_000, seed=5), duration="months", event="left", by="plan")["plus"]
    for month in (3, 6, 12, 18):
        place = int(np.searchsorted(curve.time, month, side="right")) - 1
        assert curve.low[place] <= math.exp(-month / 15) <= curve.high[place]


def test_telco_survives_as_published(shared: Any) -> None:
    curve = kaplan_meier(shared("telco/Telco-Customer-Churn.csv"), duration="tenure", event="Churn").curve
    assert [round(curve.at(month), 4) for month in (12, 24, 72)] == [0.8432, 0.7887, 0.5928]
    assert (curve.customers, curve.lost) == (7_043, 1_869)


def test_the_table_has_a_line_per_time_and_group() -> None:
    answer = kaplan_meier(subscriptions(50), duration="months", event="left", by="plan")
    table = answer.table()
    assert table.column_names[:5] == ["plan", "time", "at_risk", "lost", "censored"]
    assert table.num_rows == sum(len(curve.time) for curve in answer.curves)
    assert "half left by" in answer._repr_html_()


def test_rows_without_a_duration_are_left_out_and_counted() -> None:
    answer = kaplan_meier(duration=[1.0, None, 3.0], event=["Yes", "No", None])
    assert answer.curve.customers == 1
    assert answer.notes == ("2 of 3 rows have no duration or event and were left out.",)


@pytest.mark.parametrize(
    ("question", "refusal", "words"),
    [
        ({"duration": [1, -2], "event": [1, 0]}, DurationBad, "Row 2 has a duration of -2.0"),
        ({"duration": ["1", "long"], "event": [1, 0]}, DurationBad, "Row 2 has a duration of 'long'"),
        ({"duration": [1, 2], "event": ["gone", "here"]}, EventUnclear, "'gone', 'here'"),
        ({"duration": [1, 2], "event": [1]}, LengthsDiffer, "duration has 2 rows and event has 1"),
        ({"duration": [], "event": []}, NothingToRead, "no facts"),
        ({"data": BY_HAND, "duration": "weeks", "event": "left"}, NoSuchColumn, "'weeks'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_row(
    question: dict[str, Any], refusal: type[Exception], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        kaplan_meier(**question)
