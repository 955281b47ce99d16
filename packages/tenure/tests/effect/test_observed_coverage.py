"""Over 100 worlds the interval holds the truth about as often as it says; `bench.coverage` shows 2,000 of each."""

from __future__ import annotations

import pytest

from bench._worlds import FEW_HIGHEST, FEW_LOWEST, coverage
from bench._worlds_observed import estimators_with
from bench.refusals import SEEDS, lived, summed

FEW = {one.name: one for one in estimators_with(splits=5)}


@pytest.mark.parametrize("name", FEW)
def test_the_interval_holds_the_known_effect_as_often_as_it_says(name: str) -> None:
    found = coverage(FEW[name], worlds=100)
    assert found.holds(lowest=FEW_LOWEST, highest=FEW_HIGHEST), found
    assert found.refused == 0


def test_where_nobody_has_a_counterpart_nothing_is_claimed() -> None:
    lives = [lived(("weak overlap", SEEDS["weak overlap"] + n)) for n in range(10)]
    assert summed("weak overlap", lives)["refused"] == 1.0


def test_a_hidden_cause_is_noticed_in_most_worlds() -> None:
    lives = [lived(("hidden confounder", SEEDS["hidden confounder"] + n)) for n in range(4)]
    found = summed("hidden confounder", lives)
    assert found["downgraded"] == 1.0
    assert found["claimed"] == 0.0
