"""How strong something unrecorded would have to be: published E-values, robustness values, and the benchmark."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.effect import Observed, e_value, observed, robustness_value
from tenure.effect.sensitivity import Benchmark, Sensitivity


def test_the_published_e_value_of_a_risk_ratio() -> None:
    """VanderWeele and Ding 2017: RR 3.9 (1.8 to 8.7) has an E-value of 7.26, its lower limit 3.0."""
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert e_value(1.8) == pytest.approx(3.0, abs=0.005)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value(1.0) == 1.0
    assert math.isnan(e_value(-1.0))


def test_the_published_robustness_value() -> None:
    """Cinelli and Hazlett 2020, Darfur: t = 4.18 with 783 degrees of freedom is a robustness value of 13.9 %."""
    assert robustness_value(4.18 / math.sqrt(783)) == pytest.approx(0.139, abs=0.0005)


@given(st.floats(0, 50))
def test_at_its_robustness_value_a_stranger_pulls_exactly_as_far_as_the_estimate(strength: float) -> None:
    r = robustness_value(strength)
    assert 0 <= r < 1
    assert r / math.sqrt(1 - r) == pytest.approx(strength, rel=1e-6, abs=1e-9)


def test_the_strongest_recorded_covariate_is_the_measure() -> None:
    rng = np.random.default_rng(1)
    weak, strong = rng.normal(size=(2, 1_000))
    treated = rng.random(1_000) < 1 / (1 + np.exp(-1.0 * strong - 0.1 * weak))
    outcome = 2.0 * strong + 0.1 * weak + 1.0 * treated + rng.normal(size=1_000)
    answer = observed(treatment=treated, outcome=outcome, covariates={"weak": weak, "strong": strong}, splits=3)
    assert isinstance(answer, Observed)
    found = answer.sensitivity
    assert [one.covariate for one in found.benchmarks] == ["weak", "strong"]
    assert found.strongest is not None
    assert found.strongest.covariate == "strong"
    assert found.strongest.moved > 1.0  # leaving it out gives back most of the plain difference
    assert found.strongest.pull > 10 * found.benchmarks[0].pull
    assert found.table().column("covariate").to_pylist() == ["weak", "strong"]
    assert 0 < found.robustness_interval < found.robustness < 1
    assert 1 < found.e_value_interval < found.e_value


def test_without_benchmarks_there_is_no_strongest() -> None:
    assert Sensitivity(1.0, 1.0, 0.0, 0.0).strongest is None
    one = Benchmark("plan", 0.1, 0.1, 0.05, 0.02)
    assert Sensitivity(1.0, 1.0, 0.0, 0.0, (one,)).strongest is one
