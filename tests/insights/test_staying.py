"""How much longer customers stay: who is gone, which groups are told apart, what is said of whom."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from regulars.customers.models import Customer
from regulars.insights.scoring import beginnings, staying, writing
from regulars.insights.scoring.staying import StayingModel
from regulars.kernel import facts
from tenure.value import Histories
from tests.insights.shop import happened, known


def histories(rows: Iterable[tuple[int, int]]) -> Histories:
    """Of (days from the first to the last order, days from the first order until today)."""
    recency, age = (np.array(column, float) / 7 for column in zip(*rows, strict=True))
    return Histories(np.arange(len(age)), (recency > 0).astype(np.int64), recency, age)


def line(share: float, **more: Any) -> dict[str, Any]:
    return {"n": 100, "ahead": 12, "share": share, "low": share - 0.1, "high": share + 0.1, "median": None} | more


def test_gone_is_who_has_been_silent_for_ninety_days_and_nobody_newer_can_be() -> None:
    seen = staying.followed(histories([(0, 200), (110, 200), (111, 200), (0, 89), (0, 90)]))
    assert seen.is_gone.tolist() == [True, True, False, False, True]
    assert seen.is_too_new.tolist() == [False, False, False, True, False]
    assert seen.stayed[~seen.is_too_new].tolist() == [0, 110, 110, 0]


def test_the_share_still_there_is_the_one_by_hand() -> None:
    """40 ordered once; of 60 who came back 30 left after 200 days, 30 are followed for 800 and still there."""
    people = histories([(0, 900)] * 40 + [(200, 900)] * 30 + [(890, 890)] * 30)
    model, summary = staying.learn(staying.followed(people), [])
    once, back, *months = model.everybody
    assert (summary["customers"], summary["gone"], summary["by"]) == (100, 70, None)
    assert once is not None and (once["n"], once["ahead"], once["share"]) == (100, 12, 0.3)
    assert once["low"] < 0.3 < once["high"] and once["median"] == round(201 / 30.4375, 1)
    assert back is not None and (back["n"], back["share"]) == (60, 0.5)
    assert months[5] is not None and (months[5]["n"], months[5]["share"]) == (60, 0.5)  # six months: 200 days are more
    assert months[6] is None  # seven: nobody left since, so no interval can be given
    assert StayingModel.from_dict(model.to_dict()) == model


def test_steps_are_a_single_order_then_whole_months() -> None:
    assert staying.step_of(np.array([0, 1, 30, 31, 365, 366])).tolist() == [0, 1, 1, 2, 12, 13]


def test_who_stayed_longer_than_anybody_is_told_the_longest_but_nobody_the_start_of_others() -> None:
    model = StayingModel("channel", [line(0.2), line(0.5), line(0.6)], {"web": [line(0.1), None], "shop": []})
    assert model.told("web", 0) == ("web", 0, line(0.1))
    assert model.told("web", 1) == (None, 1, line(0.5))  # what is true of those who never came back is not told
    assert model.told("shop", 7) == (None, 2, line(0.6))
    assert StayingModel(None, [line(0.2)], {}).told("web", 3) is None  # of those who came back too few were seen


def test_groups_are_made_by_the_property_that_tells_most_and_by_none_that_chance_explains() -> None:
    chance = np.random.default_rng(5)
    plan = np.where(np.arange(600) % 2, "basic", "plus").astype(object)
    stayed = chance.exponential(np.where(plan == "plus", 500, 150)).astype(np.int64)
    weekday = chance.choice(["Monday", "Friday"], 600).astype(object)
    told = staying._most_telling({"weekday": weekday, "plan": plan}, stayed, np.ones(600, bool))
    assert told is not None and told[0] == "plan" and set(told[1].groups) == {"basic", "plus"}
    assert staying._most_telling({"weekday": weekday}, stayed, np.ones(600, bool)) is None
    assert staying._most_telling({"plan": np.full(600, beginnings.UNKNOWN, object)}, stayed, np.ones(600, bool)) is None


@pytest.mark.django_db(transaction=True)
def test_a_customer_began_as_their_first_order_says_whoever_it_was_merged_from() -> None:
    ada, musa, visitor = known(3)
    Customer.objects.filter(pk=visitor).update(merged_into=ada)
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    orders = [(ada, 5, {"channel": "web"}), (visitor, 1, {"channel": "shop"}), (ada, 9, {}), (musa, 2, {"plan": "a b"})]
    happened(
        [
            facts.NewFact(who, "Order Completed", start + timedelta(days=day), f"o{day}", said)
            for who, day, said in orders
        ]
    )
    for everybody in (True, False):
        said = beginnings.of(np.array([ada, musa]), ["channel", "plan"], everybody=everybody)
        assert said["channel"].tolist() == ["shop", beginnings.UNKNOWN]
        assert said["plan"].tolist() == [beginnings.UNKNOWN, "a b"]
    assert beginnings.of(np.array([musa + 99]), ["channel"])["channel"].tolist() == [beginnings.UNKNOWN]


def test_what_is_written_says_how_it_was_read_and_of_the_gone_only_since_when() -> None:
    seen = staying.followed(histories([(0, 300), (0, 20), (40, 50)]))
    model = StayingModel("channel", [line(0.2), line(0.5, ahead=6), line(0.7)], {"web": [line(0.3), line(0.4)]})
    groups = np.array(["web", "web", "other"], object)
    gone, new, back = writing.survivals(model, seen, groups, today=date(2026, 3, 1))
    assert (gone.number, gone.value) == (None, {"gone_since": "2025-05-05", "silence": 90})
    assert (new.number, new.value) == (0.3, {"by": "channel", "group": "web", "step": 0, **line(0.3)})
    assert (back.number, back.value) == (0.7, {"by": None, "group": None, "step": 2, **line(0.7)})
