"""BG/NBD's probability alive stands beside the contenders, learnt from everybody, and is never shipped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenure import risk, value
from tenure.risk.alive import NAME, alive_beside, beaten_note, histories_of
from tenure.risk.measures import Difference, Estimate, auc

pytest.importorskip("sklearn", reason="learning needs the extra tenure[models]")

DAY = 86_400_000_000


@pytest.fixture(scope="module")
def shop(poisson_world: Any) -> tuple[Any, risk.Landmarks, risk.Model]:
    world = poisson_world(3_000, seed=12)
    seen = risk.landmarks(world.facts, customer="customer", time="time", as_of=world.end, noun="order")
    return world, seen, risk.fit(seen, models=("recency", "logistic"), resamples=50)


def test_it_learns_from_every_training_customer_known_by_the_last_training_landmark_active_or_not(shop: Any) -> None:
    world, seen, _ = shop
    at = int(seen.known.at[0])
    assert at == seen.train.at.max()
    told = histories_of(seen.known)
    assert set(seen.train.customers.tolist()) <= set(seen.known.customers.tolist())
    assert not set(seen.test.customers.tolist()) & set(seen.known.customers.tolist())
    for place in range(0, len(told), 40):
        times = np.sort(world.time[(world.customer == seen.known.customers[place]) & (world.time <= at)])
        again = len(np.unique(times // DAY)) - 1
        assert told.frequency[place] == again
        assert told.age[place] == pytest.approx((at - times[0]) / DAY)
        assert told.recency[place] == pytest.approx((times[-1] - times[0]) / DAY if again else 0.0)
    assert (seen.known.column("recency_days").values > 90).any()


def test_it_is_measured_on_the_same_test_rows_and_named_as_a_baseline(shop: Any) -> None:
    _, seen, model = shop
    card = model.card
    assert [measured.model for measured in card.measures] == ["recency alone", NAME, "logistic regression"]
    assert card.beside == (NAME,)
    alive = value.bg_nbd(histories_of(seen.known)).alive(histories_of(seen.test))
    assert card.measures[1].auc.value == pytest.approx(auc(seen.test.left, 1 - alive), abs=1e-12)
    assert np.isfinite([card.measures[1].slope.low, card.measures[1].slope.high]).all()
    assert (NAME, "recency alone") in {(difference.better, difference.than) for difference in card.differences}
    assert NAME not in card.because and card.shipped != NAME
    assert f"{NAME} (baseline)" in card._repr_html_()
    assert risk.ModelCard.from_dict(card.to_dict()).beside == (NAME,)


def test_a_model_that_ranks_worse_than_the_baseline_is_said_to() -> None:
    worse, better = Estimate(-0.04, -0.06, -0.02), Estimate(0.04, 0.02, 0.06)
    words = f"The {NAME} ranks better than recency alone does: AUC +0.040 (+0.020 to +0.060)."
    assert beaten_note("recency alone", (Difference("recency alone", NAME, worse),))[0].startswith(words)
    assert beaten_note("recency alone", (Difference(NAME, "recency alone", better),))[0].startswith(words)
    assert beaten_note("recency alone", (Difference(NAME, "recency alone", worse),)) == ()
    assert beaten_note("recency alone", (Difference("logistic regression", NAME, worse),)) == ()


def test_where_it_cannot_be_learnt_or_does_not_apply_nothing_is_made_up(shop: Any) -> None:
    _, seen, _ = shop
    asked = {"slice_": seen.calibration, "test": seen.test, "method": "platt"}
    once = seen.known.taken(seen.known.column("days_all").values == 1)
    refused = alive_beside(replace(seen, known=once), **asked)
    assert refused.said == {} and "is not shown beside the models: None of the" in refused.notes[0]
    contract = replace(seen, definition=replace(seen.definition, leaving="cancelled"))
    untold = alive_beside(contract, **asked)
    assert (untold.said, untold.notes) == ({}, ())


def test_an_excluded_column_is_named(shop: Any) -> None:
    _, seen, _ = shop
    model = risk.fit(seen, models=("recency", "logistic"), exclude=["tenure_days"], resamples=50)
    assert model.card.beside == ()
    assert any("it needs tenure_days, which was excluded" in note for note in model.card.notes)
