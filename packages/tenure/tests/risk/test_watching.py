"""Drift alarms when something moved and keeps still when nothing did; past predictions meet what happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tenure
from tenure import risk
from tenure.risk.definitions import Definition
from tenure.risk.errors import AnotherQuestion, NothingEnded, ProbabilityBad
from tenure.risk.rows import Column
from tenure.risk.watching import Profile, _shift

pytest.importorskip("sklearn", reason="learning needs the extra tenure[models]")

DAY = np.timedelta64(1, "D")


@pytest.fixture(scope="module")
def table(logistic_table: Any) -> risk.Model:
    told, _ = logistic_table(5_000, seed=3)
    return risk.fit_table(told, label="left", customer="customer", resamples=50)


def test_the_index_by_hand() -> None:
    profile = Profile("x", (0.0,), None, (0.5, 0.5, 0.0))
    column = Column("x", np.r_[np.full(8_000, -1.0), np.full(2_000, 1.0)])
    found = _shift(profile, column, 10_000)
    assert found.psi == pytest.approx(0.3 * np.log(1.6) - 0.3 * np.log(0.4), abs=0.002)
    assert found.verdict == "alarm"
    level = Profile("plan", (), ("basic", "plus"), (0.5, 0.5, 0.0, 0.0))
    words = Column("plan", np.r_[np.zeros(5_000), np.ones(5_000)].astype(np.int64), ("basic", "plus"))
    assert _shift(level, words, 10_000).verdict == "stable"


def test_customers_like_those_learnt_from_raise_no_alarm(table: Any, logistic_table: Any) -> None:
    for customers in (60, 5_000):
        fresh, _ = logistic_table(customers, seed=50)
        found = risk.drift(table, fresh)
        assert found.alarms == () and found.score.verdict == "stable"


def test_a_column_that_moved_and_the_scores_it_moves_raise_an_alarm(table: Any, logistic_table: Any) -> None:
    fresh, _ = logistic_table(2_000, seed=51)
    moved = risk.drift(table, {**fresh, "visits": fresh["visits"] + 1})
    assert [shift.column for shift in moved.shifts if shift.verdict == "alarm"] == ["visits", "the score itself"]
    assert moved.alarms[0].startswith("“visits” is spread differently from when the model was measured (PSI ")
    emptied = risk.drift(table, {**fresh, "plan": [None] * 2_000})
    assert emptied.shifts[0].column == "plan" and emptied.shifts[0].verdict == "alarm"
    assert emptied.table().column_names == ["column", "psi", "chance", "verdict"]


@pytest.fixture(scope="module")
def kept(poisson_world: Any) -> tuple[Any, risk.Model, dict[str, Any], np.datetime64]:
    """A model learnt 100 days before the end, and the predictions it made then and a month before the end."""
    world = poisson_world(6_000, seed=21)
    then = world.end - 100 * DAY
    past = world.facts["time"] < then
    facts = {name: values[past] for name, values in world.facts.items()}
    seen = risk.landmarks(facts, customer="customer", time="time", as_of=then)
    scores = risk.fit(seen, resamples=100)
    said = scores.score(seen.now)
    stored = {
        "customer": np.r_[seen.now.customers, seen.now.customers[:10]],
        "scored_at": np.r_[np.full(len(said), then), np.full(10, then + 70 * DAY)],
        "probability": np.r_[said.probability, said.probability[:10]],
    }
    return world, scores, stored, then


def asked(world: Any, model: risk.Model, stored: Any, **choices: Any) -> risk.Hindsight:
    question: dict[str, Any] = {
        "as_of": world.end,
        "facts_customer": "customer",
        "facts_time": "time",
        "resamples": 100,
    }
    return risk.hindsight(stored, world.facts, definition=model.card.definition, card=model.card, **question | choices)


def test_predictions_whose_window_has_ended_are_compared_and_the_others_wait(kept: Any) -> None:
    world, model, stored, then = kept
    found = asked(world, model, stored)
    assert (found.rows, found.open) == (len(stored["customer"]) - 10, 10)
    opens, closes = then + 14 * DAY, then + 74 * DAY
    inside = (world.facts["time"] > opens) & (world.facts["time"] <= closes)
    assert found.left == found.rows - len(np.intersect1d(world.customer[inside], stored["customer"][: found.rows]))
    assert found.quality is not None and found.alarms == ()
    assert found.quality.auc.value == pytest.approx(model.card.quality.auc.value, abs=0.04)
    assert found.table().num_rows == 10


def test_predictions_that_were_too_high_or_upside_down_raise_an_alarm(kept: Any) -> None:
    world, model, stored, _ = kept
    high = asked(world, model, {**stored, "probability": stored["probability"] ** 0.4})
    assert "were predicted to leave and" in high.alarms[0]
    wrong = asked(world, model, {**stored, "probability": 1 - stored["probability"]})
    assert any("no better than chance" in alarm for alarm in wrong.alarms)


def test_before_any_window_has_ended_it_says_when_to_ask_again(kept: Any) -> None:
    world, model, stored, then = kept
    with pytest.raises(NothingEnded, match=str((then + 74 * DAY).astype("datetime64[D]"))):
        asked(world, model, stored, as_of=then + 10 * DAY)


def test_too_few_leavers_are_counted_but_not_judged(kept: Any) -> None:
    world, model, stored, _ = kept
    few = {name: values[:20] for name, values in stored.items()}
    found = asked(world, model, few)
    assert found.quality is None and found.rows == 20
    assert "cannot be judged" in found.notes[-1]


def test_a_series_has_a_line_for_each_month_that_is_as_the_comparison_of_that_month_alone(kept: Any) -> None:
    world, model, stored, then = kept
    earlier = then - 35 * DAY
    both = {
        "customer": np.r_[stored["customer"], stored["customer"][:900]],
        "scored_at": np.r_[stored["scored_at"], np.full(900, earlier)],
        "probability": np.r_[stored["probability"], stored["probability"][:900]],
    }
    question: dict[str, Any] = {"facts_customer": "customer", "facts_time": "time", "resamples": 100}
    found = risk.hindsight_over_time(
        both, world.facts, definition=model.card.definition, as_of=world.end, card=model.card, by="month", **question
    )
    days = [moment.astype("datetime64[D]").item() for moment in (earlier, then)]
    assert [line.since for line in found.lines] == days
    assert [line.rows for line in found.lines] == [900, len(stored["customer"]) - 10]
    alone = asked(world, model, stored)
    last = found.lines[-1]
    assert (last.predicted, last.happened, found.open) == (alone.predicted, alone.happened, 10)
    assert last.auc == (alone.quality and alone.quality.auc) and last.low < last.happened < last.high
    assert found.table().column_names[:2] == ["since", "rows"] and "2 periods" in repr(found)
    drawn = found.chart().to_dict()
    assert drawn["title"]["text"] == "What was said, and what happened"
    assert "<td>900</td>" in found._repr_html_()


def test_a_month_with_too_few_leavers_has_levels_and_no_ranking(kept: Any) -> None:
    world, model, stored, _ = kept
    few = {name: values[:20] for name, values in stored.items()}
    (line,) = risk.hindsight_over_time(
        few, world.facts, definition=model.card.definition, as_of=world.end, facts_customer="customer",
        facts_time="time", by="year",
    ).lines  # fmt: skip
    assert (line.rows, line.auc) == (20, None) and line.low <= line.happened <= line.high


def test_a_probability_out_of_range_and_another_definition_are_refused(kept: Any) -> None:
    world, model, stored, _ = kept
    with pytest.raises(ProbabilityBad, match=r"Row 1 has a probability of 1\.5"):
        asked(world, model, {**stored, "probability": np.r_[1.5, stored["probability"][1:]]})
    with pytest.raises(AnotherQuestion):
        asked(world, model, stored, leaving=tenure.where(name="cancelled"))


def test_with_a_leaving_fact_whoever_left_within_the_gap_is_not_counted() -> None:
    definition = Definition(30, 10, 60, (30,), (), "UTC", "activity", "name is cancelled", "activity", False)
    at = np.datetime64("2025-01-01", "us")
    facts = {
        "customer": [1, 2, 3],
        "time": np.array([at + 5 * DAY, at + 20 * DAY, at + 60 * DAY]),
        "name": ["cancelled"] * 3,
    }
    stored = {"customer": [1, 2, 3, 4], "scored_at": np.full(4, at), "probability": [0.5] * 4}
    found = risk.hindsight(
        stored, facts, definition=definition, as_of="2025-06-01", facts_customer="customer", facts_time="time",
        leaving=tenure.where(name="cancelled"),
    )  # fmt: skip
    assert (found.rows, found.left) == (3, 1)
    assert found.notes[0].startswith("1 customers left within the gap")
