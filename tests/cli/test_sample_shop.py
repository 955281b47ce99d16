"""The sample shop is what its page says it is."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db.models import Min

from regulars.cli import sample_shop
from regulars.cli.sample_shop import history, telling, truth
from regulars.cli.sample_shop.mornings import MATTERS
from regulars.customers.models import Customer
from regulars.customers.selectors import growth
from regulars.desk.models import Conversation, Message
from regulars.kernel import clock, page_settings
from regulars.kernel.models import Fact

DAYS = round(truth.YEARS * 365)


def shop(count: int, seed: int = 3) -> tuple[history.People, history.Orders]:
    random = np.random.default_rng(seed)
    people = history.people(np.arange(count), days=DAYS, random=random)
    months = telling.Calendar(date(2024, 1, 1)).months(DAYS)
    return people, history.orders(people, days=DAYS, month_of_day=months, random=random)


def test_the_same_seed_gives_the_same_shop_and_another_seed_another() -> None:
    first, second, other = shop(500)[1], shop(500)[1], shop(500, seed=4)[1]
    assert first.at.tolist() == second.at.tolist()
    assert first.at.tolist() != other.at.tolist()


def test_nobody_orders_before_joining_or_after_the_end_or_after_leaving() -> None:
    people, orders = shop(2_000)
    assert (orders.at >= people.joined[orders.customer]).all()
    assert orders.at.max() < DAYS
    gone = orders.is_last[:-1]
    assert (orders.customer[1:][gone] != orders.customer[:-1][gone]).all()


def test_a_late_answer_doubles_the_chance_of_leaving_compared_with_one_in_time() -> None:
    _, orders = shop(60_000)
    fast = orders.answered_after <= truth.TARGET_SECONDS
    slow = orders.answered_after > truth.TARGET_SECONDS
    ratio = orders.is_last[slow].mean() / orders.is_last[fast].mean()
    assert ratio == pytest.approx(truth.LEAVING_AFTER_SLOW / truth.LEAVING_AFTER_FAST, rel=0.04)
    assert fast.sum() / (fast.sum() + slow.sum()) == pytest.approx(truth.FAST_SHARE, abs=0.01)


def test_channels_and_plans_have_their_shares_and_their_chances_of_leaving() -> None:
    people, orders = shop(60_000)
    shares = np.bincount(people.channel) / len(people.channel)
    assert shares == pytest.approx([share for _, share, _ in truth.CHANNELS], abs=0.01)
    usual = (1 - truth.REQUEST_SHARE) + truth.REQUEST_SHARE * (
        truth.FAST_SHARE * truth.LEAVING_AFTER_FAST + (1 - truth.FAST_SHARE) * truth.LEAVING_AFTER_SLOW
    )
    mine = (people.channel[orders.customer] == 0) & (people.plan[orders.customer] == 0)
    assert orders.is_last[mine].mean() == pytest.approx(truth.PLANS[0][3] * usual, rel=0.03)


@pytest.mark.django_db
def test_loading_it_twice_adds_nothing() -> None:
    new = sample_shop.load(60, 1)
    tracked = Fact.objects.exclude(source=1)
    counted = (tracked.count(), Fact.objects.count(), Conversation.objects.count(), Message.objects.count())
    assert new == counted[0] > 300
    assert sample_shop.load(60, 1) == 0
    assert (tracked.count(), Fact.objects.count(), Conversation.objects.count(), Message.objects.count()) == counted
    assert page_settings.value("time_zone") == truth.ZONE


@pytest.mark.django_db
def test_each_request_of_the_last_year_is_a_conversation_answered_when_its_facts_say() -> None:
    sample_shop.load(60, 1)
    since = clock.now() - timedelta(days=365)
    requests = Fact.objects.filter(name="Support Requested", occurred_at__gt=since)
    asked = {(fact.customer_id, fact.properties["order_id"]): fact.occurred_at for fact in requests}
    told = Conversation.objects.filter(key__startswith="sample:").exclude(key__startswith="sample:today:")
    assert {(row.customer_id, (row.key or "").removeprefix("sample:")): row.created_at for row in told} == asked
    answers = Fact.objects.filter(name="Support Answered", occurred_at__gt=since)
    for answer in answers:
        held = told.get(key=f"sample:{answer.properties['order_id']}")
        first = held.messages.filter(author_kind="agent", kind="message").order_by("at").first()
        assert abs(first.at - answer.occurred_at) < timedelta(seconds=1)
    assert len(asked) > 5


@pytest.mark.django_db
def test_there_is_something_of_every_kind_on_the_desk_this_morning() -> None:
    sample_shop.load(60, 1)
    today = Conversation.objects.filter(key__startswith="sample:today:")
    assert today.count() == len(MATTERS)
    assert {row.status for row in today} == {"open", "waiting", "snoozed"}
    assert {row.kind for row in today} == {"issue", "account"}
    assert today.exclude(spam_at=None).count() == 1


@pytest.mark.django_db
def test_customers_are_known_since_the_day_they_joined() -> None:
    sample_shop.load(60, 1)
    known = list(Customer.objects.order_by("pk").values_list("known_at", "created_at"))
    assert all(at == made for at, made in known)
    first = dict(Fact.objects.filter(name="Order Completed").values_list("customer_id").annotate(Min("occurred_at")))
    assert all(abs(row.known_at - first[row.pk]) <= timedelta(hours=13)
               for row in Customer.objects.all() if row.pk in first)  # fmt: skip
    week = clock.now() - timedelta(days=7)
    counted = growth.growth(since=week, before=week - timedelta(days=7))
    assert (counted.known, counted.lately) == (60, sum(at >= week for at, _ in known))
    assert counted.lately < 6
    sample_shop.load(60, 1)
    assert list(Customer.objects.order_by("pk").values_list("known_at", "created_at")) == known
