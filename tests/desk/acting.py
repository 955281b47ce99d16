"""Doing things at the desk at a given moment, with every reply leaving in its time."""

from collections.abc import Callable
from datetime import datetime

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk import hours as opening
from regulars.desk.actions import letting_go, messages
from regulars.desk.actions.messages import Written
from regulars.desk.hours import Hours, same_every_day
from regulars.desk.models import Conversation, Message
from regulars.desk.targets import FIRST, NEXT, RESOLUTION, Policy, Target
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from tests.desk.cast import ask
from tests.desk.telling import at

HOUR = 3600
OFFICE = Hours("Europe/Berlin", same_every_day(opening.read_intervals("09:00-17:00")))
URGENT = Target("Urgent", "office", {FIRST: HOUR, NEXT: HOUR, RESOLUTION: 4 * HOUR}, priorities=frozenset({1}))
REST = Target("Everybody", "office", {FIRST: 4 * HOUR, NEXT: 8 * HOUR, RESOLUTION: 16 * HOUR})
POLICY = Policy({"office": OFFICE}, (URGENT, REST), "office")

Doing = Callable[[], object]


def when(moment: str, do: Doing) -> object:
    """Do something at a moment, and let every reply leave that was written in it."""
    with clock.frozen(at(moment)):
        done = do()
    if isinstance(done, Message):
        with clock.frozen(at(moment) + messages.TO_UNDO):
            letting_go.let_go(done.pk)
    return done


def asked(moment: str, customer: Customer, mailbox: Channel) -> Conversation:
    with clock.frozen(at(moment)):
        return ask(customer.pk, mailbox)


def answer(moment: str, held: Conversation, by: Agent, then: str = "waiting") -> None:
    when(moment, lambda: messages.reply(held.pk, Written(text="On its way."), by=by.actor, then=then))


def write(moment: str, held: Conversation, **more: bool) -> None:
    by = Actor("customer", held.customer_id)
    when(moment, lambda: messages.receive(held.pk, Written(text="And now?", **more), by=by) and None)


def due_of(held: Conversation) -> datetime | None:
    return Conversation.objects.values_list("due_at", flat=True).get(pk=held.pk)
