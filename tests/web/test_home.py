"""The morning page says what it knows, and what to do when it knows nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, policies
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.conftest import NOON
from tests.customers.cast import make_customer
from tests.desk.acting import POLICY, answer, asked
from tests.desk.cast import make_mailbox
from tests.desk.telling import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(client: Client) -> Agent:
    made = Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="owner")
    client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
    return made


def known(name: str, *, days_ago: float) -> Customer:
    at = NOON - timedelta(days=days_ago)
    return Customer.objects.create(name=name, created_at=at, known_at=at, last_seen_at=at)


def test_without_customers_the_page_says_so_and_shows_the_first_steps(client: Client, ines: Agent) -> None:
    page = client.get("/").content.decode()
    assert "Nothing has come in yet" in page
    assert "Getting started" in page
    assert "Create a key" in page
    assert "/home/figures/" not in page


def test_customers_are_counted_by_when_they_became_known(client: Client, ines: Agent) -> None:
    for name, days_ago in (("Ada", 1), ("Musa", 6.9), ("Chidi", 7.1), ("Paul", 13), ("Lena", 30)):
        known(name, days_ago=days_ago)
    merged = known("Ada again", days_ago=1)
    Customer.objects.filter(pk=merged.pk).update(merged_into=Customer.objects.get(name="Ada"))
    Customer.objects.create(created_at=NOON, last_seen_at=NOON)
    with clock.frozen(NOON):
        people = client.get("/home/figures/").context["people"]
    assert (people.known, people.lately, people.before) == (5, 2, 2)


def test_the_page_asks_a_pinned_number_of_questions(
    client: Client, ines: Agent, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        known(f"Customer {number}", days_ago=number)
    with django_assert_num_queries(16):
        client.get("/")


def test_what_waits_at_the_desk_is_counted_and_the_first_due_is_shown_first(client: Client, ines: Agent) -> None:
    with clock.frozen(at("2026-03-01 12:00")):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    mailbox, ada = make_mailbox(), make_customer("Ada Moreno", email="ada@example.com")
    late, later, hers, answered = (asked(time, ada, mailbox) for time in ("09:00", "11:30", "11:40", "11:45"))
    answer("11:50", answered, ines, then="waiting")
    assignments.to_agent(hers.pk, ines.pk, by=ines.actor)
    with clock.frozen(at("13:30")):
        waiting = client.get("/").context["waiting"]
    assert (waiting.mine, waiting.nobodys, waiting.all, waiting.late) == (1, 2, 3, 1)
    assert [row.pk for row in waiting.first] == [late.pk, later.pk, hers.pk]


def test_a_house_where_everybody_has_been_answered_says_so(client: Client, ines: Agent) -> None:
    known("Ada Moreno", days_ago=1)
    assert "At the desk" not in client.get("/").content.decode()
    make_mailbox()
    assert "Everybody has been answered" in client.get("/").content.decode()


def test_an_analyst_sees_numbers_and_no_customers(client: Client, ines: Agent) -> None:
    known("Ada Moreno", days_ago=1)
    Agent.objects.filter(pk=ines.pk).update(role="analyst")
    page = client.get("/").content.decode()
    assert "/home/figures/" in page
    assert "Ada Moreno" not in page
    assert "Create a key" not in page


def test_the_greeting_follows_the_companys_clock(client: Client, ines: Agent) -> None:
    with clock.frozen(NOON - timedelta(hours=4)):
        assert "Good morning, Ines" in client.get("/").content.decode()
    with clock.frozen(NOON + timedelta(hours=8)):
        assert "Good evening, Ines" in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_figures_say_this_week_and_who_stays(client: Client, ines: Agent) -> None:
    from regulars.insights.mirror.names import CONSUMER
    from regulars.kernel import facts, tail

    orders = [
        (1, "2026-01-05"),
        (1, "2026-02-10"),
        (2, "2026-01-20"),
        (3, "2026-02-27"),
        (2, "2026-02-20"),
        (4, "2026-03-02"),
    ]
    new = [
        facts.NewFact(
            customer, "Order Completed", datetime.fromisoformat(f"{day}T10:00Z"), f"{customer}{day}", {"total": "20"}
        )
        for customer, day in orders
    ]
    with transaction.atomic():
        facts.append(facts.as_columns(new), source_id=1, received_at=NOON)
    tail.catch_up(CONSUMER)
    with clock.frozen(NOON):
        answer = client.get("/home/figures/", headers={"HX-Request": "true"})
    assert (answer.context["orders"].value, answer.context["orders"].before) == ("2", "1")
    assert answer.context["revenue"].value == "€\u202f40.00"
    newest = answer.context["latest"]
    assert (newest.cohort.isoformat(), newest.n, newest.rate) == ("2026-01-01", 2, 1.0)
    assert "<html" not in answer.content.decode()
    with clock.frozen(NOON):
        assert "<html" in client.get("/home/figures/").content.decode()
