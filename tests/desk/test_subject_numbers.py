"""The conversation's number in the subject, where a mailbox wants it: answers that lost all else come home by it."""

from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest

from regulars.accounts.models import Agent
from regulars.channels.actions import packing, setting_up
from regulars.channels.actions.packing import Packed
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery
from regulars.customers.models import Customer
from regulars.desk.actions import letting_go, messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Message
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.desk.cast import ask
from tests.desk.post import HELP, MUSA, counts, mail, placed

pytestmark = pytest.mark.django_db
OUT = {"smtp_host": "mail.shop.example"}


@pytest.fixture
def numbering() -> Channel:
    return setting_up.create("email", "Help", by=SYSTEM, address=HELP, settings={**OUT, "subject_number": True})


def subject_of(written: Message, channel: Channel) -> str:
    """Of the mail that leaves."""
    Message.objects.filter(pk=written.pk).update(due_at=clock.now())
    assert letting_go.let_go(written.pk)
    letter = Letter.of_json(Delivery.objects.get(about=f"message:{written.pk}").letter)
    packed = packing.pack(letter, channel, company="Shop", at=clock.now())
    assert isinstance(packed, Packed)
    return str(message_from_bytes(packed.parcel.raw, policy=policy.default)["Subject"])


def answer(asked: Message, by: Agent, channel: Channel, **said: Any) -> str:
    return subject_of(messages.reply(asked.conversation_id, Written(text="Dear Ada", **said), by=by.actor), channel)


def test_an_answer_to_it_that_lost_every_header_comes_home_from_whoever_takes_part_and_nobody_else(
    numbering: Channel, ines: Agent
) -> None:
    asked = placed(mail(subject="Where is it?"), numbering)
    carried = answer(asked, ines, numbering)
    assert carried == f"Re: [#{asked.conversation_id}] Where is it?"
    home = placed(mail("It came!", subject=f"AW: {carried}"), numbering)
    assert home.conversation_id == asked.conversation_id
    assert answer(home, ines, numbering) == carried  # once, and no more of it with every turn
    stranger = placed(mail("Me too", subject=f"Re: {carried}", author=MUSA), numbering)
    assert stranger.conversation_id != asked.conversation_id
    assert counts()[0] == 2
    # What a stranger's subject named does not lead there by our own answer either: ours stands first, and counts.
    theirs = answer(stranger, ines, numbering)
    assert theirs.startswith(f"Re: [#{stranger.conversation_id}] ")
    again = placed(mail("And?", subject=theirs, author=MUSA), numbering)
    assert again.conversation_id == stranger.conversation_id


def test_it_is_off_at_first(mailbox: Channel, ines: Agent) -> None:
    setting_up.change(mailbox.pk, by=SYSTEM, name="Help", address=HELP, settings=OUT)
    mailbox.refresh_from_db()
    assert answer(placed(mail(subject="Where is it?"), mailbox), ines, mailbox) == "Re: Where is it?"


def test_answers_to_a_form_come_home_to_it(numbering: Channel, ada: Customer, ines: Agent) -> None:
    question = ask(ada.pk, setting_up.create("form", "Contact", by=SYSTEM), "Where is it?")
    written = messages.reply(question.pk, Written(text="Dear Ada"), by=ines.actor, channel_id=numbering.pk)
    carried = subject_of(written, numbering)
    assert carried == f"[#{question.pk}] Where is it?"
    assert placed(mail("Thanks", subject=f"Re: {carried}"), numbering).conversation_id == question.pk


@pytest.mark.parametrize(
    ("spoil", "subject"),
    [
        (lambda number: f"Re: [#{number}] Re: [#{number}] Late [#{number}]", "Re: [#{number}] Late"),
        (lambda number: "x" * 600, "Re: [#{number}] " + "x" * 470),
    ],
)
def test_it_stands_there_once_and_first_however_the_subject_grew(
    numbering: Channel, ines: Agent, spoil: Callable[[int], str], subject: str
) -> None:
    asked = placed(mail(subject="Late"), numbering)
    carried = answer(asked, ines, numbering, subject=spoil(asked.conversation_id))
    assert carried.startswith(subject.replace("{number}", str(asked.conversation_id)))
    assert carried.count("[#") == 1
    assert len(carried) <= 500
