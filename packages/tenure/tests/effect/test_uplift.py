"""An order of customers is believed only when customers it was not learned from confirm it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="uplift is learned with scikit-learn (tenure[models]), which is not installed")

from tenure import effect
from tenure.effect import errors
from tenure.effect.pseudo import folds_of, scores
from tenure.effect.qini import qini
from tenure.effect.trials import read_trial
from tenure.effect.uplift import average_effect
from tenure.errors import UnknownChoice


def trial(count: int, seed: int, *, mean: float = 0.1, slope: float = 0.0) -> dict[str, Any]:
    """Retained with 0.3 plus, where treated, mean + slope·(x − ½); x is even in 0 to 1, and z tells nothing."""
    rng = np.random.default_rng(seed)
    treated = rng.permutation(np.arange(count) % 2)
    x = rng.uniform(0, 1, count)
    chance = 0.3 + treated * (mean + slope * (x - 0.5))
    return {
        "customer": np.arange(count), "arm": np.array(["control", "treated"])[treated], "x": x,
        "z": rng.choice(["red", "blue"], count), "kept": rng.random(count) < chance,
    }  # fmt: skip


def asked(data: Any, **more: Any) -> effect.Uplift:
    asks = {"arm": "arm", "outcome": "kept", "customer": "customer", "covariates": ["x", "z"], "draws": 200}
    return effect.who_to_treat(data, **{**asks, "model": "linear", **more})


@pytest.mark.parametrize("learner", ["dr", "t"])
def test_where_some_gain_and_some_lose_the_order_is_found(learner: Any) -> None:
    found = asked(trial(4_000, seed=1, mean=0.0, slope=0.8), learner=learner)
    assert found.answer == "in order" and found.tells_apart
    assert found.qini.low <= 0.8 / 12 <= found.qini.high
    assert found.tenths[0].effect.low > 0 > found.tenths[-1].effect.high
    assert found.pays_for == pytest.approx(0.5, abs=0.1)
    assert "Treat in this order" in found.sentence


def test_boosted_trees_find_it_too() -> None:
    assert asked(trial(3_000, seed=2, mean=0.0, slope=0.8), model="boosted", learner="t").answer == "in order"


def test_where_all_gain_alike_the_answer_is_all_and_at_a_cost_none() -> None:
    data = trial(4_000, seed=3)
    found = asked(data)
    assert found.answer == "all" and not found.tells_apart
    assert "cannot be told apart" in found.sentence and found.sentence.endswith("treat all.")
    assert asked(data, cost_each=0.3).answer == "none"
    assert "less than it costs: treat none" in asked(data, cost_each=0.3).sentence


def test_where_nothing_is_clear_it_says_so() -> None:
    found = asked(trial(1_000, seed=4, mean=0.0))
    assert found.answer == "not known"
    assert found.sentence.endswith("whether to treat anybody is not known yet.")


def test_teachers_do_not_judge_and_companies_stay_together() -> None:
    data = trial(2_000, seed=5)
    data["company"] = np.arange(2_000) // 10
    found = asked(data, cluster="company", assigned_by="customer")
    by_company = found.judged.reshape(200, 10)
    assert (by_company.all(axis=1) | ~by_company.any(axis=1)).all()
    assert found.judged.sum() == 1_000


def test_the_qini_curve_is_radcliffes_by_hand() -> None:
    score = np.array([4.0, 3, 2, 2, 1, 0])
    treated = np.array([True, False, True, False, True, False])
    outcome = np.array([1.0, 0, 1, 1, 0, 1])
    found = qini(score, outcome, treated, unit=np.arange(6), draws=2, seed=1, level=0.95, points=6)
    # depths 2/6, 4/6 (the two scores of 2 come together), 5/6, 6/6; nobody is held out within the first 1/6
    assert found.gained == pytest.approx([0, 1 / 6, 1 / 3, 1 / 3, 1 / 3, 0.5 / 3, 0.0])


def test_equal_scores_gain_nothing_over_chance() -> None:
    data = trial(600, seed=6)
    found = qini(np.ones(600), data["kept"].astype(float), data["arm"] == "treated", unit=np.arange(600), draws=50,
                 seed=1, level=0.95)  # fmt: skip
    assert (found.coefficient, found.low, found.high) == pytest.approx((0, 0, 0), abs=1e-12)


def test_with_poor_models_the_scores_are_still_unbiased() -> None:
    rng = np.random.default_rng(7)
    treated = np.arange(20_000) % 4 == 0
    x = rng.normal(0, 1, (20_000, 1))
    y = np.abs(x[:, 0]) * 5 + 2.0 * treated + rng.normal(0, 1, 20_000)
    fold = folds_of(np.arange(20_000), folds=5, seed=1)
    psi = scores(x, y, treated, share=0.25, fold=fold, is_share=False, model="linear")
    assert psi.mean() == pytest.approx(2.0, abs=3 * psi.std() / np.sqrt(20_000))


def test_the_average_of_the_scores_agrees_with_the_plain_difference_and_is_more_precise() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(0, 3, 2_000)
    data = {"arm": np.array(["control", "treated"])[np.arange(2_000) % 2], "x": x, "spent": x + rng.normal(0, 1, 2_000)}
    read = read_trial(data, arm="arm", outcome="spent", covariates=["x"])
    found, plain = average_effect(read), effect.experiment(data, arm="arm", outcome="spent").comparison.plain
    assert found.low <= 0 <= found.high and found.se < 0.4 * plain.se


def test_it_is_the_same_again_with_the_same_seed() -> None:
    data = trial(1_000, seed=9)
    assert asked(data).qini.coefficient == asked(data).qini.coefficient


def test_what_cannot_be_learned_is_refused() -> None:
    data = trial(1_000, seed=10)
    with pytest.raises(errors.TooFewToCompare, match="to tell customers apart"):
        asked({name: values[:150] for name, values in data.items()})
    with pytest.raises(errors.CovariateUseless):
        asked(data, covariates=[])
    with pytest.raises(UnknownChoice, match="dr, t"):
        asked(data, learner="s")
    with pytest.raises(UnknownChoice, match="boosted, linear"):
        asked(data, model="deep")
    data["arm"] = np.array(["control", "call", "mail"])[np.arange(1_000) % 3]
    with pytest.raises(errors.WhichArm):
        asked(data)
    assert asked(data, treated="mail").arm == "mail"


def test_it_shows_itself() -> None:
    found = asked(trial(1_000, seed=11))
    assert found.table().column_names == ["tenth", "customers", "predicted", "effect", "low", "high"]
    assert "Qini coefficient" in found._repr_html_()
    pytest.importorskip("altair")
    assert len(found.chart().to_dict()["layer"]) == 4


@pytest.mark.parametrize(("treated", "answer"), [("Mens E-Mail", "all"), ("Womens E-Mail", "in order")])
def test_on_hillstroms_trial_only_the_womens_mail_tells_customers_apart(shared: Any, treated: str, answer: str) -> None:
    known = ["recency", "history", "mens", "womens", "zip_code", "newbie", "channel"]
    found = effect.who_to_treat(
        shared("hillstrom/hillstrom.csv"), arm="segment", outcome="visit", control="No E-Mail", treated=treated,
        covariates=known, learner="t", draws=200,
    )  # fmt: skip
    assert found.answer == answer
    assert found.average.low > 0
