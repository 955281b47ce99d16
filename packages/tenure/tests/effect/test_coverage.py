"""A 95 % interval holds the known effect of simulated worlds about 95 times in 100; `bench.coverage` shows 2,000."""

from __future__ import annotations

import pytest

from bench._worlds import FEW_HIGHEST, FEW_LOWEST, coverage, estimators


@pytest.mark.parametrize("name", [name for name in estimators() if not name.startswith("observed: ")])
def test_the_interval_holds_the_known_effect_as_often_as_it_says(name: str) -> None:
    found = coverage(estimators()[name], worlds=100)
    assert found.holds(lowest=FEW_LOWEST, highest=FEW_HIGHEST if not found.is_time_uniform else 1.0), found
