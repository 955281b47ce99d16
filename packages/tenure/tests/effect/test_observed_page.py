"""The page "Does quick service keep customers?" runs as it stands, and the made-up truth comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenure import datasets, effect

PAGE = Path(__file__).resolve().parents[2] / "docs" / "does-quick-service-keep-customers.md"


@pytest.fixture(scope="module")
def lived() -> dict[str, Any]:
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)
    return names


def test_the_plain_difference_exaggerates_and_the_adjusted_one_holds_the_truth(lived: dict[str, Any]) -> None:
    answer = lived["answer"]
    assert answer.evidence == "adjusted"
    assert answer.described.difference.low > 0.08
    assert answer.estimate.low <= 0.08 <= answer.estimate.high
    assert [check.estimate is not None for check in answer.controls] == [True, True]


def test_its_limits_are_those_it_names() -> None:
    limits = effect.Limits()
    assert (limits.fewest, limits.rare, limits.most_left_out) == (20, 0.03, 0.10)
    assert (limits.least_effective, limits.least_effective_share) == (20.0, 0.25)
    assert (limits.most_unbalanced, limits.chance, limits.never_unbalanced) == (0.10, 2.5, 0.35)
    assert limits.most_decided == 0.95


def test_the_made_up_truth_is_in_the_data() -> None:
    """Within one number of orders and one channel, the quickly answered come back 8 of 100 more often."""
    conversations, orders = (table.to_pandas() for table in datasets.help_desk(150_000, seed=2))
    first = conversations.drop_duplicates("customer").set_index("customer")
    bought = orders.join(first.opened_at, on="customer")
    first["so_far"] = bought[bought.time < bought.opened_at].groupby("customer").size().reindex(first.index).fillna(0)
    first["back"] = first.index.isin(bought[bought.time > bought.opened_at].customer)
    first["quick"] = first.answered_at - first.opened_at <= np.timedelta64(4, "h")
    shares = first[first.so_far.between(1, 4)].groupby(["so_far", "channel", "quick"]).back.mean().unstack("quick")
    assert (shares[True] - shares[False]).mean() == pytest.approx(0.08, abs=0.01)
    plain = first.groupby("quick").back.mean()
    assert plain[True] - plain[False] == pytest.approx(0.13, abs=0.02)
