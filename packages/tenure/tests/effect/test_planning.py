"""How many customers it takes, by the textbook's formula and by trying."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenure import effect
from tenure.effect.errors import PlanUnclear, SharesUnclear


def test_the_textbooks_number_for_two_shares() -> None:
    found = effect.plan(rate=0.10, detect=0.02)  # (1.96 + 0.84)² · (0.09 + 0.1056) / 0.02² in each arm
    assert found.needed == pytest.approx(2 * 3_838, abs=4)
    assert found.smallest_now is None and found.days_left is None


def test_an_amount_takes_its_spread_and_uneven_arms_cost_more() -> None:
    even = effect.plan(spread=10, detect=1)
    assert even.needed == pytest.approx(4 * 784.9, abs=2)
    uneven = effect.plan(spread=10, detect=1, shares={"held out": 0.1, "treated": 0.9})
    assert uneven.needed / even.needed == pytest.approx((1 / 0.1 + 1 / 0.9) / 4, rel=0.01)


def test_covariates_save_and_clusters_and_more_arms_cost() -> None:
    plain = effect.plan(spread=10, detect=1).needed
    assert effect.plan(spread=10, detect=1, rho2=0.4).needed == pytest.approx(0.6 * plain, rel=0.001)
    assert effect.plan(spread=10, detect=1, design_effect=2).needed == pytest.approx(2 * plain, rel=0.001)
    assert effect.plan(spread=10, detect=1, comparisons=2).needed > plain


def test_as_many_as_planned_notice_the_effect_as_often_as_planned() -> None:
    needed = effect.plan(rate=0.2, detect=0.1).needed
    rng = np.random.default_rng(1)
    half = needed // 2
    seen = 0
    for _ in range(300):
        outcome = np.r_[rng.random(half) < 0.2, rng.random(half) < 0.3]
        found = effect.experiment(arm=["control"] * half + ["treated"] * half, outcome=outcome)
        seen += found.comparison.is_clear
    assert 0.73 <= seen / 300 <= 0.87


def test_what_can_be_seen_now_is_what_would_need_just_as_many() -> None:
    now = effect.plan(rate=0.1, detect=0.02, so_far=3_000).smallest_now
    assert now is not None
    assert effect.plan(rate=0.1, detect=now).needed == pytest.approx(3_000, abs=2)


def test_a_running_experiment_says_how_long_still() -> None:
    arm = np.array(["control", "treated"])[np.arange(1_000) % 2]
    answer = effect.experiment(arm=arm, outcome=np.arange(1_000) % 10 < 3)
    found = answer.how_long(detect=0.02, per_day=100)
    assert found.needed == pytest.approx(effect.plan(rate=0.3, detect=0.02).needed, rel=0.2)
    assert found.days_left == -(-(found.needed - 1_000) // 100)
    assert f"{found.days_left:,} days" in found.sentence and "2.0 points" in found.sentence
    assert "can be judged" in answer.how_long(detect=0.2).sentence
    assert found.table()["missing"].to_pylist() == [found.needed - 1_000]
    assert "days left" in found._repr_html_()


@pytest.mark.parametrize(
    "asks",
    [
        {"detect": 0.1}, {"rate": 0.1, "spread": 3, "detect": 0.1}, {"rate": 0.95, "detect": 0.1},
        {"rate": 0.1, "detect": 0}, {"spread": 1, "detect": 1, "rho2": 1.0}, {"spread": 0, "detect": 1},
        {"rate": 0.1, "detect": 0.1, "power": 1.0}, {"rate": 0.1, "detect": 0.1, "per_day": 0},
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_refused(asks: dict[str, Any]) -> None:
    with pytest.raises(PlanUnclear, match="cannot be planned"):
        effect.plan(**asks)


def test_shares_must_make_a_whole() -> None:
    with pytest.raises(SharesUnclear):
        effect.plan(rate=0.1, detect=0.1, shares={"control": 0.5, "treated": 0.6})
