"""An arm follows from the salt and the id alone, today, tomorrow and in another language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure import TenureError
from tenure.effect import Allocation, sample_ratio
from tenure.effect.errors import NoSuchArm, SampleRatioOff, SharesUnclear

WIN_BACK = Allocation("win-back 2026", {"held out": 0.1, "treated": 0.9})


@pytest.mark.parametrize(
    ("customer", "first_bytes", "arm"),
    [
        (1, "e0be46637787230e", "treated"),
        ("c-1042", "f7866a3dbb50c413", "treated"),
        ("ada@example.com", "359c21623733cbfd", "treated"),
        ("Ünïcode", "22d5ce1a70895101", "treated"),
        (10, "0e812ed8d9829113", "held out"),
    ],
)
def test_published_vectors_stay_as_they_are(customer: Any, first_bytes: str, arm: str) -> None:
    assert WIN_BACK.arm_of(customer) == arm
    assert (int(first_bytes, 16) < 0.1 * 2**64) == (arm == "held out")


def test_a_number_and_its_text_are_the_same_customer() -> None:
    arms = Allocation("half", {"a": 0.5, "b": 0.5})
    assert all(arms.arm_of(n) == arms.arm_of(str(n)) == arms.arm_of(float(n)) for n in range(200))
    assert list(arms.arms_of(range(50))) == [arms.arm_of(n) for n in range(50)]


@given(st.text(min_size=1, max_size=20), st.text(max_size=10))
def test_the_same_salt_and_id_always_give_the_same_arm(customer: str, salt: str) -> None:
    first, second = (Allocation(salt, {"a": 0.3, "b": 0.7}) for _ in range(2))
    assert first.arm_of(customer) == second.arm_of(customer)


def test_arms_have_their_shares_and_two_salts_know_nothing_of_each_other() -> None:
    thirds = Allocation("thirds", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}).arms_of(range(30_000))
    halves = Allocation("halves", {"x": 0.5, "y": 0.5}).arms_of(range(30_000))
    assert not sample_ratio({arm: int((thirds == arm).sum()) for arm in "abc"}).is_off
    for arm in "abc":
        crossed = halves[thirds == arm]
        assert not sample_ratio({side: int((crossed == side).sum()) for side in "xy"}).is_off


def test_enlarging_the_first_arm_moves_nobody_out_of_it() -> None:
    before = WIN_BACK.arms_of(range(5_000))
    after = Allocation("win-back 2026", {"held out": 0.2, "treated": 0.8}).arms_of(range(5_000))
    assert (after[before == "held out"] == "held out").all()
    assert 700 < (after == "held out").sum() - 0 < 1_300


@pytest.mark.parametrize("customer", [None, "", True, 1.5, float("nan"), b"1"])
def test_what_is_no_id_is_refused(customer: Any) -> None:
    with pytest.raises(TenureError, match="is no id"):
        WIN_BACK.arm_of(customer)


@pytest.mark.parametrize("shares", [{"a": 1.0}, {"a": 0.5, "b": 0.4}, {"a": 1.0, "b": 0.0}, {"a": 1.2, "b": -0.2}])
def test_shares_that_do_not_make_a_whole_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(SharesUnclear):
        Allocation("salt", shares)


def test_the_sample_ratio_test_is_pearsons_by_hand() -> None:
    found = sample_ratio({"control": 4_800, "treated": 5_200})
    assert found.expected == (5_000, 5_000)
    assert found.chi2 == pytest.approx(200**2 / 5_000 * 2)
    assert found.p == pytest.approx(6.334e-5, rel=1e-3)
    assert found.is_off
    with pytest.raises(SampleRatioOff, match=r"control 4,800, treated 5,200 customers, where control 5,000"):
        found.refuse_when_off()


def test_meant_shares_are_what_counts_and_an_arm_with_nobody_counts_too() -> None:
    assert not sample_ratio({"held out": 1_010, "treated": 8_990}, shares={"held out": 0.1, "treated": 0.9}).is_off
    assert sample_ratio({"treated": 9_000}, shares={"held out": 0.1, "treated": 0.9}).is_off
    with pytest.raises(NoSuchArm, match="third"):
        sample_ratio({"third": 4, "treated": 5}, shares={"held out": 0.1, "treated": 0.9})
    assert "meant to have" in sample_ratio({"a": 50, "b": 52}).sentence
    assert sample_ratio({"a": 50, "b": 52}).table().num_rows == 2


def test_many_thousands_are_assigned_at_once() -> None:
    assert len(WIN_BACK.arms_of(np.arange(100_000))) == 100_000
