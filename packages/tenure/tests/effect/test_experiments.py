"""Everybody counts in the arm that chance gave them; what makes that unfair is refused by name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure import effect
from tenure.effect import errors
from tenure.effect.estimates import holm, share_difference, share_lift
from tenure.errors import LengthsDiffer, NoFactsLeft, NoSuchColumn, TenureError, UnknownChoice

BY_HAND = {
    "customer": list(range(20)),
    "arm": ["control"] * 10 + ["treated"] * 10,
    "retained": [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    "spent": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3.0, 4, 5, 6, 7, 8, 9, 10, 11, 12],
}


def asked(data: Any, **more: Any) -> effect.Experiment:
    return effect.experiment(data, **{"arm": "arm", "outcome": "retained", "customer": "customer", **more})


def rows(count: int, seed: int = 1, **more: Any) -> dict[str, Any]:
    """A trial with a third retained in control, a half in treated, and a covariate that tells a lot."""
    rng = np.random.default_rng(seed)
    treated = rng.permutation(np.arange(count) % 2)
    before = rng.normal(50, 10, count)
    spent = before + 3 * treated + rng.normal(0, 5, count)
    retained = rng.random(count) < np.where(treated, 0.5, 1 / 3)
    arm = np.array(["control", "treated"])[treated]
    return {"customer": np.arange(count), "arm": arm, "retained": retained, "spent": spent, "before": before, **more}


def test_newcombes_interval_is_the_published_one() -> None:
    found = share_difference((48, 56), (80, 70), level=0.95)  # 56/70 − 48/80 of the paper's table
    assert found.value == pytest.approx(0.2)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_shares_come_out_as_by_hand() -> None:
    answer = asked(BY_HAND)
    assert [(arm.arm, arm.n, arm.mean) for arm in answer.arms] == [("control", 10, 0.2), ("treated", 10, 0.5)]
    plain = answer.comparison.plain
    assert plain.value == pytest.approx(0.3)
    assert plain.p == pytest.approx(math.erfc(0.3 / math.sqrt(0.35 * 0.65 * 0.2) / math.sqrt(2)))
    lift = answer.comparison.lift
    reach = math.exp(1.959963984540054 * math.sqrt(1 / 2 - 1 / 10 + 1 / 5 - 1 / 10))
    assert (lift.value, lift.low, lift.high) == pytest.approx((1.5, 2.5 / reach - 1, 2.5 * reach - 1))
    assert not answer.comparison.is_clear
    assert "may be chance" in answer.sentence and answer.evidence == "randomised"
    assert any("smallest arm has 10" in note for note in answer.notes)


def test_amounts_are_compared_by_welchs_test() -> None:
    from scipy.stats import ttest_ind

    data = {**BY_HAND, "spent": [*BY_HAND["spent"][:10], *(4.0 * v for v in BY_HAND["spent"][10:])]}
    plain = asked(data, outcome="spent").comparison.plain
    theirs: Any = ttest_ind(data["spent"][10:], data["spent"][:10], equal_var=False)
    ends = theirs.confidence_interval(0.95)
    assert (plain.p, plain.low, plain.high) == pytest.approx((theirs.pvalue, ends.low, ends.high))
    assert plain.method == "Welch's t"


def test_fiellers_ends_are_where_the_ratio_stops_being_told_apart() -> None:
    from scipy.stats import t as student

    answer = asked(rows(400), outcome="spent")
    from tenure.effect.means import plain_means
    from tenure.effect.trials import read_trial

    means = plain_means(read_trial(rows(400), arm="arm", outcome="spent", customer="customer"))
    reach = student.ppf(0.975, means._freedom(1))
    for end in (answer.comparison.lift.low, answer.comparison.lift.high):
        ratio = 1 + end
        gap = means.mean[1] - ratio * means.mean[0]
        spread = math.sqrt(means.covariance[1, 1] + ratio**2 * means.covariance[0, 0])
        assert abs(gap / spread) == pytest.approx(reach)


def test_a_control_that_may_be_zero_sets_no_bounds_to_a_ratio() -> None:
    data = {"arm": ["control"] * 4 + ["treated"] * 4, "profit": [-1.0, 1.2, -0.9, 1.0, 1.0, 2.0, 3.0, 4.0]}
    lift = effect.experiment(data, arm="arm", outcome="profit").comparison.lift
    assert math.isnan(lift.low) and math.isnan(lift.high)
    none = effect.experiment(arm=["control"] * 5 + ["treated"] * 5, outcome=[0] * 5 + [1] * 5)
    assert math.isnan(none.comparison.lift.high) and none.comparison.plain.value == 1
    assert "unknown" in none._repr_html_()


def test_several_arms_are_each_compared_with_control_and_corrected_together() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    data = {
        "arm": ["none"] * 300 + ["call"] * 300 + ["mail"] * 300,
        "kept": [1, 0, 0] * 100 + [1, 1, 0] * 100 + [1, 0, 0] * 100,
    }
    answer = effect.experiment(data, arm="arm", outcome="kept", control="none")
    assert [one.arm for one in answer.comparisons] == ["call", "mail"]
    assert answer["call"].is_clear and not answer["mail"].is_clear
    assert answer["call"].p_holm == pytest.approx(2 * answer["call"].plain.p)
    assert "several arms were tried" in answer.sentence
    with pytest.raises(errors.NoSuchArm):
        answer.comparison  # noqa: B018
    assert effect.experiment(data, arm="arm", outcome="kept", control="none", arms=["mail"]).comparison.arm == "mail"


def test_companies_assigned_as_a_whole_widen_the_interval_by_what_they_share() -> None:
    rng = np.random.default_rng(3)
    company = np.repeat(np.arange(60), 20)
    treated = company % 2
    spent = 10 + rng.normal(0, 3, 60)[company] + rng.normal(0, 1, 1_200)
    data = {
        "customer": np.arange(1_200),
        "company": company,
        "arm": np.array(["control", "treated"])[treated],
        "spent": spent,
    }
    singly = asked(data, outcome="spent").comparison.plain
    together = asked(data, outcome="spent", cluster="company").comparison.plain
    by_company = spent.reshape(60, 20).mean(axis=1)
    means = [by_company[arm::2] for arm in (0, 1)]
    assert together.value == pytest.approx(singly.value)
    assert together.se == pytest.approx(math.sqrt(sum(m.var(ddof=1) / 30 for m in means)))
    assert together.se > 3 * singly.se


def test_customers_assigned_singly_within_companies_may_share_one() -> None:
    data = rows(600, company=np.repeat(np.arange(60), 10))
    with pytest.raises(errors.InTwoArms, match="60 clusters"):
        asked(data, cluster="company")
    answer = asked(data, cluster="company", assigned_by="customer")
    assert answer.comparison.plain.method == "cluster-robust t"
    assert [arm.units for arm in answer.arms] == [60, 60]


def test_the_sample_ratio_counts_companies_where_companies_were_assigned() -> None:
    sizes = np.r_[np.full(40, 2), np.full(40, 30)]
    company = np.repeat(np.arange(80), sizes)
    customer, arm = np.arange(len(company)), np.where(company < 40, "control", "treated")
    data = {"customer": customer, "company": company, "arm": arm, "retained": customer % 3 == 0}
    with pytest.raises(errors.SampleRatioOff):
        asked(data)
    answer = asked(data, cluster="company")
    assert answer.ratio.counts == (40, 40) and answer.ratio.noun == "clusters"


def test_cuped_with_one_common_slope_is_the_published_formula() -> None:
    data = rows(500)
    answer = asked(data, outcome="spent", covariates=["before"], slopes="common")
    treated = data["arm"] == "treated"
    x, y = data["before"], data["spent"]
    inside = [(x[arm] - x[arm].mean(), y[arm] - y[arm].mean()) for arm in (treated, ~treated)]
    theta = sum(a @ b for a, b in inside) / sum(a @ a for a, _ in inside)
    adjusted = y - theta * (x - x.mean())
    assert answer.comparison.adjusted is not None
    assert answer.comparison.adjusted.value == pytest.approx(adjusted[treated].mean() - adjusted[~treated].mean())
    within = np.concatenate([a for a, _ in inside]), np.concatenate([b for _, b in inside])
    assert answer.rho2 == pytest.approx(np.corrcoef(*within)[0, 1] ** 2)


def test_adjusting_shows_both_effects_and_how_much_variance_it_saved() -> None:
    answer = asked(rows(2_000), outcome="spent", covariates=["before"])
    found = answer.comparison
    assert found.adjusted is not None and found.best is found.adjusted
    assert found.adjusted.low <= 3 <= found.adjusted.high
    assert answer.rho2 == pytest.approx(0.8, abs=0.03)
    assert found.variance_saved == pytest.approx(answer.rho2, abs=0.03)
    assert answer.table()["estimate"].to_pylist() == ["plain", "adjusted"]
    assert "ρ²" in answer._repr_html_()


def test_own_slopes_are_lins_regression() -> None:
    data = rows(300)
    answer = asked(data, outcome="spent", covariates=["before"])
    z = (data["arm"] == "treated").astype(float)
    x = data["before"] - data["before"].mean()
    fitted = np.linalg.lstsq(np.column_stack([np.ones(300), z, x, z * x]), data["spent"], rcond=None)[0]
    assert answer.comparison.adjusted is not None
    assert answer.comparison.adjusted.value == pytest.approx(fitted[1])


def test_covariates_may_be_words_or_missing_and_a_constant_one_is_left_out() -> None:
    data = rows(300)
    data["plan"] = np.array(["basic", "plus", "pro"])[np.arange(300) % 3]
    data["same"] = np.ones(300)
    data["before"] = np.where(np.arange(300) % 10 == 0, np.nan, data["before"])
    answer = asked(data, outcome="spent", covariates=["before", "plan", "same"])
    assert answer.covariates == ("before", "before is missing", "plan: plus", "plan: pro")
    assert any("before is missing for 30" in note for note in answer.notes)
    assert any("same is the same for everybody" in note for note in answer.notes)


def test_nothing_known_of_anybody_leaves_the_plain_effect() -> None:
    answer = asked(rows(100, same=np.ones(100)), covariates=["same"])
    assert answer.comparison.adjusted is None and answer.rho2 is None


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 30), st.integers(1, 30))
def test_swapping_the_arms_turns_the_effect_round(a: int, b: int, more_a: int, more_b: int) -> None:
    sizes = (a + more_a, b + more_b)
    one = share_difference((a, b), sizes, level=0.95)
    other = share_difference((b, a), (sizes[1], sizes[0]), level=0.95)
    assert (one.value, one.low, one.high, one.p) == pytest.approx((-other.value, -other.high, -other.low, other.p))
    assert -1 <= one.low <= one.value <= one.high <= 1
    lift = share_lift((a, b), sizes, level=0.95)
    assert math.isnan(lift.low) == (min(a, b) == 0)


def test_whoever_has_no_outcome_is_counted_and_evenly_missing_ones_do_not_stop_the_answer() -> None:
    data = rows(1_000)
    data["retained"] = np.where(np.arange(1_000) % 50 == 0, np.nan, data["retained"].astype(float))
    answer = asked(data)
    assert sum(arm.n for arm in answer.arms) == 980 and sum(arm.assigned for arm in answer.arms) == 1_000
    assert any("20 of 1,000 rows have no outcome" in note for note in answer.notes)


def test_outcomes_missing_in_one_arm_stop_the_answer() -> None:
    data = rows(1_000)
    data["retained"] = np.where(
        (data["arm"] == "control") & (np.arange(1_000) % 5 == 0), np.nan, data["retained"].astype(float)
    )
    with pytest.raises(errors.OutcomesMissUnevenly, match="treated 500, of control 500"):
        asked(data)


def test_arms_of_the_wrong_size_show_no_result() -> None:
    data = rows(2_000)
    keep = (data["arm"] == "control") | (np.arange(2_000) % 4 > 0)
    short = {name: values[keep] for name, values in data.items()}
    with pytest.raises(errors.SampleRatioOff, match="control 1,000, treated"):
        asked(short)
    share = {"control": 1_000 / keep.sum(), "treated": 1 - 1_000 / keep.sum()}
    assert asked(short, shares=share).ratio.p == pytest.approx(1)


def test_an_arm_that_was_meant_to_be_and_has_nobody_is_noticed() -> None:
    meant = {"control": 0.4, "treated": 0.4, "mailed": 0.2}
    with pytest.raises(errors.SampleRatioOff, match="mailed 0"):
        asked(rows(400), shares=meant)
    assert asked(rows(400), shares=meant, arms=["treated"]).ratio.expected == (200, 200)
    with pytest.raises(errors.NoSuchArm, match="treated"):
        asked(rows(400), shares={"control": 0.5, "called": 0.5})


def test_outcomes_missing_unevenly_between_whole_companies_are_said_to_be() -> None:
    data = rows(400)
    data["company"] = np.arange(400) // 10
    data["arm"] = np.where(data["company"] % 2, "control", "treated")
    data["retained"] = np.where((data["arm"] == "control") & (np.arange(400) % 4 == 0), np.nan, data["spent"] > 50)
    answer = asked(data, cluster="company")
    assert any("unevenly, which may bend the result" in note for note in answer.notes)


def test_a_customer_in_two_arms_is_named() -> None:
    data = {"customer": [*range(100), 7, 8], "arm": ["control", "treated"] * 50 + ["control", "treated"],
            "retained": [0, 1] * 51}  # fmt: skip
    with pytest.raises(errors.InTwoArms, match="1 customers are in more than one arm, among them 7"):
        asked({**data, "customer": [*range(100), 7, 98 + 1]})
    answer = asked({**data, "customer": [*range(100), 7, 99]}, in_two_arms="leave out")
    assert sum(arm.n for arm in answer.arms) == 99
    assert any("1 customers in more than one arm" in note for note in answer.notes)


def test_a_customer_said_twice_alike_counts_once_and_differently_is_refused() -> None:
    data = {"customer": [1, 1, 2, 3, 4], "arm": ["control", "control", "control", "treated", "treated"]}
    answer = asked({**data, "retained": [1, 1, 0, 0, 1]})
    assert sum(arm.n for arm in answer.arms) == 4
    assert any("1 of 5 rows repeat a customer" in note for note in answer.notes)
    with pytest.raises(errors.CustomerTwice, match="1 customers have several rows"):
        asked({**data, "retained": [1, 0, 0, 0, 1]})


def test_who_was_assigned_after_the_first_exposure_is_named_or_left_out() -> None:
    data = rows(200)
    data["assigned_at"] = np.full(200, "2026-03-01T10:00:00Z")
    data["exposed_at"] = np.array([None] * 200, object)
    data["exposed_at"][5:] = "2026-03-02T10:00:00Z"
    data["exposed_at"][9] = "2026-03-01T09:59:59Z"
    asks = {"assigned_at": "assigned_at", "exposed_at": "exposed_at"}
    with pytest.raises(errors.AssignedAfterExposure, match=r"1 customers were assigned only after .* among them 9"):
        asked(data, **asks)
    answer = asked(data, late="leave out", **asks)
    assert sum(arm.n for arm in answer.arms) == 199


def test_a_covariate_from_after_the_assignment_is_refused() -> None:
    data = rows(200)
    data["assigned_at"] = np.full(200, "2026-03-01")
    data["measured_at"] = np.where(np.arange(200) == 3, "2026-03-02", "2026-02-01")
    with pytest.raises(errors.CovariateTooLate, match="after the assignment for 1 customers, among them 3"):
        asked(data, covariates=["before"], covariates_at="measured_at", assigned_at="assigned_at")
    data["measured_at"] = np.full(200, "2026-02-01")
    fine = asked(data, covariates=["before"], covariates_at="measured_at", assigned_at="assigned_at")
    assert not any("not checked" in note for note in fine.notes)
    assert any("not checked" in note for note in asked(data, covariates=["before"]).notes)


@pytest.mark.parametrize(
    ("data", "more", "refusal"),
    [
        ({"arm": ["a", "a"], "retained": [1, 0]}, {}, errors.OneArm),
        ({"arm": [], "retained": []}, {}, TenureError),
        ({"arm": [None, None], "retained": [1, 0]}, {}, TenureError),
        ({"arm": ["a", "b"], "retained": [1, 0]}, {}, errors.WhichControl),
        ({"arm": ["a", "b"], "retained": [1, 0]}, {"control": "c"}, errors.NoSuchArm),
        ({"arm": ["control", "b"], "retained": [None, None]}, {}, NoFactsLeft),
        ({"arm": ["control", "b"], "retained": [None, 1]}, {}, errors.TooFewToCompare),
        ({"arm": ["control", "b"], "retained": [3.5, 1]}, {}, errors.TooFewToCompare),
        ({"arm": ["control", "b"] * 5, "retained": [3.5] * 10}, {}, errors.OutcomeConstant),
        ({"arm": ["control", "b"], "retained": ["often", "never"]}, {}, errors.OutcomeUnreadable),
        ({"arm": ["control", "b"], "retained": [float("inf"), 1]}, {}, errors.OutcomeUnreadable),
        ({"arm": ["control", "b"], "kept": [0, 1]}, {}, NoSuchColumn),
        ({"arm": ["control", "b"], "retained": [0, 1]}, {"outcome": [1, 0, 1]}, LengthsDiffer),
        ({"arm": ["control", "b"], "retained": [0, 1]}, {"late": "ignore"}, UnknownChoice),
        ({"arm": ["control", "b"], "retained": [0, 1]}, {"level": 95}, UnknownChoice),
        ({"arm": ["control", "b"], "retained": [0, 1], "x": [None] * 2}, {"covariates": "x"}, errors.CovariateUseless),
        ({"arm": ["control", "b"], "retained": [0, 1], "c": ["EUR", "USD"]}, {"currency": "c"}, errors.CurrenciesMixed),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_by_name(data: Any, more: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as raised:
        effect.experiment(data, **{"arm": "arm", "outcome": "retained", **more})
    assert "(" + "column)" not in str(raised.value)


def test_nobody_retained_in_either_arm_is_an_answer_with_an_interval() -> None:
    answer = effect.experiment({"arm": ["control", "b"] * 50, "kept": [0] * 100}, arm="arm", outcome="kept")
    plain = answer.comparison.plain
    assert (plain.value, plain.p) == (0, 1)
    assert plain.low == pytest.approx(-plain.high) and plain.high > 0.05


def test_hillstroms_trial_comes_out_as_published(shared: Any) -> None:
    answer = effect.experiment(shared("hillstrom/hillstrom.csv"), arm="segment", outcome="visit", control="No E-Mail")
    assert [round(arm.mean, 4) for arm in answer.arms] == [0.1062, 0.1828, 0.1514]
    assert [round(one.plain.value, 4) for one in answer.comparisons] == [0.0766, 0.0452]
    assert all(one.is_clear for one in answer.comparisons)
    assert "7.7 points more" in answer.sentence_of("Mens E-Mail")


def test_the_chart_draws_every_effect_beside_zero() -> None:
    pytest.importorskip("altair")
    drawn = asked(rows(200), outcome="spent", covariates=["before"]).chart().to_dict()
    assert "treated, adjusted" in str(drawn) and len(drawn["layer"]) == 4


def test_importing_it_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    names = "experiment, watch, who_to_treat, plan, gain, sample_ratio, Allocation"
    heavy = "{'scipy', 'sklearn', 'altair', 'pyarrow', 'pandas', 'narwhals', 'duckdb'}"
    code = f"import sys; from tenure.effect import {names}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("control", [False, "False"])
def test_an_arm_told_by_yes_and_no_may_be_named_so(control: Any) -> None:
    treated = np.arange(400) % 2 == 0
    told = {"customer": np.arange(400), "treated": treated, "kept": np.arange(400) % 5 > 0}
    found = effect.experiment(told, customer="customer", arm="treated", control=control, outcome="kept")
    assert found.comparison.plain.value == pytest.approx(0.0, abs=0.02)
