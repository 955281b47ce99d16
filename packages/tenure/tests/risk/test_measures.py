"""Ranking, calibration and lift by hand, by their obvious twins, and intervals that cover."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.risk.calibrating import Calibration, calibrate
from tenure.risk.choosing import choose
from tenure.risk.measures import Difference, Estimate, auc, logits, measure, recalibration, sigmoid

LEFT = np.array([True, False, True, False, False])
SAID = np.array([0.9, 0.8, 0.4, 0.4, 0.1])
some_rows = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=30).filter(
    lambda rows: 0 < sum(left for left, _ in rows) < len(rows)
)


def test_the_auc_by_hand_counts_a_tie_as_half() -> None:
    assert auc(LEFT, SAID) == pytest.approx((3 + 1.5) / 6)
    assert np.isnan(auc(np.array([True, True]), np.array([0.1, 0.2])))


@given(some_rows)
def test_the_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[bool, int]]) -> None:
    left, score = np.array([lost for lost, _ in rows]), np.array([float(s) for _, s in rows])
    pairs = [(a > b) + 0.5 * (a == b) for a, b in itertools.product(score[left], score[~left])]
    assert auc(left, score) == pytest.approx(float(np.mean(pairs)))


@settings(deadline=None, max_examples=25)
@given(some_rows)
def test_average_precision_and_brier_are_scikit_learns(rows: list[tuple[bool, int]]) -> None:
    sklearn = pytest.importorskip("sklearn.metrics", reason="compared with scikit-learn, which is not installed")
    left, p = np.array([lost for lost, _ in rows]), np.array([s / 7 + 0.05 for _, s in rows])
    found = measure(left, {"one": p}, np.arange(len(p)), resamples=50, level=0.95, seed=1)[0][0]
    assert found.average_precision.value == pytest.approx(sklearn.average_precision_score(left, p))
    assert found.brier.value == pytest.approx(sklearn.brier_score_loss(left, p))
    assert found.auc.value == pytest.approx(sklearn.roc_auc_score(left, p))


def test_the_lift_by_hand_takes_a_fair_part_of_equal_scores() -> None:
    left = np.array([True] * 4 + [False] * 16)
    first = np.array([1.0, 0.9] + [0.5] * 18)
    assert measure(left, {"a": first / 2}, np.arange(20), resamples=50, level=0.9, seed=1)[0][0].lift.value == 5.0
    assert measure(left, {"a": np.full(20, 0.2)}, np.arange(20), resamples=50, level=0.9, seed=1)[0][
        0
    ].lift.value == pytest.approx(1.0)


def test_the_slope_and_intercept_find_what_was_done_to_true_probabilities() -> None:
    rng = np.random.default_rng(4)
    truth = rng.normal(-1, 1, 40_000)
    left = rng.random(40_000) < sigmoid(truth)
    slope, own, _ = recalibration(left, 2 * truth + 0.6)
    assert slope == pytest.approx(0.5, abs=0.03) and own == pytest.approx(-0.3, abs=0.05)
    _, _, large = recalibration(left, truth - 0.4)
    assert large == pytest.approx(0.4, abs=0.04)


def test_the_one_step_bootstrap_agrees_with_fitting_again() -> None:
    rng = np.random.default_rng(5)
    group = np.repeat(np.arange(300), 4)
    logit = rng.normal(-1, 1, 1200) + np.repeat(rng.normal(0, 0.5, 300), 4)
    left = rng.random(1200) < sigmoid(logit)
    quick = measure(left, {"a": sigmoid(logit)}, group, resamples=400, level=0.9, seed=2)[0][0].slope
    again = []
    for _ in range(400):
        rows = (rng.integers(0, 300, 300)[:, None] * 4 + np.arange(4)).ravel()
        again.append(recalibration(left[rows], logit[rows])[0])
    assert quick.low == pytest.approx(np.quantile(again, 0.05), abs=0.03)
    assert quick.high == pytest.approx(np.quantile(again, 0.95), abs=0.03)


def test_intervals_over_groups_cover_the_truth_and_those_over_rows_do_not() -> None:
    rng = np.random.default_rng(6)
    covered = {"groups": 0, "rows": 0}
    truth = _many(rng, 30_000)
    wanted = auc(truth[0], truth[1])
    for seed in range(100):
        left, p, group = _many(rng, 60)
        for way, codes in (("groups", group), ("rows", np.arange(len(p)))):
            found = measure(left, {"a": p}, codes, resamples=200, level=0.95, seed=seed)[0][0].auc
            covered[way] += found.low <= wanted <= found.high
    assert 88 <= covered["groups"] <= 99
    assert covered["rows"] < 80


def _many(rng: np.random.Generator, groups: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ten rows per group that share their score and nearly always their fate."""
    logit = np.repeat(rng.normal(-0.5, 1, groups), 10)
    fate = np.repeat(rng.random(groups) < sigmoid(logit[::10]), 10)
    return fate, sigmoid(logit), np.repeat(np.arange(groups), 10)


def test_platt_undoes_a_stretched_score_and_isotonic_never_falls() -> None:
    rng = np.random.default_rng(7)
    truth = rng.normal(-1, 1, 20_000)
    left = rng.random(20_000) < sigmoid(truth)
    platt = calibrate(left, 3 * truth + 1, method="platt")
    assert np.abs(platt.probability(3 * truth + 1) - sigmoid(truth)).max() < 0.03
    steps = calibrate(left, 3 * truth + 1, method="isotonic")
    said = steps.probability(np.sort(3 * truth + 1))
    assert (np.diff(said) >= 0).all() and np.abs(said - sigmoid(np.sort(truth))).mean() < 0.02
    assert (Calibration.from_dict(steps.to_dict()).probability(truth) == steps.probability(truth)).all()


def test_a_score_that_says_the_same_of_everybody_becomes_the_share_who_left() -> None:
    flat = calibrate(LEFT, np.full(5, 2.0), method="platt")
    assert flat.probability(np.full(2, 2.0)) == pytest.approx([0.4, 0.4])
    found = measure(LEFT, {"a": np.full(5, 0.4)}, np.arange(5), resamples=50, level=0.95, seed=1)[0][0]
    assert (
        found.auc.value == 0.5 and np.isnan(found.slope.value) and found.intercept.value == pytest.approx(0, abs=1e-5)
    )


def gain(value: float, low: float) -> Estimate:
    return Estimate(value, low, 2 * value - low)


@pytest.mark.parametrize(
    ("logistic", "trees", "trees_over_recency", "shipped"),
    [
        (gain(0.1, 0.08), gain(0.003, -0.001), gain(0.1, 0.08), "logistic"),
        (gain(0.1, 0.08), gain(0.003, 0.001), gain(0.1, 0.08), "logistic"),
        (gain(0.1, 0.08), gain(0.02, 0.01), gain(0.12, 0.1), "trees"),
        (gain(0.01, -0.02), gain(0.02, 0.01), gain(0.03, 0.01), "trees"),
        (gain(0.01, -0.02), gain(0.02, 0.01), gain(0.03, -0.01), "recency"),
    ],
)
def test_the_simplest_that_is_not_beaten_is_shipped(
    logistic: Estimate, trees: Estimate, trees_over_recency: Estimate, shipped: str
) -> None:
    differences = [
        Difference("logistic", "recency", logistic),
        Difference("trees", "recency", trees_over_recency),
        Difference("trees", "logistic", trees),
    ]
    found, why = choose(("recency", "logistic", "trees"), differences)
    assert found == shipped
    assert why.endswith(f"Shipped: {shipped}, the simplest that is not beaten.")


def test_log_odds_stay_finite_at_certainty() -> None:
    assert np.isfinite(logits(np.array([0.0, 1.0]))).all()
    assert sigmoid(logits(np.array([0.25, 0.5]))) == pytest.approx([0.25, 0.5])
