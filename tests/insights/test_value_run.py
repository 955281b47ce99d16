"""How the value to come is spread, and how the model does on orders it has not seen."""

from datetime import timedelta

import numpy as np
import pytest

from regulars.insights.models import ScoreRun
from regulars.insights.scoring import gathering, holding, running, spreading, valuing
from regulars.kernel import clock
from tests.insights.shop import NOW, happened, known, open_shop, order


def test_how_few_hold_how_much() -> None:
    worth = np.array([0.0, 0.0, 10.0, 90.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    found = [(each["share"], each["customers"], each["held"]) for each in spreading.concentration(worth)]
    assert found == [(0.01, 1, 0.5), (0.05, 1, 0.5), (0.1, 1, 0.5), (0.2, 2, 0.95), (0.5, 5, 1.0)]


def test_every_customer_stands_in_one_step() -> None:
    worth = np.array([0.0, 0.4, 1.0, 1.9, 2.0, 30.0, 99.0])
    found = spreading.steps(worth)
    assert sum(step["customers"] for step in found) == 7
    assert sum(step["held"] for step in found) == pytest.approx(1)
    assert found[0]["from"] is None
    assert found[-1] == {"from": 50.0, "to": None, "customers": 1, "held": pytest.approx(99 / 134.3)}
    ones = next(step for step in found if step["from"] == 1)
    assert (ones["to"], ones["customers"]) == (2.0, 2)


def test_nobody_worth_anything_is_not_spread() -> None:
    assert spreading.concentration(np.zeros(3)) == []
    assert spreading.steps(np.zeros(3)) == []


@pytest.mark.django_db(transaction=True)
def test_the_model_is_held_against_orders_it_has_not_seen() -> None:
    open_shop()
    with clock.frozen(NOW):
        running.learn()
    held = ScoreRun.objects.get(kind=ScoreRun.VALUE).summary["held_out"]
    facts = valuing.orders_of(gathering.facts()).to_pandas()
    cut = NOW.replace(hour=0) - timedelta(days=182)
    early = set(facts[facts.occurred_at < cut].customer_id)
    later = facts[(facts.occurred_at >= cut) & (facts.occurred_at < NOW.replace(hour=0))]
    later = later[later.customer_id.isin(early)]
    assert held["customers"] == len(early)
    assert held["orders"]["actual"] == len(later.groupby(["customer_id", later.occurred_at.dt.date]))
    assert held["revenue"]["actual"] == pytest.approx(later.amount.sum())
    assert sum(tenth["actual"] for tenth in held["tenths"]) == held["orders"]["actual"]
    assert sum(tenth["expected"] for tenth in held["tenths"]) == pytest.approx(held["orders"]["expected"])
    # The shop's customers order and leave much as the model assumes: it may not be far off.
    assert held["orders"]["expected"] == pytest.approx(held["orders"]["actual"], rel=0.25)
    assert held["tenths"][0]["actual"] > 3 * held["tenths"][-1]["actual"]


@pytest.mark.django_db(transaction=True)
def test_a_shop_too_young_to_hold_anything_back_says_so() -> None:
    ids = known(40)
    happened([order(pk, NOW - timedelta(days=day)) for pk in ids for day in (60, 30, 10)])
    assert set(holding.held_out(gathering.facts(), as_of=NOW, zone="UTC")) == {"refusal"}
