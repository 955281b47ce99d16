"""Models on data whose truth is known, and on real data whose published figures are."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from dataclasses import replace
from math import factorial
from typing import Any

import numpy as np
import pytest

from tenure import risk
from tenure.risk.errors import (
    ColumnsDiffer,
    Infinite,
    LabelAmongColumns,
    LabelUnclear,
    LeakyColumn,
    NotAModel,
    NothingToLearnFrom,
    OneClass,
    Separated,
    SeveralRows,
    TooFewGroups,
    TooFewLeavers,
)  # fmt: skip
from tenure.risk.measures import auc, logits, recalibration
from tenure.risk.rows import Column
from tenure.risk.scorers import Trees

pytest.importorskip("sklearn", reason="learning needs the extra tenure[models]")


@pytest.fixture(scope="module")
def shop(poisson_world: Any) -> tuple[Any, risk.Landmarks, risk.Model]:
    world = poisson_world(6_000, seed=11)
    seen = risk.landmarks(world.facts, customer="customer", time="time", as_of=world.end, noun="order")
    return world, seen, risk.fit(seen, resamples=200)


@pytest.fixture(scope="module")
def table(logistic_table: Any) -> tuple[dict[str, Any], Any, risk.Model]:
    told, truth = logistic_table(6_000, seed=3)
    return told, truth, risk.fit_table(told, label="left", customer="customer", resamples=200)


def test_in_a_shop_of_known_rates_the_model_is_calibrated_and_the_truth_ranks_best(shop: Any) -> None:
    world, seen, model = shop
    quality = model.card.quality
    recency = model.card.measures[0]
    truth = world.truth(seen.test.customers, seen.test.column("recency_days").values, gap=14, horizon=60)
    best = auc(seen.test.left, truth)
    assert recalibration(seen.test.left, logits(truth))[0] == pytest.approx(1, abs=0.1)
    assert quality.slope.low <= 1 <= quality.slope.high
    assert quality.intercept.low <= 0 <= quality.intercept.high
    assert recency.auc.value < quality.auc.value < best + 0.002
    assert quality.auc.value > best - 0.06
    assert quality.brier.value < recency.brier.value


def test_its_probabilities_are_near_the_true_ones(shop: Any) -> None:
    world, seen, model = shop
    scores = model.score(seen.now)
    truth = world.truth(seen.now.customers, seen.now.column("recency_days").values, gap=14, horizon=60)
    assert abs(scores.probability.mean() - truth.mean()) < 0.03
    assert np.corrcoef(scores.probability, truth)[0, 1] > 0.8


def test_in_a_table_of_known_log_odds_they_are_found(table: Any) -> None:
    told, truth, model = table
    assert model.card.shipped == "logistic regression"
    said = model.score(told).probability
    assert np.abs(said - truth).mean() < 0.02
    assert model.card.quality.slope.low <= 1 <= model.card.quality.slope.high
    assert [weight.column for weight in model.card.weights][:2] == ["visits", "plan"]
    assert auc(np.array(told["left"]), truth) == pytest.approx(model.card.quality.auc.value, abs=0.005)


def test_telco_comes_out_as_published_and_ships_the_logistic_model(shared: Any) -> None:
    model = risk.fit_table(shared("telco/Telco-Customer-Churn.csv"), label="Churn", customer="customerID")
    found = {measured.model: round(measured.auc.value, 3) for measured in model.card.measures}
    assert found["logistic regression"] == pytest.approx(0.845, abs=0.0015)
    assert found["boosted trees"] == pytest.approx(0.848, abs=0.0015)
    assert model.card.shipped == "logistic regression"
    assert "not better beyond chance" in model.card.because
    assert model.card.quality.slope.low <= 1 <= model.card.quality.slope.high
    assert (model.card.part("all").rows, model.card.part("all").left) == (7_043, 1_869)


def test_a_complaint_recorded_at_the_exit_is_refused_and_can_be_left_out(shared: Any) -> None:
    path = shared("bank_churn_records/Customer-Churn-Records.csv")
    with pytest.raises(
        LeakyColumn, match=r"'Complain' alone tells who left with an AUC of 0\.99.*exclude=\['Complain'\]"
    ):
        risk.fit_table(path, label="Exited", customer="CustomerId")
    model = risk.fit_table(path, label="Exited", customer="CustomerId", exclude=["Complain"], resamples=100)
    assert 0.85 < model.card.quality.auc.value < 0.88
    assert model.card.shipped == "boosted trees"
    scores = model.score(path, customer="CustomerId")
    assert model.contributions_are_exact(scores)
    assert "Complain" not in model.scorer.encoding.names


def test_contributions_add_up_to_the_probability(shop: Any, table: Any) -> None:
    for model, rows in ((shop[2], shop[1].now), (table[2], table[0])):
        scores = model.score(rows)
        assert model.contributions_are_exact(scores)
        start = float(logits(np.array([scores.usual]))[0])
        np.testing.assert_allclose(start + scores.contributions.sum(axis=1), logits(scores.probability), atol=1e-6)


@pytest.fixture(scope="module")
def grown() -> tuple[risk.Rows, risk.Model]:
    """A table whose truth needs trees: an interaction, gaps and a bend."""
    rng = np.random.default_rng(8)
    a, b, c = rng.normal(size=(3, 6_000))
    logit = 2.2 * np.sign(a) * np.sign(b) + np.abs(c) - 1.3
    c[rng.random(6_000) < 0.1] = np.nan
    told = {"a": a, "b": b, "c": c, "plan": np.where(rng.random(6_000) < 0.3, "plus", "basic")}
    left = rng.random(6_000) < 1 / (1 + np.exp(-logit))
    model = risk.fit_table({**told, "left": left}, label="left", resamples=100)
    return risk.rows_of_table(told), model


def test_trees_are_shipped_where_they_are_needed(grown: Any) -> None:
    _, model = grown
    assert isinstance(model.scorer, Trees)
    assert model.card.quality.auc.value > model.card.measures[1].auc.value + 0.1


def test_shares_of_trees_are_shapley_values_by_the_definition(grown: Any) -> None:
    rows, model = grown
    trees = model.scorer
    some = rows.taken(np.array([0, 5, 17]))
    design, usual = trees.encoding.plain(some), trees.encoding.usual
    columns = range(design.shape[1])
    wanted = np.zeros(design.shape)
    for size in range(len(columns)):
        weight = factorial(size) * factorial(len(columns) - size - 1) / factorial(len(columns))
        for held in itertools.combinations(columns, size):
            for k in set(columns) - set(held):
                without, with_k = np.tile(usual, (3, 1)), np.tile(usual, (3, 1))
                without[:, list(held)], with_k[:, [*held, k]] = design[:, list(held)], design[:, [*held, k]]
                wanted[:, k] += weight * (trees._summed(with_k) - trees._summed(without))
    np.testing.assert_allclose(trees.contributions(some), trees.encoding.summed(wanted), atol=1e-9)


@pytest.mark.parametrize("kind", ["grown", "table"])
def test_a_model_is_stored_as_json_and_reads_back_the_same(kind: str, request: Any) -> None:
    found = request.getfixturevalue(kind)
    rows, model = found[0], found[-1]
    stored = json.dumps(model.to_dict(), allow_nan=False)
    again = risk.Model.from_dict(json.loads(stored))
    ours, theirs = model.score(rows), again.score(rows)
    np.testing.assert_array_equal(ours.probability, theirs.probability)
    np.testing.assert_array_equal(ours.contributions, theirs.contributions)
    assert again.to_dict() == model.to_dict()
    assert risk.ModelCard.from_dict(json.loads(json.dumps(model.card.to_dict()))).table() == model.card.table()


def test_what_is_no_stored_model_is_refused(table: Any) -> None:
    stored = table[2].to_dict()
    for broken in ({}, {**stored, "scorer": {"kind": "linear"}}, {**stored, "card": {**stored["card"], "format": 99}}):
        with pytest.raises(NotAModel):
            risk.Model.from_dict(broken)


def test_scoring_a_stored_model_needs_no_scikit_learn(table: Any, tmp_path: Any) -> None:
    (tmp_path / "model.json").write_text(json.dumps(table[2].to_dict()))
    code = (
        "import json, sys; sys.modules['sklearn'] = None\n"
        "from tenure import risk\n"
        f"model = risk.Model.from_dict(json.load(open({str(tmp_path / 'model.json')!r})))\n"
        "print(round(model.score({'visits': [1.0], 'noise': [0.0], 'plan': ['plus']}).probability[0], 2))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) == pytest.approx(1 / (1 + np.exp(1 - 0.9 + 0.6)), abs=0.05)


def test_importing_risk_imports_no_learner() -> None:
    heavy = ("sklearn", "altair", "scipy", "numba", "pandas")
    code = f"import sys, tenure.risk; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reasons_are_associations_in_plain_words(shop: Any) -> None:
    _, seen, model = shop
    scores = model.score(seen.now)
    place = int(
        np.flatnonzero((seen.now.column("recency_days").values > 60) & (seen.now.column("days_all").values > 3))[0]
    )
    reason = scores.reasons_at(place)[0]
    days = round(float(seen.now.column("recency_days").values[place]))
    usual = round(float(seen.now.column("usual_interval_days").values[place]))
    assert reason.sentence == f"Associated with higher risk: no order for {days} days; usually every {usual}."
    assert scores.reasons(seen.now.customers[place])[0] == reason
    assert reason.to_dict()["values"] == {"days": days, "usual_days": usual}
    for row in range(0, len(scores), 50):
        assert all("because" not in one.sentence.lower() for one in scores.reasons_at(row))


def test_columns_that_move_together_are_one_reason_told_from_its_stronger_side(shop: Any) -> None:
    _, seen, model = shop
    scores = model.score(seen.now)
    parts = scores.encoding.parts
    together = [i for i, part in enumerate(parts) if part.theme in ("recency", "rhythm", "trend")]
    for place in range(0, len(scores), 40):
        reasons = {reason.theme: reason for reason in scores.reasons_at(place, most=9)}
        assert not {"trend", "rhythm"} & set(reasons)
        if "recency" in reasons:
            assert reasons["recency"].log_odds == pytest.approx(float(scores.contributions[place, together].sum()))


def test_counts_are_said_in_plain_words(shop: Any) -> None:
    _, seen, model = shop
    scores = model.score(seen.now)
    said = [reason.finding for place in range(300) for reason in scores.reasons_at(place, most=9)]
    assert any(words.startswith("1 order in the last 90 days; the middle customer ") for words in said)
    assert any(re.match(r"\d+ orders in the last 90 days; the middle customer \d+", words) for words in said)


def test_gaps_and_levels_never_seen_are_scored_and_a_missing_column_is_refused(grown: Any, table: Any) -> None:
    model = grown[1]
    odd = {"a": [0.1, None], "b": [None, 0.3], "c": [None, None], "plan": ["gold", None]}
    assert np.isfinite(model.score(odd).probability).all()
    with pytest.raises(ColumnsDiffer, match="plan"):
        table[2].score({"visits": [1.0], "noise": [0.0]})


def test_isotonic_calibration_is_stated_and_its_contributions_are_not_claimed_to_add_up(logistic_table: Any) -> None:
    told, _ = logistic_table(4_000, seed=5)
    model = risk.fit_table(told, label="left", customer="customer", calibration="isotonic", resamples=50)
    assert model.card.calibrated_by.startswith("Calibrated by isotonic regression")
    assert not model.contributions_are_exact(model.score(told))
    assert any("it grows too sure at both ends" in note for note in model.card.notes)


def test_a_column_that_knows_the_end_is_refused_at_landmarks_too_unless_vouched_for(shop: Any) -> None:
    seen, rng = shop[1], np.random.default_rng(1)

    def knowing(rows: risk.Rows) -> risk.Rows:
        assert rows.left is not None
        closed = np.where(rng.random(len(rows)) < 0.02, ~rows.left, rows.left).astype(np.float64)
        return replace(rows, columns=(*rows.columns, Column("closed", closed)))

    leaky = replace(seen, train=knowing(seen.train), calibration=knowing(seen.calibration), test=knowing(seen.test))
    with pytest.raises(LeakyColumn, match=r"'closed' alone tells who left with an AUC of 0\.9"):
        risk.fit(leaky, resamples=50)
    assert risk.fit(leaky, exclude=["closed"], resamples=50).card.quality.auc.value < 0.9


def test_a_gap_in_a_column_that_gives_the_label_away_is_refused() -> None:
    told = small()
    reason = np.where(told["left"], np.random.default_rng(2).normal(size=400), np.nan)
    with pytest.raises(LeakyColumn, match="'days_to_exit'"):
        risk.fit_table({**told, "days_to_exit": reason}, label="left")


def test_coarse_columns_do_not_make_twins_of_different_customers() -> None:
    told = small(plan=["basic", "plus"] * 200)
    del told["x"]
    model = risk.fit_table(told, label="left", resamples=50)
    assert model.card.part("all").groups == 400


def test_blanking_the_last_days_says_how_the_auc_changes(shop: Any) -> None:
    guard = next(guard for guard in shop[2].card.guards if guard.name == "blanked")
    assert "Without the last 14 days before the landmark the AUC goes from 0." in guard.finding


def small(**columns: Any) -> dict[str, Any]:
    rng = np.random.default_rng(9)
    return {"x": rng.normal(size=400), "left": rng.random(400) < 0.4, **columns}


@pytest.mark.parametrize(
    ("columns", "choices", "refusal", "words"),
    [
        ({"left": [True] * 400}, {}, OneClass, "everybody left"),
        ({"left": [False] * 400}, {}, OneClass, "everybody stayed"),
        ({"left": [True] * 30 + [False] * 370}, {}, TooFewLeavers, "30 left and 370 stayed; below 100"),
        ({"left": ["gone", "here"] * 200}, {}, LabelUnclear, "'gone', 'here'"),
        ({"left": ["gone", "here"] * 200}, {"positive": "lost"}, LabelUnclear, "'gone', 'here'"),
        ({"x": [1.0] * 400}, {}, NothingToLearnFrom, "none varies"),
        ({"x": [float("inf")] + [0.0] * 399}, {}, Infinite, "Row 1 has an infinite number in 'x'"),
        ({"team": ["a", "b", "c"] * 133 + ["a"]}, {"group": "team"}, TooFewGroups, "There are 3 groups"),
        ({"who": [1, 1, *range(2, 400)]}, {"customer": "who"}, SeveralRows, "The customer 1 has 2 rows"),
    ],
)
def test_what_cannot_be_supported_is_refused_and_says_why(
    columns: dict[str, Any], choices: dict[str, Any], refusal: type[Exception], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        risk.fit_table(small(**columns), label="left", **choices)


def test_the_label_among_the_columns_is_refused_whichever_way_round() -> None:
    told = small()
    with pytest.raises(LabelAmongColumns, match="'copy'"):
        risk.fit_table({**told, "copy": (~told["left"]).astype(float)}, label="left")


def test_columns_that_only_together_give_the_label_away_are_refused() -> None:
    rng = np.random.default_rng(10)
    left = rng.random(2_000) < 0.5
    a = rng.normal(size=2_000) * 3
    told = {"a": a, "b": a + np.where(left, 0.5, -0.5), "left": left}
    with pytest.raises(Separated, match="“a”"):
        risk.fit_table(told, label="left")


def test_rows_without_a_label_are_left_out_and_repeats_of_a_customer_counted_once() -> None:
    told = small(who=list(range(400)))
    rows = {name: [*list(values), values[0], values[1]] for name, values in told.items()}
    rows["left"] = [bool(value) for value in rows["left"]]
    rows["left"][5] = None
    model = risk.fit_table(rows, label="left", customer="who", resamples=50)
    assert model.card.part("all").rows == 399
    assert any(note.startswith("1 rows do not say") for note in model.card.notes)
    assert next(guard for guard in model.card.guards if guard.name == "duplicates").finding.startswith(
        "2 rows repeated"
    )


def test_when_nothing_can_be_told_the_simplest_is_shipped_and_the_interval_holds_chance() -> None:
    model = risk.fit_table(small(), label="left", resamples=100)
    assert model.card.shipped == "x alone"
    assert model.card.quality.auc.low <= 0.5 <= model.card.quality.auc.high
    assert not model.card.is_better_than_chance
    assert model.card.notes[0].startswith("Nothing here tells who leaves better than chance does")
    assert any("not tried" in note for note in model.card.notes)


def test_a_card_draws_and_shows_itself(shop: Any) -> None:
    pytest.importorskip("altair", reason="charts need the extra tenure[chart]")
    card, scores = shop[2].card, shop[2].score(shop[1].now)
    for form in ("calibration", "lift", "models"):
        assert card.chart(form).to_dict()["layer"]
    assert scores.chart().to_dict()["layer"] and shop[1].chart().to_dict()["layer"]
    assert (shop[2].table(), shop[2]._repr_html_()) == (card.table(), card._repr_html_())
    assert shop[2].chart("lift").to_dict()["title"] == card.chart("lift").to_dict()["title"]
    assert risk.drift(shop[2], shop[1].now).chart().to_dict()["layer"]
    assert "(shipped)" in card._repr_html_() and "calibration slope" in card._repr_html_()
    assert sum(card.calibration_table()["rows"].to_pylist()) == card.part("test").rows
    assert card.lift_table()["lift"][3].as_py() == pytest.approx(card.quality.lift.value, rel=0.02)
    assert scores.table().num_rows == len(scores)


def test_a_stored_card_still_knows_what_its_sentences_say(logistic_table: Any) -> None:
    told, _ = logistic_table(2_000, seed=3)
    card = risk.fit_table(told, label="left", customer="customer", resamples=50).card
    back = risk.ModelCard.from_dict(json.loads(json.dumps(card.to_dict())))
    assert back.to_dict() == card.to_dict() and back.notes == card.notes
    codes = {guard.name: getattr(guard.finding, "code", None) for guard in back.guards}
    assert codes["duplicates"] == "customers-once" and codes["single_column"] == "strongest-column"
    assert getattr(back.calibrated_by, "code", None) == "calibrated-by-platt"
