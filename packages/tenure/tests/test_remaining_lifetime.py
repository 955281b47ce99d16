"""How much longer: by hand, by the twin, against a known truth, and where nothing is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.datasets import subscriptions
from tenure.errors import UnknownChoice
from tenure.survival import _twins, kaplan_meier, remaining_lifetime
from tenure.survival.errors import NobodyBeyond

BY_HAND = {"months": [1, 2, 3, 4, 5], "left": [True, False, True, True, False]}
followed = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=30)


def test_the_five_by_hand() -> None:
    # Beyond 2 months three are left: S(3)/S(2) = 2/3, S(4)/S(2) = 1/3.
    found = remaining_lifetime(BY_HAND, duration="months", event="left", at=[0, 2], ahead=[1, 2], horizon=3)
    beyond = found.at(2)
    assert (beyond.at_risk, beyond.median) == (3, 2)
    assert beyond.survival == pytest.approx((2 / 3, 1 / 3))
    assert beyond.within == pytest.approx(1 + 2 / 3 + 1 / 3)
    assert beyond.mean is None  # one is still there: how much longer nobody knows
    # Σ A² d/n(n − d): after 1 more, area 1 left, 1/(3·2); after 2 more, area 1/3, 1/(2·1).
    spread = 1.959963984540054 * math.sqrt(1 / 6 + 1 / 18)
    assert (beyond.within_low, beyond.within_high) == pytest.approx((2 - spread, min(3, 2 + spread)))
    assert found.at(0).survival == pytest.approx((0.8, 0.8))


@settings(max_examples=60, deadline=None)
@given(followed, st.integers(0, 8))
def test_it_is_the_curve_of_those_still_there(rows: list[tuple[int, bool]], tenure: int) -> None:
    beyond = [(time - tenure, left) for time, left in rows if time > tenure]
    asked: dict[str, Any] = {"duration": [d for d, _ in rows], "event": [e for _, e in rows]}
    if not beyond:
        with pytest.raises(NobodyBeyond):
            remaining_lifetime(**asked, at=tenure)
        return
    found = remaining_lifetime(**asked, at=tenure, ahead=[1, 3], horizon=5).at(tenure)
    alone = kaplan_meier(duration=[d for d, _ in beyond], event=[e for _, e in beyond]).curve
    assert found.at_risk == len(beyond)
    assert [math.nan if s is None else s for s in found.survival] == pytest.approx(
        [alone.at(1), alone.at(3)], nan_ok=True
    )
    times, left = zip(*beyond, strict=True)
    assert found.within == pytest.approx(_twins.area(times, left, found.horizon))
    assert 0 <= found.within_low <= found.within <= found.within_high <= found.horizon
    assert (found.mean is not None) == (alone.survival[-1] == 0)
    if found.mean is not None:
        assert found.mean == pytest.approx(_twins.area(times, left, max(times)))


def test_what_is_remembered_of_no_lifetime_is_the_same_at_every_tenure() -> None:
    """Exponential lifetimes have no memory: 15·(1 − exp(−6/15)) of the next 6 months, whatever the tenure."""
    data = subscriptions(20_000, seed=4)
    found = remaining_lifetime(data, duration="months", event="left", by="plan", at=[0, 3, 6, 9], horizon=6, level=0.99)
    for tenure in (0, 3, 6, 9):
        line = found.at(tenure, group="plus")
        assert line.within_low <= 15 * (1 - math.exp(-6 / 15)) <= line.within_high
        assert line.within_high - line.within_low < 0.4


def test_the_restricted_means_interval_holds_the_truth_as_often_as_it_says() -> None:
    truth, hits, worlds = 6 * (1 - math.exp(-1)), 0, 400
    rng = np.random.default_rng(8)
    for _ in range(worlds):
        stays, seen = rng.exponential(6, 120), rng.uniform(0, 24, 120)
        line = remaining_lifetime(duration=np.minimum(stays, seen), event=stays <= seen, at=0, horizon=6, ahead=[1]).at(
            0
        )
        hits += line.within_low <= truth <= line.within_high
    assert 0.92 <= hits / worlds <= 0.98


def test_beyond_what_was_seen_nothing_is_claimed_and_the_notes_say_so() -> None:
    found = remaining_lifetime(BY_HAND, duration="months", event="left", at=[0, 4, 5, 9], ahead=[12], horizon=12)
    assert [line.tenure for line in found.lines] == [0, 4]
    assert (found.at(4).survival, found.at(4).median, found.at(4).horizon) == ((None,), None, 1)
    assert found.notes == (
        "Tenures that nobody was followed beyond are left out.",
        "Where customers were followed for less than the horizon, it is cut to what was seen.",
    )


def test_without_being_told_it_asks_sensible_tenures() -> None:
    found = remaining_lifetime(subscriptions(500), duration="months", event="left", by="plan")
    assert {line.tenure for line in found.lines} <= {0, 4, 5, 8, 10, 12, 15, 16, 20}
    assert found.lines[0].ahead == (3, 6, 12)
    table = found.table()
    assert table.column_names[:4] == ["plan", "tenure", "at_risk", "median"]
    assert table.num_rows == len(found.lines)
    assert "after 12 more" in found._repr_html_()
    same = kaplan_meier(subscriptions(500), duration="months", event="left", by="plan").remaining()
    assert same.table().equals(table)


def test_it_is_drawn_with_its_intervals() -> None:
    pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
    chart = remaining_lifetime(subscriptions(500), duration="months", event="left", by="plan").chart()
    assert chart.to_dict()["title"]["text"] == "How much longer they stay"


@pytest.mark.parametrize("wrong", [{"at": -1}, {"ahead": [float("nan")]}, {"horizon": 0}, {"at": []}])
def test_an_impossible_tenure_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownChoice):
        remaining_lifetime(BY_HAND, duration="months", event="left", **wrong)
