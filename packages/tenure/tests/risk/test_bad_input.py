"""Whatever comes in, an answer or a named error comes out: never a silent NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenure import TenureError, risk
from tenure.errors import NoFactsLeft, NothingToRead
from tenure.risk.errors import DaysBad, Infinite, NobodyActive, OneClass, TooFewLeavers

pytest.importorskip("sklearn", reason="learning needs the extra tenure[models]")

DAY = np.timedelta64(1, "D")
START = np.datetime64("2024-01-01", "us")


def facts(customers: int, days: int, *, seed: int = 1, silent_after: int | None = None) -> dict[str, Any]:
    """Everybody is seen about weekly, until the end or until a day."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(customers), days // 7)
    when = rng.uniform(0, silent_after or days, len(who))
    return {"customer": who, "time": START + (when * 86_400e6).astype("timedelta64[us]")}


def asked(told: dict[str, Any], **choices: Any) -> risk.Landmarks:
    return risk.landmarks(told, customer="customer", time="time", **choices)


def test_where_nobody_leaves_it_says_so() -> None:
    with pytest.raises(OneClass, match="In the training part everybody stayed"):
        risk.fit(asked(facts(300, 700), horizon_days=200, gap_days=7, every_days=14), resamples=50)


def test_where_everybody_is_gone_nobody_is_active() -> None:
    told = facts(300, 700, silent_after=100)
    with pytest.raises(NobodyActive, match="activity within the 90 days before"):
        asked(told, as_of=START + 700 * DAY)


def test_a_handful_of_leavers_is_refused_with_the_rule() -> None:
    with pytest.raises(TooFewLeavers, match="below 50 of each"):
        risk.fit(asked(facts(60, 700), horizon_days=21, gap_days=7, active_days=30), resamples=50)


def test_facts_known_only_later_are_no_facts() -> None:
    with pytest.raises(NoFactsLeft, match="recorded after as_of"):
        asked(facts(50, 300), as_of="2020-01-01")
    with pytest.raises(NothingToRead):
        asked({"customer": np.zeros(0, np.int64), "time": np.zeros(0, "datetime64[us]")})


def test_one_purchase_each_mixed_scales_and_negative_amounts_are_scored() -> None:
    rng = np.random.default_rng(3)
    told = facts(1_500, 700, seed=2, silent_after=699)
    few = rng.random(len(told["customer"])) < 0.12
    told = {name: values[few] for name, values in told.items()}
    single = np.arange(10_000, 12_000)
    told["customer"] = np.r_[told["customer"], single]
    told["time"] = np.r_[told["time"], START + (rng.uniform(0, 699, 2_000) * 86_400e6).astype("timedelta64[us]")]
    told["amount"] = np.exp(rng.normal(0, 6, len(told["time"]))) * np.where(rng.random(len(told["time"])) < 0.1, -1, 1)
    told["amount"][rng.random(len(told["time"])) < 0.1] = np.nan
    seen = asked(told, amount="amount", as_of=START + 700 * DAY)
    assert any("have no amount" in note for note in seen.notes)
    model = risk.fit(seen, resamples=50)
    scores = model.score(seen.now)
    assert np.isfinite(scores.probability).all() and np.isfinite(scores.contributions).all()
    assert all(
        "nan" not in reason.sentence for place in range(0, len(scores), 20) for reason in scores.reasons_at(place)
    )
    assert all(np.isfinite(measured.auc.value) for measured in model.card.measures)


def test_an_endless_amount_is_refused_by_its_row() -> None:
    told = facts(50, 300)
    told["amount"] = np.ones(len(told["time"]))
    told["amount"][4] = np.inf
    with pytest.raises(Infinite, match="Row 5 has an infinite number in 'amount'"):
        asked(told, amount="amount")


def test_a_day_that_is_no_whole_number_is_refused() -> None:
    with pytest.raises(DaysBad, match=r"horizon_days=1\.5"):
        asked(facts(50, 300), horizon_days=1.5)


@pytest.mark.parametrize("seed", range(12))
def test_any_odd_table_gives_an_answer_or_a_named_error(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(150, 500))
    left = rng.random(n) < rng.choice([0.02, 0.3, 0.5, 0.98])
    odd: dict[str, Any] = {
        "tail": np.exp(rng.normal(0, 8, n)),
        "gaps": np.where(rng.random(n) < 0.9, np.nan, rng.normal(size=n)),
        "empty": [None] * n,
        "constant": [7] * n,
        "ids": [f"name {i}" for i in range(n)],
        "words": rng.choice(["a", "b", ""], n).tolist(),
        "rare": ["usual"] * (n - 1) + ["once"],
        "yes": rng.random(n) < 0.5,
        "left": left,
    }
    kept = [name for name in odd if name == "left" or rng.random() < 0.7]
    try:
        model = risk.fit_table({name: odd[name] for name in kept}, label="left", resamples=50, seed=seed)
    except TenureError as refused:
        assert "(" not in str(refused)[:1] and len(str(refused)) > 40
        return
    said = model.score({name: odd[name] for name in kept})
    assert np.isfinite(said.probability).all() and np.isfinite(said.contributions).all()
    assert (said.probability > 0).all() and (said.probability < 1).all()
