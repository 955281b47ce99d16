"""Whole conversations brought in at once stand as if they had happened here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import histories, policies
from regulars.desk.actions.histories import Done, History, Said
from regulars.desk.models import Conversation, Message, Step
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Change, Fact
from tests.desk.acting import POLICY

pytestmark = pytest.mark.django_db

AT = datetime(2025, 5, 5, 9, 0, tzinfo=UTC)


def history(ada: Customer, ines: Agent, mailbox: Channel, *more: Said | Done, key: str = "k-1") -> History:
    by, agent = Actor("customer", ada.pk, "Ada Moreno"), ines.actor
    return History(
        key=key,
        customer_id=ada.pk,
        channel_id=mailbox.pk,
        subject="Where is my order?",
        labels=("Shipping",),
        turns=[
            Said(at=AT, by=by, text="It has not come."),
            histories.given(AT + timedelta(minutes=1), agent_id=ines.pk, by=agent),
            Said(at=AT + timedelta(hours=1), by=agent, text="It left today."),
            *more,
        ],
    )


def test_it_stands_where_its_turns_lead(ada: Customer, ines: Agent, mailbox: Channel) -> None:
    assert histories.bring_in([history(ada, ines, mailbox)]) == 1
    held = Conversation.objects.get()
    assert (held.status, held.waiting_since, held.assignee_id, held.message_count) == ("waiting", None, ines.pk, 2)
    assert (held.created_at, held.last_at, held.preview) == (AT, AT + timedelta(hours=1), "It left today.")
    assert [label.name for label in held.labels.all()] == ["Shipping"]
    assert list(Step.objects.order_by("pk").values_list("verb", flat=True)) == ["started", "assigned", "waited"]
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["", "sent"]


def test_resolving_and_writing_again_reopens_it(ada: Customer, ines: Agent, mailbox: Channel) -> None:
    solved = histories.resolved(AT + timedelta(hours=2), by=ines.actor)
    again = Said(at=AT + timedelta(days=1), by=Actor("customer", ada.pk), text="Still nothing.")
    histories.bring_in([history(ada, ines, mailbox, solved), history(ada, ines, mailbox, solved, again, key="k-2")])
    first, second = Conversation.objects.order_by("pk")
    assert (first.status, first.resolved_at, first.resolved_by) == ("resolved", solved.at, f"agent:{ines.pk}")
    assert (second.status, second.resolved_at, second.waiting_since) == ("open", None, again.at)
    assert Step.objects.filter(conversation=second, verb="reopened").count() == 1


def test_what_was_promised_runs_on_in_what_is_open_and_not_in_what_is_only_history(
    ada: Customer, ines: Agent, mailbox: Channel
) -> None:
    with clock.frozen(AT - timedelta(days=1)):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    again = Said(at=AT + timedelta(hours=2), by=Actor("customer", ada.pk), text="Still nothing.")
    told = history(ada, ines, mailbox, again)
    histories.bring_in([told, replace(told, key="k-2", is_history=False), replace(told, key="k-3", is_spam=True)])
    # Asked again at one in the afternoon in Berlin: eight office hours end at one the next day.
    due = datetime(2025, 5, 6, 11, 0, tzinfo=UTC)
    assert list(Conversation.objects.order_by("pk").values_list("due_at", flat=True)) == [None, due, None]


def test_its_facts_are_in_the_log_at_their_own_times_and_nobody_is_told(
    ada: Customer, ines: Agent, mailbox: Channel
) -> None:
    histories.bring_in([history(ada, ines, mailbox)])
    said = Fact.objects.filter(customer_id=ada.pk).order_by("epoch", "tx", "id")
    assert list(said.values_list("name", "occurred_at")) == [
        ("conversation started", AT),
        ("message received", AT),
        ("conversation assigned", AT + timedelta(minutes=1)),
        ("conversation waiting", AT + timedelta(hours=1)),
        ("reply sent", AT + timedelta(hours=1)),
    ]
    reply = said.get(name="reply sent")
    assert reply.properties["by"] == f"agent:{ines.pk}"
    assert reply.properties["agent_id"] == ines.pk
    assert not Change.objects.exists()


def test_bringing_it_in_again_adds_nothing(ada: Customer, ines: Agent, mailbox: Channel) -> None:
    histories.bring_in([history(ada, ines, mailbox)])
    counted = (Conversation.objects.count(), Message.objects.count(), Step.objects.count(), Fact.objects.count())
    assert histories.bring_in([history(ada, ines, mailbox), history(ada, ines, mailbox)]) == 0
    now = (Conversation.objects.count(), Message.objects.count(), Step.objects.count(), Fact.objects.count())
    assert now == counted
