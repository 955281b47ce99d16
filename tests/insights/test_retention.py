"""Retention of the log agrees with the library on the same facts, as the log grows, merges and is erased."""

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction

import tenure
from regulars.customers.actions import merges
from regulars.customers.models import Customer
from regulars.insights import reduced
from regulars.insights.breakdown import By
from regulars.insights.definitions import Condition, Meant
from regulars.insights.errors import NothingYet
from regulars.insights.mirror import derived, erasing
from regulars.insights.mirror.names import CONSUMER
from regulars.insights.selectors import retention
from regulars.kernel import facts, tail
from regulars.kernel.actors import SYSTEM

START = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
ORDER = Meant("Order Completed")
# The design's worked example: active days after day 0.
ACTIVE = {1: [0, 1, 2, 3, 5, 7, 9], 2: [0, 1, 4, 10], 3: [0, 1, 2], 4: [0, 3], 5: [0]}
pytestmark = pytest.mark.django_db(transaction=True)


def order(customer_id: int, day: int, **properties: object) -> facts.NewFact:
    return facts.NewFact(
        customer_id=customer_id,
        name="Order Completed",
        occurred_at=START + timedelta(days=day),
        message_id=f"{customer_id}-{day}-{json.dumps(properties)}",
        properties=properties,
    )


def append(*new: facts.NewFact, is_trusted: bool = True) -> None:
    columns = facts.as_columns(new)._replace(is_trusted=[is_trusted] * len(new))
    with transaction.atomic():
        facts.append(columns, source_id=1)
    tail.catch_up(CONSUMER)


@pytest.fixture
def example() -> None:
    append(*(order(customer, day) for customer, days in ACTIVE.items() for day in days))


def rates(n: int, *, bracket_from: int, **choices: object) -> dict[str, float]:
    asked = retention.Question(
        ORDER, period="day", zone="UTC", as_of=date(2026, 2, 1), periods=n, bracket_from=bracket_from, **choices
    )
    found = retention.answer(asked)
    return {kind: float(found.curve(kind).rate[n]) for kind in found.kinds}


def test_the_worked_example_comes_out(example: None) -> None:
    assert rates(3, bracket_from=2) == {"full": 0.2, "classic": 0.4, "rolling": 0.6, "return": 0.8, "bracket": 0.6}
    assert rates(7, bracket_from=4) == {"full": 0.0, "classic": 0.2, "rolling": 0.4, "return": 0.8, "bracket": 0.4}


def test_a_fact_that_arrives_later_counts_at_once(example: None) -> None:
    rates(3, bracket_from=2)
    append(order(5, 3))
    assert rates(3, bracket_from=2)["classic"] == 0.6


def test_a_form_on_disk_is_continued_not_built_anew(example: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = reduced.form(ORDER, zone="UTC").days
    reduced._memory.clear()
    append(order(6, 0))
    read: list[int] = []
    whole = reduced.moments
    monkeypatch.setattr(reduced, "moments", lambda *a, **k: (both := whole(*a, **k), read.append(len(both[0])))[0])
    after = reduced.form(ORDER, zone="UTC").days
    assert (read, len(before), len(after)) == ([1], 5, 6)


def forms_on_disk() -> dict[str, int]:
    """Each file of a form, and what tells a rewritten one from the old."""
    return {path.name: path.stat().st_ino for path in derived.folder(0).glob("*.*.*.*")}


def test_new_facts_are_written_beside_what_lies_on_disk_and_that_is_left_alone(example: None) -> None:
    reduced.form(ORDER, zone="UTC")
    before = forms_on_disk()
    append(order(6, 0), order(1, 0, again=True))
    days = reduced.form(ORDER, zone="UTC").days
    assert (len(before), len(forms_on_disk()), forms_on_disk() | before) == (2, 4, forms_on_disk())
    assert days.layers[0] is reduced.form(ORDER, zone="UTC").parts[0].days.layers[0]
    append(order(2, 5))
    assert len(reduced.form(ORDER, zone="UTC").parts) == len(forms_on_disk()) / 2 == 2


@pytest.mark.parametrize("lost", [None, 0, 1])
def test_a_form_of_many_parts_says_what_one_built_at_once_says(example: None, lost: int | None) -> None:
    chance = np.random.default_rng(4)
    for number, size in enumerate([40, 1, 12, 3, 1, 1, 6, 2]):
        append(*(order(int(chance.integers(1, 30)), day, update=number) for day in range(size)))
        reduced._memory.clear()
        reduced.form(ORDER, zone="UTC")
    if lost is not None:
        part = sorted(derived.folder(0).glob("*.days"), key=lambda path: -path.stat().st_size)[lost]
        os.truncate(part, 100)
        reduced._memory.clear()
        append(order(7, 3, update="last"))
    parts, at_once = form_now(), form_now(is_forgotten=True)
    assert parts == at_once
    assert sum(at_once[1].values()) == 17 + 66 + (lost is not None)


def form_now(*, is_forgotten: bool = False) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Days and number of facts by customer, from what is kept or built at once."""
    if is_forgotten:
        reduced._memory.clear()
        shutil.rmtree(derived.folder(0))
    form = reduced.form(ORDER, zone="UTC")
    days = form.days
    lists = {int(c): days.days[days.offsets[i] : days.offsets[i + 1]].tolist() for i, c in enumerate(days.customers)}
    return lists, dict(zip(*(column.tolist() for column in reduced.summed(*form.counted)), strict=True))


def test_merged_customers_are_one_person_and_separate_again_when_undone(example: None) -> None:
    for number in (4, 5):
        Customer.objects.create(pk=number, created_at=START)
    assert rates(3, bracket_from=2)["classic"] == 0.4
    merge = merges.merge(5, 4, by=SYSTEM)
    assert rates(3, bracket_from=2)["classic"] == 0.5
    merges.undo(merge.pk, by=SYSTEM)
    assert rates(3, bracket_from=2)["classic"] == 0.4


def test_the_erased_are_not_counted(example: None) -> None:
    assert retention.answer(retention.Question(ORDER, period="day")).customers == 5
    with transaction.atomic():
        erasing.erase([1, 2])
    assert retention.answer(retention.Question(ORDER, period="day")).customers == 3
    assert [(fact.name, fact.rows) for fact in retention.fact_names()] == [("Order Completed", 6)]


def test_orders_said_by_a_public_browser_key_are_not_orders(example: None) -> None:
    append(order(9, 0), is_trusted=False)
    assert retention.answer(retention.Question(ORDER, period="day")).customers == 5


@pytest.mark.parametrize(
    ("condition", "customers"),
    [
        (Condition("total", "at least", "20"), [1, 3]),
        (Condition("total", "at most", "19.5"), [2]),
        (Condition("channel", "is", "web"), [1, 2]),
        (Condition("channel", "is not", "web"), [3]),
    ],
)
def test_a_condition_on_a_property_chooses_the_facts(condition: Condition, customers: list[int]) -> None:
    append(
        order(1, 0, total=20, channel="web"),
        order(2, 0, total=19.5, channel="web"),
        order(3, 0, total="200", channel='a "quoted" one'),
        order(4, 0),
    )
    assert reduced.form(Meant("Order Completed", condition), zone="UTC").days.customers.tolist() == customers


def test_a_breakdown_looks_at_the_first_fact_as_it_was_then() -> None:
    append(order(1, 0, channel="web"), order(1, 1, channel="shop"), order(2, 0, channel="shop"), order(3, 0))
    asked = retention.Question(ORDER, period="day", as_of=date(2026, 2, 1), periods=1, by=By("property", "channel"))
    found = retention.answer(asked)
    assert {name: float(found.curve("classic", segment=name).rate[1]) for name in found.segment_names} == {
        "web": 1.0,
        "shop": 0.0,
        "—": 0.0,
    }


def test_no_such_fact_is_said() -> None:
    with pytest.raises(NothingYet):
        retention.answer(retention.Question(Meant("Never Seen")))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Auckland"])
@pytest.mark.parametrize("window", ["calendar", "personal"])
def test_the_log_and_the_library_agree_in_every_zone(zone: str, window: str) -> None:
    seeded = np.random.default_rng(11)
    new = [
        order(int(c), int(d), at=int(m))
        for c, d, m in zip(seeded.integers(1, 40, 300), seeded.integers(0, 90, 300), range(300), strict=True)
    ]
    append(*new)
    asked = retention.Question(ORDER, period="week", zone=zone, window=window, as_of=date(2026, 4, 1), periods=6)
    direct = tenure.retention(
        customer=np.array([fact.customer_id for fact in new]),
        time=np.array([fact.occurred_at.replace(tzinfo=None) for fact in new], "datetime64[us]").astype(np.int64),
        period="week",
        zone=zone,
        window=window,
        as_of=date(2026, 4, 1),
        periods=6,
    )
    found = retention.answer(asked)
    assert found.sizes.tolist() == direct.sizes.tolist()
    for kind in found.kinds:
        assert found.retained[kind].tolist() == direct.retained[kind].tolist()
