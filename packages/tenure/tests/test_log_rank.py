"""The log-rank test and its weighted forms, published, by the twin, and at the edges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.datasets import subscriptions
from tenure.errors import UnknownChoice
from tenure.survival import _twins, kaplan_meier, log_rank
from tenure.survival.errors import NobodyLeft, OneGroup

followed = st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 2)), min_size=3, max_size=40)


@pytest.fixture(scope="module")
def waltons(packaged: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(packaged("lifelines/datasets/waltons_dataset.csv"))


def test_waltons_come_out_as_published(waltons: pd.DataFrame) -> None:
    by_group = kaplan_meier(waltons, duration="T", event="E", by="group", unit="day")
    assert (by_group["control"].median, by_group["miR-137"].median) == (58, 26)
    assert kaplan_meier(waltons, duration="T", event="E").curve.median == 56
    found = log_rank(waltons, duration="T", event="E", by="group")
    assert (round(found.statistic, 3), found.degrees) == (122.249, 1)


@pytest.mark.parametrize(
    ("weights", "theirs"),
    [("gehan", 139.647866), ("tarone-ware", 133.881080), ("peto", 143.780010), ("fleming-harrington", 102.272193)],
)
def test_the_weighted_forms_are_those_of_lifelines_0_30(waltons: pd.DataFrame, weights: str, theirs: float) -> None:
    ours = log_rank(waltons, duration="T", event="E", by="group", weights=weights, power=(1, 0.5))
    assert ours.statistic == pytest.approx(theirs, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(followed)
def test_it_is_its_obvious_twin_for_any_number_of_groups(rows: list[tuple[int, bool, int]]) -> None:
    times, left, group = ([row[i] for row in rows] for i in range(3))
    if len(set(group)) < 2 or not any(left):
        return
    found = log_rank(duration=times, event=left, by=group)
    score, spread = _twins.log_rank(times, left, group)
    assert found.score == pytest.approx(score, abs=1e-9)
    assert found.variance == pytest.approx(spread, abs=1e-9)
    assert found.observed.sum() == pytest.approx(found.expected.sum())
    assert 0 <= found.p <= 1 and found.degrees <= len(set(group)) - 1


def test_five_by_hand() -> None:
    # At 1: 1 of 5 leaves, 2 of them in a. At 3: 1 of 3, 1 in a. At 4: 1 of 2, none in a.
    found = log_rank(duration=[1, 2, 3, 4, 5], event=[1, 0, 1, 1, 0], by=["a", "b", "a", "b", "b"])
    assert found.expected[0] == pytest.approx(2 / 5 + 1 / 3)
    assert found.variance[0, 0] == pytest.approx(2 / 5 * 3 / 5 + 1 / 3 * 2 / 3)
    assert found.statistic == pytest.approx((2 - 2 / 5 - 1 / 3) ** 2 / (6 / 25 + 2 / 9))


def test_strata_compare_like_with_like() -> None:
    data = subscriptions(2_000, seed=2).to_pandas()
    data["half"] = np.where(data.plan == "plus", "p", "b")
    apart = log_rank(data.assign(coin=np.arange(2_000) % 2), duration="months", event="left", by="coin", strata="half")
    parts = [
        log_rank(part.assign(coin=part.index % 2), duration="months", event="left", by="coin")
        for _, part in data.groupby("half")
    ]
    assert apart.score == pytest.approx(sum(part.score for part in parts))
    assert apart.variance == pytest.approx(sum(part.variance for part in parts))


def test_plans_with_a_known_difference_differ_and_the_sentence_says_so() -> None:
    found = log_rank(subscriptions(1_000), duration="months", event="left", by="plan")
    assert found.p < 1e-10
    assert found.sentence().startswith("The 2 groups of plan leave at different paces: χ² = ")
    assert found.table().column_names == ["plan", "customers", "observed", "expected", "ratio"]
    assert "expected to, at one pace" in found._repr_html_()


def test_a_group_that_was_gone_before_anybody_left_takes_no_part() -> None:
    found = log_rank(duration=[1, 1, 5, 5, 6, 7], event=[0, 0, 1, 1, 1, 0], by=["a", "a", "b", "b", "b", "c"])
    assert found.degrees == 1
    assert found.table().to_pylist()[0]["ratio"] is None


@pytest.mark.parametrize(
    ("question", "refusal", "words"),
    [
        ({"by": ["a"] * 4}, OneGroup, "one group, 'a'"),
        ({"event": [0] * 4}, NobodyLeft, "None of the 4 customers left"),
        ({"weights": "mine"}, UnknownChoice, "log-rank, gehan"),
    ],
)
def test_what_cannot_be_compared_is_refused(question: dict[str, Any], refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        log_rank(**{"duration": [1, 2, 3, 4], "event": [1, 0, 1, 1], "by": ["a", "b", "a", "b"]} | question)
