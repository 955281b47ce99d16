"""Like compared with like, by slow obvious twins, and the refusals: what cannot be read from the data is not said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bench._worlds_observed import LINEAR, THIN, ask, hidden_world, lived_in, recorded_world
from tenure.effect import NotIdentifiable, Observed, Worth, activity_before, next_treatment, observed
from tenure.effect.errors import OneArm, OutcomeConstant, OutcomeUnreadable
from tenure.effect.learners import PENALTIES, Form, chosen, crossed
from tenure.effect.observed_covariates import read_covariates, spline
from tenure.effect.observed_errors import (
    AfterTreatment,
    CovariateUnreadable,
    NoCovariates,
    ProbabilityOut,
    TooManyWords,
    TreatmentUnclear,
)
from tenure.effect.observed_scores import Guesses, scored
from tenure.effect.overlap import LIMITS, balance_of, overlap_of
from tenure.effect.splitting import folds_of, repeated_median
from tenure.errors import LengthsDiffer, NoSuchColumn, UnknownChoice

NAMES = [f"x{i}" for i in range(5)]


@pytest.fixture(scope="module")
def confounded() -> Observed:
    answer = observed(
        lived_in(LINEAR, seed=7), treatment="treated", outcome="outcome", covariates=NAMES, splits=5,
        controls=(), treatment_name="answered in time", outcome_name="orders",
    )  # fmt: skip
    assert isinstance(answer, Observed)
    return answer


def yes_or_no(seed: int = 3, rows: int = 400) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    treated = rng.random(rows) < 1 / (1 + np.exp(-x))
    return {"treated": treated, "outcome": rng.random(rows) < 1 / (1 + np.exp(-x)), "x": x}


def test_the_plain_difference_is_wrong_and_the_adjusted_one_holds_the_truth(confounded: Observed) -> None:
    assert confounded.described.difference.low > 1.0
    assert confounded.estimate.low < 1.0 < confounded.estimate.high
    assert confounded.evidence == "adjusted"
    assert confounded.sentence.startswith("Comparing like with like, “orders” is 1.0")
    assert "This was not a trial" in confounded.sentence


def test_the_same_seed_gives_the_same_answer() -> None:
    table = lived_in(LINEAR, seed=8, rows=300)
    first, again, other = (ask(table, splits=3, seed=seed) for seed in (1, 1, 2))
    assert (first.estimate, first.sensitivity) == (again.estimate, again.sensitivity)
    assert first.estimate.value != other.estimate.value


def test_the_score_is_the_formula_written_out() -> None:
    rng = np.random.default_rng(1)
    n = 40
    e, low, high = rng.uniform(0.2, 0.8, n), rng.normal(size=n), rng.normal(size=n)
    treated, outcome = rng.random(n) < e, rng.normal(size=n)
    found = scored(
        Guesses(e[None], low[None], high[None]), treated, outcome, clusters=np.arange(n), estimand="everybody"
    )
    one, other = np.where(treated, 1 / e, 0), np.where(treated, 0, 1 / (1 - e))
    mean1 = high.mean() + sum(one * (outcome - high)) / sum(one)
    mean0 = low.mean() + sum(other * (outcome - low)) / sum(other)
    assert found.value == pytest.approx(mean1 - mean0)
    assert found.without == pytest.approx(mean0)


def test_for_the_treated_only_those_who_were_not_are_weighted() -> None:
    treated = np.array([True] * 3 + [False] * 3)
    outcome = np.array([1.0, 2.0, 3.0, 0.0, 1.0, 5.0])
    e = np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.75])
    nothing = np.zeros((1, 6))
    found = scored(Guesses(e[None], nothing, nothing), treated, outcome, clusters=np.arange(6), estimand="the treated")
    assert found.value == pytest.approx(2.0 - (0 + 1 + 3 * 5) / 5)


def test_rows_of_one_cluster_count_as_one_piece_of_evidence() -> None:
    table = lived_in(LINEAR, seed=9, rows=240)
    doubled = {name: np.repeat(values, 2) for name, values in table.items()}
    doubled["who"] = np.repeat(np.arange(240), 2)
    alone = ask(doubled, splits=3)
    together = ask(doubled, splits=3, cluster="who")
    assert together.asked.units == 240
    assert together.estimate.se == pytest.approx(alone.estimate.se * 2**0.5, rel=0.15)


def test_folds_keep_clusters_whole_and_spread_a_rare_arm() -> None:
    clusters = np.repeat(np.arange(50), 3)
    treated = np.zeros(150, bool)
    treated[:30] = True
    dealt = folds_of(clusters, treated, splits=4, folds=5, seed=0)
    assert dealt.shape == (4, 150)
    for fold in dealt:
        assert all(len(set(fold[clusters == c])) == 1 for c in range(50))
        assert [int(treated[fold == part].sum()) for part in range(5)] == [6] * 5


def test_the_median_counts_how_far_the_splits_lie_apart() -> None:
    middle, error = repeated_median(np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 1.0]))
    assert middle == 2.0
    assert error == pytest.approx(2**0.5)  # the median of 1 + 1, 1 + 0 and 1 + 4


@pytest.mark.parametrize("is_binary", [True, False])
def test_all_folds_together_are_what_each_would_be_alone(is_binary: bool) -> None:
    """The obvious twin: every fold of every split fitted on its own by a general optimiser."""
    from scipy.optimize import minimize

    rng = np.random.default_rng(2)
    n, penalty = 120, 0.1
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 3))])
    y = (rng.random(n) < 1 / (1 + np.exp(-x[:, 1]))).astype(float) if is_binary else x[:, 1] + rng.normal(size=n)
    form = Form("linear", x, np.array([0.0, 1.0, 1.0, 0.5]))
    among = rng.random(n) < 0.8
    folds = folds_of(np.arange(n), among, splits=2, folds=3, seed=5)
    found = crossed(form, y, folds=folds, among=among, penalty=penalty, is_binary=is_binary)
    for split in range(2):
        for part in range(3):
            rows = among & (folds[split] != part)
            xs, ys = x[rows], y[rows]

            def loss(beta: Any, xs: Any = xs, ys: Any = ys) -> float:
                held = len(ys) * penalty * (form.held * beta**2).sum() / 2
                eta = xs @ beta
                return (
                    (np.logaddexp(0, eta) - ys * eta).sum() + held if is_binary else ((ys - eta) ** 2).sum() / 2 + held
                )

            eta = x @ minimize(loss, np.zeros(4), tol=1e-10).x
            wanted = 1 / (1 + np.exp(-eta)) if is_binary else eta
            held_out = folds[split] == part
            assert found[split, held_out] == pytest.approx(wanted[held_out], abs=2e-3)


def test_curves_are_chosen_where_something_bends() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=600)
    covariates = read_covariates({"x": x, "y": rng.normal(size=600)}, rows=600)
    folds = folds_of(np.arange(600), x > 0, splits=1, folds=5, seed=0)
    target = np.abs(x) + 0.3 * rng.normal(size=600)
    forms = [covariates.form(name) for name in ("linear", "splines")]
    found = chosen(forms, target, folds=folds, among=np.ones(600, bool), is_binary=False)
    assert found.form == "splines"
    assert found.losses["splines"] < found.losses["linear"]
    assert found.penalty in PENALTIES


def test_a_spline_is_straight_beyond_its_outer_knots() -> None:
    values = np.linspace(-3, 3, 601)
    for column in spline(values).T:
        assert np.diff(column[:30], 2) == pytest.approx(0, abs=1e-9)
        assert np.diff(column[-30:], 2) == pytest.approx(0, abs=1e-9)


def test_without_overlap_there_is_no_estimate_but_a_reason_and_advice() -> None:
    answer = ask(lived_in(THIN, seed=1), splits=3)
    assert isinstance(answer, NotIdentifiable)
    assert not hasattr(answer, "estimate")
    assert "have no counterpart" in answer.sentence
    assert "What would help" in answer.sentence
    assert answer.evidence == "described"
    assert answer.table().num_rows == len(answer.reasons)


def test_perfect_separation_is_not_identifiable() -> None:
    x = np.linspace(-1, 1, 300)
    answer = observed(treatment=x > 0, outcome=x + np.sin(40 * x), covariates={"x": x}, splits=3)
    assert isinstance(answer, NotIdentifiable)
    assert "all but decides who is treated" in answer.sentence


def test_too_few_treated_is_not_identifiable() -> None:
    treated = np.arange(100) < 8
    answer = observed(treatment=treated, outcome=np.arange(100) % 3, covariates={"x": np.arange(100) % 7}, splits=2)
    assert isinstance(answer, NotIdentifiable)
    assert answer.reasons == ("only 8 customers were treated (at least 20)",)
    assert answer.overlap is None


def test_customers_without_a_counterpart_are_left_out_and_said_to_be() -> None:
    table = lived_in(LINEAR, seed=5, rows=800)
    table["x0"][:12] = 9.0
    table["treated"][:12] = True
    answer = ask(table, splits=3)
    assert answer.is_identifiable
    assert 0 < answer.overlap.share_left_out < 0.1
    assert any("have no counterpart in the other group and were left out" in note for note in answer.notes)


def test_weighting_brings_the_groups_together(confounded: Observed) -> None:
    found = confounded.balance
    assert np.abs(found.before).max() > 0.3
    assert np.abs(found.after).max() < found.limit < np.abs(found.before).max()
    assert found.table().column_names == ["covariate", "before", "after"]


def test_balance_and_effective_size_by_hand() -> None:
    treated = np.array([True, True, False, False])
    e = np.array([0.5, 0.25, 0.25, 0.5])
    found = overlap_of(e, treated, estimand="everybody")
    assert found.effective_treated == pytest.approx((2 + 4) ** 2 / (4 + 16))
    values = np.array([[0.0], [2.0], [1.0], [3.0]])
    balance = balance_of(values, ("x",), found, estimand="everybody")
    assert balance.before[0] == pytest.approx((1 - 2) / 1.0)
    assert balance.after[0] == pytest.approx((4 * 2) / 6 - (4 / 3 * 1 + 2 * 3) / (4 / 3 + 2))
    assert balance.limit == LIMITS.never_unbalanced


def test_a_hidden_cause_shows_in_the_controls_and_takes_the_claim_away() -> None:
    controls = (activity_before("before"), next_treatment("later"))
    answer = ask(hidden_world(2), splits=3, controls=controls)
    assert answer.estimate.is_clear
    assert [one.is_null for one in answer.controls] == [False, False]
    assert answer.evidence == "described"
    assert not answer.is_clear
    assert "must not be called an effect" in answer.sentence


def test_with_nothing_hidden_the_controls_stay_quiet() -> None:
    controls = (activity_before("before"), next_treatment("later"))
    answer = ask(recorded_world(3), splits=3, controls=controls)
    assert [one.is_null for one in answer.controls] == [True, True]
    assert answer.evidence == "adjusted"
    assert not any("No negative control" in note for note in answer.notes)


def test_a_control_that_cannot_be_asked_says_so_and_changes_nothing() -> None:
    table = recorded_world(3, rows=300)
    answer = ask(table, splits=2, controls=(activity_before(np.zeros(300)),))
    assert answer.evidence == "adjusted"
    assert answer.controls[0].sentence == (
        "The check “activity in the 30 days before” could not be made: it is the same for everybody."
    )


def test_drawn_by_lot_with_a_known_chance_is_randomised() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=600)
    chance = np.where(x > 0, 0.7, 0.3)
    treated = rng.random(600) < chance
    answer = observed(
        treatment=treated, outcome=x + 1.0 * treated + rng.normal(size=600), covariates={"x": x},
        probability=chance, splits=3,
    )  # fmt: skip
    assert isinstance(answer, Observed)
    assert answer.evidence == "randomised"
    assert "Chance decided who was treated" in answer.sentence
    assert answer.estimate.low < 1.0 < answer.estimate.high


def test_an_effect_that_is_not_shown_is_not_claimed() -> None:
    answer = observed(yes_or_no(), treatment="treated", outcome="outcome", covariates=["x"], splits=3)
    assert isinstance(answer, Observed)
    assert answer.described.difference.is_clear
    assert not answer.is_clear
    assert "no effect of “treated” on “outcome” is shown" in answer.sentence
    assert "looks clear but compares customers who were different" in answer.sentence
    assert answer.sensitivity.e_value_interval == 1.0
    assert answer.sensitivity.robustness_interval == 0.0


def test_kept_customers_become_money_with_an_interval() -> None:
    answer = observed(yes_or_no(), treatment="treated", outcome="outcome", covariates=["x"], splits=3)
    assert isinstance(answer, Observed)
    found = answer.gain(worth=Worth(200.0, "EUR"), customers=1_000)
    assert found.money.value == pytest.approx(answer.estimate.value * 200_000)
    assert found.money.low < 0 < found.money.high
    assert found.evidence == "adjusted"


@pytest.mark.parametrize(
    "name",
    ["resolution_hours", "resolvedAt", "was_reopened", "Re-opened", "csat", "satisfaction", "nps_answer", "score",
     "first response seconds", "accepted_answer", "next_response"],
)  # fmt: skip
def test_what_becomes_known_only_later_is_refused_by_name(name: str) -> None:
    with pytest.raises(AfterTreatment, match="becomes known only after the treatment"):
        observed({**yes_or_no(), name: np.arange(400)}, treatment="treated", outcome="outcome", covariates=["x", name])


@pytest.mark.parametrize(
    "name", ["earlier_answers", "satisfaction_at_opening", "previous_csat", "title_length", "tags"]
)
def test_what_was_known_before_is_not_refused(name: str) -> None:
    table = {**yes_or_no(), name: np.arange(400) % 7}
    answer = observed(table, treatment="treated", outcome="outcome", covariates=["x", name], splits=1)
    assert answer.asked.covariates == ("x", name)


@pytest.mark.parametrize(
    ("changed", "refusal", "words"),
    [
        ({"treated": [True] * 400}, OneArm, "Everybody is in the arm"),
        ({"treated": np.arange(400) % 3}, TreatmentUnclear, "it holds 2"),
        ({"outcome": np.ones(400)}, OutcomeConstant, "The outcome is 1 for everybody"),
        ({"outcome": ["long"] * 400}, OutcomeUnreadable, "Row 1 of 'outcome' is 'long'"),
        ({"x": np.ones(400)}, NoCovariates, "every covariate is the same for everybody"),
        ({"x": np.r_[np.inf, np.ones(399)]}, CovariateUnreadable, "Row 1 of the covariate 'x' is inf"),
        ({"x": [str(n) for n in range(400)]}, TooManyWords, "400 different values"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(changed: dict[str, Any], refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        observed({**yes_or_no(), **changed}, treatment="treated", outcome="outcome", covariates=["x"])


def test_choices_that_are_not_there_are_refused() -> None:
    asked: dict[str, Any] = {"treatment": "treated", "outcome": "outcome", "covariates": ["x"]}
    for choice in ({"estimand": "some"}, {"splits": 0}, {"folds": 1}, {"learners": ["forest"]}, {"level": 1.5}):
        with pytest.raises(UnknownChoice):
            observed(yes_or_no(), **{**asked, **choice})
    with pytest.raises(NoSuchColumn):
        observed(yes_or_no(), **{**asked, "covariates": ["weight"]})
    with pytest.raises(LengthsDiffer):
        observed(yes_or_no(), **{**asked, "covariates": {"x": np.arange(3)}})
    with pytest.raises(ProbabilityOut, match=r"Row 1 has an assignment probability of 1\.0"):
        observed(yes_or_no(), **asked, probability=np.ones(400))
    with pytest.raises(NoCovariates, match="no covariate was given"):
        observed(yes_or_no(), **{**asked, "covariates": []})


def test_gaps_words_copies_and_constants_are_answered_and_noted() -> None:
    table = yes_or_no()
    x = table["x"].copy()
    x[:30] = np.nan
    outcome = table["outcome"].astype(float)
    outcome[:5] = np.nan
    answer = observed(
        {**table, "outcome": outcome, "x": x, "twice": 2 * x + 1, "always": np.ones(400),
         "channel": np.array(["mail", "chat", "phone", None] * 100, object)},
        treatment="treated", outcome="outcome", covariates=["x", "twice", "always", "channel"], splits=2,
    )  # fmt: skip
    assert answer.asked.customers == 395
    assert answer.notes[:5] == (
        "5 of 400 rows have no treatment or no outcome and were left out.",
        "25 of 395 values of x are missing; that itself is adjusted for.",
        "25 of 395 values of twice are missing; that itself is adjusted for.",
        "The same for everybody, and left out: always.",
        "twice says the same as x and was left out.",
    )
    assert answer.balance is not None
    assert answer.balance.labels == ("x", "x missing", "channel is phone", "channel is missing", "channel is mail")


def test_yes_and_no_in_words_are_read() -> None:
    table = yes_or_no()
    words = {
        **table,
        "treated": np.where(table["treated"], "Yes", "no"),
        "outcome": np.where(table["outcome"], "1", "0"),
    }
    said, plain = (
        observed(t, treatment="treated", outcome="outcome", covariates=["x"], splits=2) for t in (words, table)
    )
    assert isinstance(said, Observed)
    assert isinstance(plain, Observed)
    assert said.estimate == plain.estimate


def test_gradient_boosting_finds_a_product_nobody_named() -> None:
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(8)
    x = rng.normal(size=(900, 3))
    treated = rng.random(900) < 1 / (1 + np.exp(-1.2 * np.sign(x[:, 0] * x[:, 1])))
    outcome = 2 * np.sign(x[:, 0] * x[:, 1]) + rng.normal(size=900)
    columns = {f"x{i}": x[:, i] for i in range(3)}
    asked: dict[str, Any] = {"treatment": treated, "outcome": outcome, "covariates": columns, "splits": 1}
    straight, boosted = (observed(**asked, learners=[name]) for name in ("linear", "boosted"))
    assert isinstance(boosted, Observed)
    assert isinstance(straight, Observed)
    assert straight.estimate.low > 0.5
    assert abs(boosted.estimate.value) < 0.4


def test_tables_pages_and_pictures(confounded: Observed) -> None:
    assert confounded.table().column("estimate").to_pylist() == ["plain difference", "adjusted"]
    assert "E-value" in confounded._repr_html_()
    assert repr(confounded).startswith("<Observed, adjusted: Comparing like with like")
    pytest.importorskip("altair")
    for form in ("estimates", "balance", "overlap"):
        assert confounded.chart(form=form).to_dict()["layer"]
    with pytest.raises(UnknownChoice):
        confounded.chart(form="pie")
    thin = ask(lived_in(THIN, seed=1), splits=2)
    assert "why there is no estimate" in thin._repr_html_()
    assert thin.chart().to_dict()["layer"]


def test_it_reads_an_arrow_table_with_a_mapping_of_covariates() -> None:
    table = yes_or_no()
    frame = pa.table({"treated": table["treated"], "outcome": table["outcome"]})
    answer = observed(frame, treatment="treated", outcome="outcome", covariates={"x": table["x"]}, splits=1)
    assert answer.asked.customers == 400
