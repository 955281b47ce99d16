"""Scores: learnt from everybody at night, kept up to date by day, written down for others to sort by."""

import json
from datetime import timedelta
from typing import Any

import pytest

from regulars.customers.actions import traits
from regulars.customers.models import Customer, Trait
from regulars.insights.models import ScoreRun
from regulars.insights.scoring import gathering, running
from regulars.insights.selectors import scores
from regulars.kernel import clock
from tenure.risk import ModelCard
from tests.insights.shop import NOW, PEOPLE, START, happened, known, open_shop, order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> list[int]:
    return open_shop()


def of(customer_id: int) -> dict[str, Any]:
    return {trait.name: trait for trait in Trait.objects.filter(customer=customer_id)}


def test_a_night_writes_what_everybody_is_worth_and_who_is_leaving(shop: list[int]) -> None:
    with clock.frozen(NOW):
        written = running.learn()
    assert written["value"] == PEOPLE
    assert [run.refusal for run in ScoreRun.objects.all()] == ["", "", ""]
    assert 0 < written["risk"] == written["stake"] < PEOPLE
    for trait in Trait.objects.filter(name="value"):
        assert 0 <= trait.value["low"] <= trait.number == trait.value["amount"] <= trait.value["high"]
        assert trait.value["currency"] == "EUR"
        assert trait.as_of == NOW
    for trait in Trait.objects.filter(name="risk"):
        assert 0 < trait.number < 1
        mine = of(trait.customer_id)
        assert mine["stake"].number == pytest.approx(
            trait.number * mine["value"].value["if_they_stay"], rel=0.01, abs=2
        )
    card = ScoreRun.objects.get(kind="risk").model["card"]
    assert card["definition"]["horizon_days"] == 60
    assert json.dumps(card)


def test_a_second_run_of_the_same_night_changes_nothing(shop: list[int]) -> None:
    with clock.frozen(NOW):
        running.learn()
        before = list(Trait.objects.order_by("customer", "name").values_list("customer", "name", "number", "value"))
        ScoreRun.objects.all().delete()
        running.learn()
    assert list(Trait.objects.order_by("customer", "name").values_list("customer", "name", "number", "value")) == before


def test_a_new_order_changes_its_customers_scores_and_nobody_elses(shop: list[int]) -> None:
    with clock.frozen(NOW):
        assert running.score_changed()["value"] == PEOPLE  # nobody ever learnt: the first time
        assert running.score_changed() == {}
    risky = Trait.objects.filter(name="risk").order_by("-number").first()
    assert risky is not None
    later = NOW + timedelta(hours=5)
    happened([order(risky.customer_id, NOW + timedelta(hours=1))])
    with clock.frozen(later):
        assert running.score_changed() == {"value": 1, "risk": 1, "stake": 1, "survival": 1}
        assert running.score_changed() == {}
    fresh = of(risky.customer_id)
    assert fresh["risk"].number < risky.number
    assert set(Trait.objects.filter(as_of=later).values_list("customer", flat=True)) == {risky.customer_id}
    assert ScoreRun.objects.count() == 3


def test_where_nothing_can_be_learnt_the_reason_is_kept_and_old_scores_go() -> None:
    ada, musa = known(2)
    traits.write("risk", [traits.NewTrait(ada, 0.9, {"probability": 0.9})], as_of=START)
    happened([order(ada, NOW - timedelta(days=3)), order(musa, NOW - timedelta(days=2))])
    with clock.frozen(NOW):
        assert running.learn() == {"value": 0, "risk": 0, "stake": 0, "survival": 0}
    assert not Trait.objects.exists()
    reasons = dict(ScoreRun.objects.values_list("kind", "refusal"))
    assert reasons["value"].startswith("None of the 2 customers has ordered on a second day yet")
    assert reasons["risk"]


def test_people_merged_into_one_have_one_history_and_foreign_money_is_not_added() -> None:
    ada, visitor = known(2)
    Customer.objects.filter(pk=visitor).update(merged_into=ada)
    happened([order(ada, NOW - timedelta(days=9)), order(visitor, NOW - timedelta(days=2), "9", "USD")])
    table = gathering.facts().to_pylist()
    assert {row["customer_id"] for row in table} == {ada}
    assert sorted((row["amount"] is None, row["amount"]) for row in table) == [(False, 20.0), (True, None)]
    assert gathering.facts(of=[ada]).num_rows == 2
    assert gathering.facts(of=[]).num_rows == 0


def test_who_was_erased_meanwhile_is_not_written_about_and_an_older_run_overwrites_nothing() -> None:
    (ada,) = known(1)
    rows = [traits.NewTrait(ada, 2.0, {"amount": 2}), traits.NewTrait(ada + 999, 1.0, {"amount": 1})]
    assert traits.write("value", rows, as_of=NOW) == 1
    assert traits.write("value", [traits.NewTrait(ada, 1.0, {"amount": 1})], as_of=START) == 0
    assert Trait.objects.get().number == 2.0


def test_who_is_killed_before_the_end_has_not_learnt(shop: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    with clock.frozen(NOW), monkeypatch.context() as dying:
        dying.setattr(traits, "_write", dies)
        with pytest.raises(KeyboardInterrupt):
            running.learn()
    assert not ScoreRun.objects.exists()
    with clock.frozen(NOW):
        assert running.score_changed()["value"] == PEOPLE


def test_what_was_said_a_season_ago_is_held_against_what_happened(shop: list[int]) -> None:
    ago = NOW - timedelta(days=100)
    with clock.frozen(ago):
        running.learn()
    with clock.frozen(NOW):
        running.learn()
    summary = ScoreRun.objects.get(kind="risk", as_of=NOW).summary
    assert summary["hindsight"]["scored_at"] == ago.isoformat()
    assert summary["hindsight"]["rows"] == ScoreRun.objects.get(kind="risk", as_of=ago).summary["customers"]
    assert abs(summary["hindsight"]["predicted"] - summary["hindsight"]["happened"]) < 0.15
    assert summary["hindsight"]["low"] < summary["hindsight"]["happened"] < summary["hindsight"]["high"]
    assert isinstance(summary["drift"], list)
    (line,) = scores.in_hindsight().lines
    assert (line.since, line.rows) == (ago.date(), summary["hindsight"]["rows"])
    assert line.auc is None or line.auc.low < line.auc.value < line.auc.high


def test_a_model_no_better_than_chance_is_not_used(shop: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelCard, "is_better_than_chance", property(lambda card: card.quality.auc.low > 1.0))
    with clock.frozen(NOW):
        assert running.learn() == {"value": PEOPLE, "risk": 0, "stake": 0, "survival": PEOPLE}
    assert ScoreRun.objects.get(kind="risk").refusal.startswith("What people did before does not tell")
