"""Over 100 worlds the interval holds the truth and is as wide as the answers spread; `bench.coverage` shows 2,000."""

from __future__ import annotations

import numpy as np
import pytest

from bench._worlds import FEW_HIGHEST, FEW_LOWEST, lived
from bench._worlds_observed import estimators_with
from bench.refusals import SEEDS, summed
from bench.refusals import lived as refused_or_not

FEW = {one.name: one for one in estimators_with(splits=3)}
WORLDS = 100


@pytest.mark.parametrize("name", FEW)
def test_the_interval_holds_the_known_effect_as_often_as_it_says(name: str) -> None:
    """With so few worlds, how wide intervals are beside how far answers spread tells more than how often they hold."""
    first = FEW[name].first_seed
    truth, low, high = np.array([lived(FEW[name], first + n) for n in range(WORLDS)]).T
    assert not np.isnan(low).any(), "refused"
    missed_by = (low + high) / 2 - truth
    spread = missed_by.std(ddof=1)
    assert FEW_LOWEST <= ((low <= truth) & (truth <= high)).mean() <= FEW_HIGHEST
    assert 0.8 < (high - low).mean() / (2 * 1.96 * spread) < 1.3
    assert abs(missed_by.mean()) < 3.5 * spread / np.sqrt(WORLDS)


def test_where_nobody_has_a_counterpart_nothing_is_claimed() -> None:
    lives = [refused_or_not(("weak overlap", SEEDS["weak overlap"] + n)) for n in range(10)]
    assert summed("weak overlap", lives)["refused"] == 1.0


def test_a_hidden_cause_is_noticed_in_most_worlds() -> None:
    lives = [refused_or_not(("hidden confounder", SEEDS["hidden confounder"] + n)) for n in range(4)]
    found = summed("hidden confounder", lives)
    assert found["downgraded"] == 1.0
    assert found["claimed"] == 0.0
