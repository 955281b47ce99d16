"""Cox's proportional hazards: published answers, the obvious twin, known truths, and every way a file can be bad."""

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
from tenure.errors import NothingToRead, UnknownChoice
from tenure.survival import _twins, cox
from tenure.survival import errors as refusals
from tenure.survival.checking import score_residuals
from tenure.survival.fitting import _at, fit, rows_of

followed = st.lists(
    st.tuples(st.integers(0, 6), st.booleans(), st.integers(-3, 3), st.integers(-3, 3), st.integers(0, 1)),
    min_size=2, max_size=25,
)  # fmt: skip
ROSSI = {
    "fin": -0.3794, "age": -0.0574, "race": 0.3139, "wexp": -0.1498, "mar": -0.4337, "paro": -0.0849, "prio": 0.0915,
}  # fmt: skip


@pytest.fixture(scope="module")
def rossi(packaged: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(packaged("lifelines/datasets/rossi.csv"))


def made_up(customers: int = 4_000, *, seed: int = 3) -> dict[str, Any]:
    """Hazards 0.1·exp(0.5·visits − 0.8·plus), followed for up to 12 months."""
    rng = np.random.default_rng(seed)
    visits, plus = rng.normal(size=customers), rng.random(customers) < 0.4
    stays = rng.exponential(1 / (0.1 * np.exp(0.5 * visits - 0.8 * plus)))
    seen = rng.uniform(0, 12, customers)
    plan = np.where(plus, "plus", "basic")
    return {"visits": visits, "plan": plan, "months": np.minimum(stays, seen), "left": stays <= seen}


def test_rossi_comes_out_as_published(rossi: pd.DataFrame) -> None:
    found = cox(rossi, duration="week", event="arrest", unit="week")
    assert {name: round(float(b), 4) for name, b in zip(found.names, found.coefficients, strict=True)} == ROSSI
    assert round(found.log_likelihood, 3) == -658.748
    assert round(found.concordance, 2) == 0.64
    assert round(found.likelihood_ratio[0], 2) == 33.27
    assert found.standard_errors.round(3).tolist() == [0.191, 0.022, 0.308, 0.212, 0.382, 0.196, 0.029]


def without_ties(rossi: pd.DataFrame) -> pd.DataFrame:
    """The same people, each a thousandth of a week after the one before."""
    return rossi.assign(week=rossi.week + np.arange(len(rossi)) / 1_000)


def test_rossi_is_that_of_lifelines_0_30_with_strata_and_with_clusters(rossi: pd.DataFrame) -> None:
    ours = cox(rossi, duration="week", event="arrest", strata="race")
    assert ours.names == ("fin", "age", "wexp", "mar", "paro", "prio")
    assert ours.coefficients.round(6).tolist() == [-0.378767, -0.057640, -0.142750, -0.438817, -0.085764, 0.092214]
    assert ours.standard_errors.round(6).tolist() == [0.191304, 0.022002, 0.212794, 0.382128, 0.195807, 0.028726]
    assert (round(ours.log_likelihood, 6), round(ours.concordance, 8)) == (-620.563609, 0.63120368)
    homes = without_ties(rossi).assign(home=np.arange(len(rossi)) % 50)
    ours = cox(homes, duration="week", event="arrest", cluster="home")
    theirs = [0.188518, 0.027895, 0.283693, 0.249484, 0.381707, 0.214418, 0.027523]
    assert ours.standard_errors.round(6).tolist() == theirs
    assert ours.errors == "robust, by home"


def test_proportionality_on_rossi_names_age_and_is_that_of_lifelines_0_30(rossi: pd.DataFrame) -> None:
    ours = cox(without_ties(rossi), duration="week", event="arrest").proportionality()
    theirs = {
        "fin": 0.018197, "age": 11.452417, "race": 1.347601, "wexp": 7.531112, "mar": 0.711786, "paro": 0.297633,
        "prio": 0.000995,
    }  # fmt: skip
    assert dict(zip(ours.names, ours.statistic, strict=True)) == pytest.approx(theirs, abs=1e-5)
    said = cox(rossi, duration="week", event="arrest").proportionality()
    assert [name for name, p in zip(said.names, said.p, strict=True) if p < 0.05] == ["age", "wexp"]
    assert "age, wexp" in said.sentence()


@settings(max_examples=40, deadline=None)
@given(followed, st.booleans(), st.booleans(), st.sampled_from([1, 40]))
def test_likelihood_slope_and_curvature_are_those_of_the_obvious_twin(
    rows: list[tuple[int, bool, int, int, int]], efron: bool, whole: bool, far: int
) -> None:
    times = np.array([row[0] for row in rows], float) + (0.0 if whole else 0.25)
    left, strata = np.array([row[1] for row in rows]), np.array([row[4] for row in rows], np.int64)
    strata = np.unique(strata, return_inverse=True)[1]
    x = np.array([[row[2], row[3]] for row in rows], float)
    prepared, _, _ = rows_of(
        [x[:, 0].copy(), x[:, 1].copy()], times, left, strata, names=("a", "b"), centre=np.zeros(2), scale=np.ones(2)
    )
    assert (prepared.block is not None) == whole
    beta = np.array([0.3, -0.2]) * far

    def twin(at: Any) -> float:
        return _twins.log_likelihood(x, times.tolist(), left.tolist(), at, efron=efron, strata=strata.tolist())

    value, gradient, information = _at(prepared, beta, efron, 0.0)
    assert value == pytest.approx(twin(beta), abs=1e-7)
    assert gradient == pytest.approx(_twins.slope(twin, beta), abs=1e-3)
    second = np.array([_twins.slope(lambda at, k=k: _at(prepared, at, efron, 0.0)[1][k], beta) for k in range(2)])
    assert information == pytest.approx(-second, abs=1e-3)


def test_predictions_hundreds_apart_do_not_vanish() -> None:
    x, times = np.arange(8.0)[:, None] * 300, np.arange(8.0, 0, -1)
    prepared, _, _ = rows_of(
        [x[:, 0].copy()], times, np.ones(8, bool), None, names=("a",), centre=np.zeros(1), scale=np.ones(1)
    )
    assert _at(prepared, np.array([1.0]), True, 0.0)[0] == pytest.approx(0.0, abs=1e-9)
    assert _at(prepared, np.array([-1.0]), True, 0.0)[0] == pytest.approx(-300 * sum(range(8)), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(followed)
def test_concordance_looks_at_every_pair(rows: list[tuple[int, bool, int, int, int]]) -> None:
    from tenure._kernels.surviving import agreeing_pairs

    rows = sorted(rows, key=lambda row: -row[0])
    times = np.array([row[0] for row in rows], float)
    left, rank = np.array([row[1] for row in rows]), np.array([row[2] + 3 for row in rows])
    starts = np.r_[np.flatnonzero(np.r_[True, times[1:] != times[:-1]]), len(times)]
    counts = np.zeros(3, np.int64)
    agreeing_pairs(starts, left, rank, 7, counts)
    assert tuple(counts.tolist()) == _twins.concordance(rank.tolist(), times.tolist(), left.tolist())


def test_many_rows_take_a_short_cut_to_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    from tenure.survival import fitting

    data = made_up(6_000)
    for months in (data["months"], np.ceil(data["months"])):
        asked = {"duration": months, "event": data["left"], "covariates": {"visits": data["visits"]}}
        whole = cox(**asked)
        monkeypatch.setattr(fitting, "_MANY", 1_000)
        quick = cox(**asked)
        monkeypatch.undo()
        assert quick.coefficients == pytest.approx(whole.coefficients, abs=1e-9)
        assert quick.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-8)


def test_a_known_truth_lies_within_the_intervals() -> None:
    found = cox(made_up(), duration="months", event="left")
    assert found.names == ("visits", "plan[plus]")
    low, high = found.interval
    assert low[0] <= 0.5 <= high[0]
    assert low[1] <= -0.8 <= high[1]
    assert found.baseline.survival[-1] == pytest.approx(
        np.exp(-0.1 * 12 * np.exp(0.5 * found.averages[0] - 0.8 * found.averages[1])), abs=0.05
    )
    robust = cox(made_up(), duration="months", event="left", robust=True)
    assert robust.standard_errors == pytest.approx(found.standard_errors, rel=0.1)
    assert found.proportionality().together[1] > 0.01


def test_with_ties_the_score_residuals_still_sum_to_nothing_and_say_what_each_customer_moves(
    rossi: pd.DataFrame,
) -> None:
    found = cox(rossi, duration="week", event="arrest")
    residuals = score_residuals(found._inner["rows"], found._inner["order"], found._inner["beta"], efron=True)
    assert np.abs(residuals.sum(axis=0)).max() < 1e-10
    moves = residuals @ found._inner["bread"] / found._inner["scale"]
    for row in (0, 17, 100):
        without = cox(rossi.drop(index=row), duration="week", event="arrest")
        assert moves[row] == pytest.approx(found.coefficients - without.coefficients, abs=2e-3)


def test_two_customers_by_hand() -> None:
    """One leaves at 1 with x = 1, one is censored at 2 with x = 0, one of each the other way round: β = 0."""
    found = cox(duration=[1, 2, 1.5, 2.5], event=[1, 0, 1, 0], covariates={"x": [1, 0, 0, 1]}, ties="breslow")
    beta = float(found.coefficients[0])
    # The score: 1 − 2e/(2e + 2) + 0 − e/(e + 2), e = exp(β), is zero at e² = 2.
    assert np.exp(beta) == pytest.approx(np.sqrt(2))
    assert found.null_log_likelihood == pytest.approx(-np.log(4) - np.log(3))


def test_efron_and_breslow_differ_only_where_there_are_ties() -> None:
    data = made_up(500)
    apart = [cox(data, duration="months", event="left", ties=ties).coefficients for ties in ("efron", "breslow")]
    assert apart[0].tolist() == pytest.approx(apart[1].tolist(), abs=1e-12)
    data["months"] = np.ceil(data["months"] / 3)
    tied = [cox(data, duration="months", event="left", ties=ties).coefficients for ties in ("efron", "breslow")]
    assert abs(tied[0][0] - tied[1][0]) > 0.01


def test_predictions_are_the_baseline_to_the_power_of_the_relative_hazard() -> None:
    data = made_up(2_000)
    found = cox(data, duration="months", event="left")
    two = {"visits": [0.0, 2.0], "plan": ["plus", "basic"]}
    ratio = found.relative_hazard(two)
    expected = np.exp((np.array([[0.0, 1.0], [2.0, 0.0]]) - found.averages) @ found.coefficients)
    assert ratio == pytest.approx(expected)
    at = found.predict(two, at=[0, 6, 11, 99])
    place = np.searchsorted(found.baseline.time, 6, side="right") - 1
    assert at.survival[:, 1] == pytest.approx(found.baseline.survival[place] ** ratio)
    assert at.survival[:, 0].tolist() == [1.0, 1.0]
    assert np.isnan(at.survival[:, 3]).all()
    later = found.predict(two, at=[6, 11], after=[6, 6])
    assert later.survival[:, 0].tolist() == [1.0, 1.0]
    assert later.survival[:, 1] == pytest.approx(at.survival[:, 2] / at.survival[:, 1])


def test_strata_have_baselines_of_their_own() -> None:
    data = made_up(2_000)
    found = cox(data, duration="months", event="left", covariates=["visits"], strata="plan")
    assert found.strata == ("basic", "plus")
    both = found.predict({"visits": [0.0, 0.0], "plan": ["basic", "plus"]}, at=11).survival[:, 0]
    assert both == pytest.approx([np.exp(-1.1), np.exp(-1.1 * np.exp(-0.8))], abs=0.06)
    parts = [{name: values[data["plan"] == plan] for name, values in data.items()} for plan in found.strata]
    alone, other = (cox(part, duration="months", event="left", covariates=["visits"]) for part in parts)
    assert found.null_log_likelihood == pytest.approx(alone.null_log_likelihood + other.null_log_likelihood)


def test_rows_that_lack_something_are_left_out_and_counted() -> None:
    data = made_up(400)
    visits = data["visits"].copy()
    visits[:10] = np.nan
    plan = [None, *data["plan"][1:].tolist()]
    data |= {"visits": visits, "plan": plan, "months": [*data["months"][:-1], None]}
    found = cox(data, duration="months", event="left")
    assert found.customers == 389
    assert found.notes == (
        "1 of 400 rows have no duration or event and were left out.",
        "10 of 399 customers lack a covariate and were left out.",
    )


def bad(**changes: Any) -> dict[str, Any]:
    data = made_up(120)
    columns = {"x": data["visits"], "y": np.random.default_rng(5).normal(size=120)}
    asked = {"duration": data["months"], "event": data["left"], "covariates": columns}
    covariates = {**columns, **changes.pop("add", {})}
    return {**asked, "covariates": covariates, **changes}


LEFT = made_up(120)["left"]
VISITS = made_up(120)["visits"]


@pytest.mark.parametrize(
    ("question", "refusal", "words"),
    [
        (bad(add={"k": np.ones(120)}), refusals.SameForAll, "'k' never differs"),
        (bad(add={"p": ["plus"] * 120}), refusals.SameForAll, "'p' never differs"),
        (bad(strata=LEFT, add={"s": LEFT * 2.0}), refusals.SameForAll, "'s' never differs"),
        (bad(add={"z": 2 * VISITS + 7}), refusals.SaysTheSame, "'z' is determined by x"),
        (bad(add={"gone": LEFT}), refusals.Separated, "'gone' separates who left .* ridge=0.1"),
        (bad(event=np.zeros(120)), refusals.NobodyLeft, "None of the 120 customers left"),
        (bad(add={"x": np.where(VISITS > 2, np.inf, VISITS)}), refusals.NotANumber, "of the column 'x' is inf"),
        (bad(add={"x": np.full(120, np.nan)}), NothingToRead, "no facts"),
        (bad(add={"id": [f"c{i}" for i in range(120)]}), refusals.TooManyValues, "120 different texts"),
        (bad(covariates={}), refusals.NothingToFit, "Name the columns"),
        (bad(covariates=None), refusals.NothingToFit, "Name the columns"),
        (bad(ties="exact"), UnknownChoice, "efron, breslow"),
        (bad(ridge=-1), UnknownChoice, "ridge"),
        (bad(covariates=np.random.default_rng(1).normal(size=(120, 130))), refusals.SaysTheSame, "be told apart"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_by_its_column(question: dict[str, Any], refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        cox(**question)


def test_columns_that_separate_only_together_are_refused_and_a_ridge_keeps_them_finite() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 200))
    asked = {"duration": np.exp(-3 * (a + 2 * b)), "event": np.ones(200, bool), "covariates": {"a": a, "b": b}}
    with pytest.raises(refusals.Separated, match="together with b"):
        cox(**asked)
    assert np.isfinite(cox(**asked, ridge=0.1).coefficients).all()


@pytest.mark.parametrize("months", [np.zeros(120), np.ones(120), np.ceil(made_up(120)["months"] / 6)])
def test_heavy_ties_and_times_of_nothing_are_answered(months: Any) -> None:
    for event in (LEFT, np.ones(120, bool)):
        found = cox(**bad(duration=months, event=event))
        assert np.isfinite([*found.coefficients, *found.standard_errors, found.log_likelihood]).all()


def test_mixed_scales_and_heavy_tails_do_not_disturb_the_fit() -> None:
    plain = cox(**bad())
    moved = cox(**bad(covariates={"x": VISITS * 1e-9 + 1e-3, "y": bad()["covariates"]["y"] * 1e9}))
    assert moved.z == pytest.approx(plain.z, rel=1e-6)
    assert np.isfinite(cox(**bad(add={"x": np.exp(6 * VISITS)})).coefficients).all()


def test_a_new_value_is_refused_when_predicting() -> None:
    found = cox(made_up(200), duration="months", event="left")
    with pytest.raises(refusals.NewValue, match=r"'gold', which was not among .* basic, plus"):
        found.predict({"visits": [0.0], "plan": ["gold"]}, at=6)


def test_the_answer_can_be_read_drawn_and_tabled() -> None:
    found = cox(made_up(300), duration="months", event="left")
    assert found.table().column_names[:2] == ["covariate", "coefficient"]
    assert "Above 1: goes with leaving sooner" in found._repr_html_()
    assert repr(found).startswith("<Cox of 300 customers")
    assert found.baseline.table().column_names == ["time", "at_risk", "lost", "hazard", "survival"]
    pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
    for chart in (found.chart(), found.proportionality().chart()):
        assert chart.to_dict()["title"]


def test_it_can_learn_from_the_shipped_data() -> None:
    found = cox(subscriptions(3_000), duration="months", event="left", covariates=["plan"])
    low, high = found.hazard_ratio_interval
    assert low[0] <= 6 / 15 <= high[0]


def test_a_fit_from_far_away_and_a_fit_from_zero_meet() -> None:
    data = made_up(300)
    rows, _, _ = rows_of(
        [data["visits"]], data["months"], data["left"], None, names=("v",), centre=np.zeros(1), scale=np.ones(1)
    )
    value, gradient, _ = _at(rows, fit(rows, efron=True, ridge=0.0).beta, True, 0.0)
    assert abs(gradient[0]) < 1e-8 and value < 0
