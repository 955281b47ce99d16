"""One may look every day and stop when it is settled, without being fooled more often than promised."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tenure import effect
from tenure.effect import errors
from tenure.effect.sequences import boundary


def arrivals(count: int, seed: int, *, control: float = 0.1, treated: float = 0.1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, count)
    return {"arm": np.array(["control", "treated"])[arm], "kept": rng.random(count) < np.where(arm, treated, control)}


def watched(data: Any, **more: Any) -> effect.Watch:
    return effect.watch(data, **{"arm": "arm", "outcome": "kept", "planned": 4_000, **more})


def test_the_boundary_is_the_papers_by_hand() -> None:
    rho2 = (-2 * math.log(0.05) + math.log(1 - 2 * math.log(0.05))) / 1_000
    by_hand = math.sqrt(2 * (500 * rho2 + 1) / (500**2 * rho2) * math.log(math.sqrt(500 * rho2 + 1) / 0.05))
    assert boundary(np.array([500]), planned=1_000, alpha=0.05)[0] == pytest.approx(by_hand)


def test_it_is_about_tightest_where_planned() -> None:
    n = np.array([1_000])
    here = boundary(n, planned=1_000, alpha=0.05)[0]
    assert all(here <= boundary(n, planned=other, alpha=0.05)[0] for other in (100, 300, 3_000, 10_000))
    assert here == pytest.approx(1.96 / math.sqrt(1_000), rel=0.7)


def test_without_any_effect_looking_all_the_time_is_fooled_rarely_where_plain_intervals_often_are() -> None:
    fooled = plainly = 0
    for seed in range(100):
        data = arrivals(2_000, seed)
        found = watched(data, first_look=100, most_looks=None)
        fooled += found.settled_after is not None
        plain_reach = (
            (found.high - found.value) / boundary(found.n, planned=4_000, alpha=0.05) * 1.96 / np.sqrt(found.n)
        )
        plainly += bool((np.abs(found.value) > plain_reach).any())
    assert fooled <= 5
    assert plainly >= 25


def test_at_the_last_look_the_value_is_the_experiments_and_the_interval_wider() -> None:
    data = arrivals(4_000, seed=2, treated=0.2)
    found, plain = watched(data), effect.experiment(data, arm="arm", outcome="kept").comparison.plain
    value, low, high = found.now
    assert value == pytest.approx(plain.value)
    assert low < plain.low and plain.high < high
    assert found.settled_after is not None and found.settled_after < 4_000
    assert "stopping then or now is fair" in found.sentence
    assert "It is not settled yet" in watched(arrivals(1_000, seed=3)).sentence


def test_what_was_settled_stays_settled_and_a_change_meanwhile_is_said() -> None:
    before, after = arrivals(2_000, seed=12, treated=0.3), arrivals(6_000, seed=13, control=0.3, treated=0.1)
    found = watched({name: np.r_[before[name], after[name]] for name in before})
    assert (np.diff(found.low) >= 0).all() and (np.diff(found.high) <= 0).all()
    assert found.low[-1] > 0 and any("seems to have changed" in note for note in found.notes)
    assert not any("changed" in note for note in watched(before).notes)


def test_outcomes_are_taken_in_the_order_in_which_they_came() -> None:
    data = arrivals(1_000, seed=4, treated=0.3)
    data["at"] = np.datetime64("2026-01-01", "s") + np.arange(1_000)
    turned = {name: values[::-1] for name, values in data.items()}
    assert watched(turned, at="at").value == pytest.approx(watched(data, at="at").value)
    assert watched(data).value == pytest.approx(watched(data, at="at").value)
    assert watched(data, at="at").table().column_names == ["n", "time", "value", "low", "high"]
    assert any("order in which their outcomes came" in note for note in watched(data).notes)


def test_amounts_may_be_adjusted_at_each_look_and_get_tighter() -> None:
    rng = np.random.default_rng(5)
    data = arrivals(1_500, seed=5)
    before = rng.gamma(3, 10, 1_500)
    data = {**data, "before": before, "spent": before + rng.normal(0, 5, 1_500) + 2 * (data["arm"] == "treated")}
    plain = watched(data, outcome="spent", currency="EUR")
    adjusted = watched(data, outcome="spent", currency="EUR", covariates=["before"])
    assert adjusted.high[-1] - adjusted.low[-1] < 0.5 * (plain.high[-1] - plain.low[-1])
    assert adjusted.low[-1] <= 2 <= adjusted.high[-1]
    assert len(adjusted.n) <= 60 and "EUR" in adjusted.sentence


def test_looking_begins_only_once_the_spread_is_known() -> None:
    data = arrivals(1_000, seed=6)
    data["spent"] = np.where(data["kept"], 30.0, 0.0)
    assert watched(data, outcome="spent").n[0] > watched(data).n[0] == 100
    with pytest.raises(errors.TooFewToCompare, match="to begin looking"):
        watched({name: values[:30] for name, values in data.items()}, outcome="spent")


def test_what_cannot_be_watched_is_refused() -> None:
    data = arrivals(400, seed=7)
    data["at"] = np.array(["2026-01-01"] * 399 + [None], object)
    with pytest.raises(errors.WhenUnknown, match="1 outcomes have no time"):
        watched(data, at="at")
    data["arm"] = np.array(["control", "call", "mail", "mail"])[np.arange(400) % 4]
    with pytest.raises(errors.WhichArm, match="call, mail"):
        watched(data, shares={"control": 0.25, "call": 0.25, "mail": 0.5})


def test_it_shows_itself() -> None:
    found = watched(arrivals(500, seed=8))
    assert "all looks together" in found._repr_html_()
    assert found.table().num_rows == len(found.n) <= 200
    pytest.importorskip("altair")
    assert len(found.chart().to_dict()["layer"]) == 3
