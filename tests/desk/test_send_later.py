"""A reply that waits to leave, while everything around it changes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from regulars.accounts.actions import agents
from regulars.accounts.models import Agent
from regulars.channels.actions import carrying, pausing, setting_up
from regulars.channels.models import Channel, Delivery
from regulars.customers.actions import erasures
from regulars.customers.models import Customer
from regulars.desk import tasks
from regulars.desk.actions import letters, letting_go, merging, messages, states
from regulars.desk.actions.messages import Written
from regulars.desk.errors import MomentTooFar
from regulars.desk.models import Conversation, Message
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture
def later(question: Conversation, ines: Agent) -> Message:
    """Ines answers Ada tomorrow; until then the conversation waits for Ada."""
    return messages.reply(question.pk, Written(text="Dear Ada"), by=ines.actor, due_at=clock.now() + TOMORROW)


@pytest.fixture
def tomorrow() -> Iterator[None]:
    with clock.frozen(clock.now() + TOMORROW + timedelta(seconds=20)):
        yield


def standing(conversation_id: int) -> tuple[str, bool]:
    """How it stands, and whether the customer waits."""
    held = Conversation.objects.get(pk=conversation_id)
    return held.status, held.waiting_since is not None


def to_whom() -> list[str]:
    return [one["address"] for row in Delivery.objects.order_by("pk") for one in row.letter["to"]]


@pytest.mark.parametrize("before", ["resolved", "snoozed", "waiting"])
def test_what_the_customer_wrote_since_stays_our_turn_when_it_is_taken_back(
    question: Conversation, ines: Agent, before: str
) -> None:
    states.put_back(question.pk, {"status": before, "snoozed_until": "2999-01-01T00:00:00+00:00"}, by=ines.actor)
    sent = messages.reply(question.pk, Written(text="Dear Ada"), by=ines.actor, due_at=clock.now() + TOMORROW)
    messages.receive(question.pk, Written(text="And it is broken"), by=Actor("customer", question.customer_id))
    messages.take_back(sent.pk, by=ines.actor)
    assert standing(question.pk) == ("open", True)


def test_what_a_colleague_did_since_stays_when_it_is_taken_back(
    later: Message, question: Conversation, ines: Agent, bo: Agent
) -> None:
    states.resolve(question.pk, by=bo.actor)
    messages.take_back(later.pk, by=ines.actor)
    assert standing(question.pk) == ("resolved", False)


def test_taken_back_at_once_it_stands_as_before(question: Conversation, ines: Agent) -> None:
    sent = messages.reply(question.pk, Written(text="Dear Ada"), by=ines.actor, then="resolved")
    messages.take_back(sent.pk, by=ines.actor)
    assert standing(question.pk) == ("open", True)


def test_joined_to_another_meanwhile_it_is_the_other_that_is_our_turn(
    later: Message, question: Conversation, ada: Customer, mailbox: Channel, ines: Agent
) -> None:
    kept = ask(ada.pk, mailbox, "Another matter")
    states.resolve(kept.pk, by=ines.actor)
    merging.merge(kept.pk, question.pk, by=ines.actor)
    messages.take_back(later.pk, by=ines.actor)
    assert standing(kept.pk)[0] == "open"


def test_it_goes_to_whom_it_was_written_though_joined_to_somebody_elses(
    later: Message, question: Conversation, musa: Customer, mailbox: Channel, ines: Agent, tomorrow: None
) -> None:
    kept = ask(musa.pk, mailbox, "Mine is late as well")
    merging.merge(kept.pk, question.pk, by=ines.actor)
    letting_go.let_go(later.pk)
    assert to_whom() == ["ada@example.com"]


def test_it_goes_to_whom_it_was_written_though_another_wrote_since(
    later: Message, question: Conversation, tomorrow: None
) -> None:
    other = {"from": [{"name": "Musa", "address": "musa@example.com"}]}
    by = Actor("customer", question.customer_id)
    messages.receive(question.pk, Written(text="I am copied in", recipients=other), by=by)
    letting_go.let_go(later.pk)
    assert to_whom() == ["ada@example.com"]


def test_an_erased_customer_gets_nothing_and_nothing_is_left_to_send(
    later: Message, question: Conversation, tomorrow: None
) -> None:
    erasures.erase(question.customer_id, by=SYSTEM)
    tasks.let_go(later.pk)
    tasks.let_go_all_due(0)
    assert (Delivery.objects.count(), Message.objects.count()) == (0, 0)


def test_on_a_paused_channel_it_waits_and_on_one_put_away_it_is_said_to_have_failed(
    later: Message, mailbox: Channel, tomorrow: None
) -> None:
    letting_go.let_go(later.pk)
    pausing.pause(mailbox.pk, by=SYSTEM)
    carrying.deliver(Delivery.objects.get().pk)
    assert Delivery.objects.get().state == "queued"
    setting_up.archive(mailbox.pk, by=SYSTEM)
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        carrying.deliver(Delivery.objects.get().pk)
    assert Delivery.objects.get().state == "failed"


def test_what_a_colleague_who_left_had_written_leaves_all_the_same(later: Message, ines: Agent, tomorrow: None) -> None:
    agents.deactivate(ines.pk, by=SYSTEM)
    letting_go.let_go(later.pk)
    assert to_whom() == ["ada@example.com"]


def test_it_leaves_once_though_the_clock_goes_back(later: Message) -> None:
    now = clock.now()
    for days in (1.1, 0.5, -3, 1.1, 2):
        with clock.frozen(now + timedelta(days=days)):
            tasks.let_go(later.pk)
            tasks.let_go_all_due(0)
    assert Delivery.objects.count() == 1


def test_one_that_cannot_be_written_keeps_no_other_back(
    later: Message, ada: Customer, mailbox: Channel, ines: Agent, tomorrow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ask(ada.pk, mailbox, "And mine?")
    messages.reply(other.pk, Written(text="Yours too"), by=Actor("key", 1))
    compose = letters.compose

    def refuse(held: Conversation, message: Message) -> object:
        if message.pk == later.pk:
            raise ValueError("a letter nobody can write")
        return compose(held, message)

    monkeypatch.setattr(letters, "compose", refuse)
    with clock.frozen(clock.now() + timedelta(days=3)):
        tasks.let_go_all_due(0)
    assert Delivery.objects.count() == 1


FAR = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_nothing_is_put_aside_or_sent_so_late_that_no_calendar_has_it(question: Conversation, ines: Agent) -> None:
    with pytest.raises(MomentTooFar):
        states.snooze(question.pk, until=FAR, by=ines.actor)
    with pytest.raises(MomentTooFar):
        messages.reply(question.pk, Written(text="Soon"), by=ines.actor, due_at=FAR)
    with pytest.raises(MomentTooFar):
        messages.reply(question.pk, Written(text="Soon"), by=ines.actor, then="snoozed", until=FAR)
    assert (standing(question.pk), Message.objects.count()) == (("open", True), 1)


@pytest.mark.parametrize("year", [2038, 2096])
def test_moments_past_2038_and_on_a_leap_day_come_when_they_come(
    question: Conversation, ines: Agent, year: int
) -> None:
    until = datetime(year, 2, 28, 23, 59, tzinfo=UTC) + timedelta(minutes=2)
    states.snooze(question.pk, until=until, by=ines.actor)
    with clock.frozen(until - timedelta(minutes=1)):
        tasks.wake(0)
    assert standing(question.pk)[0] == "snoozed"
    with clock.frozen(until):
        tasks.wake(0)
    assert standing(question.pk)[0] == "open"
