"""Machines that answer each other, by the product's own sending and receiving: it ends, and people go on writing."""

from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest

from regulars.accounts.models import Agent
from regulars.channels.actions import carrying, understanding
from regulars.channels.email.out.wishes import AUTOMATIC_A_DAY
from regulars.channels.models import Channel, Delivery
from regulars.desk.actions import letting_go, messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Message
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from tests.channels.email.out.conftest import make_sending
from tests.channels.email.out.mail_server import MailServer, running
from tests.desk.post import mail, placed, store

pytestmark = pytest.mark.django_db(transaction=True)
BOT = Actor("key", 1, "Acknowledging")
AWAY, SILENT, DESK, ADA = "away@example.com", "silent@example.com", "support@other.example", "ada@example.com"
_ids = count(1)


def out_of_office(sent: EmailMessage) -> bytes:
    """Says what it is, and to what it answers."""
    told: Any = {"Auto-Submitted": "auto-replied", "In-Reply-To": sent["Message-ID"]}
    return mail("I am away until Monday.", author=AWAY, to=back(sent), subject=f"Re: {sent['Subject']}", **told)


def unmarked(sent: EmailMessage) -> bytes:
    """Looks like a person: a new Message-ID and subject each time, to the plain address, answering nothing."""
    return mail(f"I am away ({next(_ids)}).", author=SILENT, subject="Away", id=f"away-{next(_ids)}@example.com")


def other_desk(sent: EmailMessage) -> bytes:
    """Opens a ticket for whatever comes, and says so."""
    number = next(_ids)
    told: Any = {"Precedence": "bulk", "X-Auto-Response-Suppress": "OOF"}
    return mail(f"Your ticket is {number}.", author=DESK, to=back(sent), subject=f"[{number}] We have it", **told)


ANSWERING: dict[str, Callable[[EmailMessage], bytes]] = {AWAY: out_of_office, SILENT: unmarked, DESK: other_desk}


def back(sent: EmailMessage) -> str:
    return (sent["Reply-To"] or sent["From"]).addresses[0].addr_spec


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running() as server:
        yield server


@pytest.fixture
def channel(transactional_db: None, server: MailServer) -> Channel:
    return make_sending(server)


def leave(server: MailServer) -> list[EmailMessage]:
    """Everything written leaves; what arrived by it."""
    before = len(server.taken)
    Message.objects.filter(state=Message.QUEUED).update(due_at=clock.now())
    for message_id in Message.objects.filter(state=Message.QUEUED).order_by("pk").values_list("pk", flat=True):
        letting_go.let_go(message_id)
    for delivery_id in Delivery.objects.filter(state=Delivery.QUEUED).order_by("pk").values_list("pk", flat=True):
        carrying.deliver(delivery_id)
    return server.mails[before:]


def acknowledge_all() -> None:
    """A bot worse than any of ours: it answers whatever comes, by whomever it was written."""
    for one in Message.objects.filter(author_kind="customer").order_by("pk"):
        messages.reply(one.conversation_id, Written(text="We have it.", is_automatic=True, key=f"ack:{one.pk}"), by=BOT)


def letters_to(server: MailServer) -> Counter[tuple[str, bool]]:
    """How many letters everybody got, and whether they say that a machine wrote them."""
    to = ((mail["To"].addresses[0].addr_spec, mail["Auto-Submitted"] is not None) for mail in server.mails)
    return Counter(to)


def test_whoever_answers_whatever_comes_gets_no_more_than_the_cap_and_people_are_answered_all_the_same(
    channel: Channel, server: MailServer, ines: Agent
) -> None:
    asked = {who: placed(mail("Where is my order?", author=who), channel) for who in (*ANSWERING, ADA)}
    rounds, came = 0, 1
    while came:
        rounds += 1
        assert rounds < 20, "machines write to each other for ever"
        acknowledge_all()
        if rounds <= AUTOMATIC_A_DAY + 2:  # a person talks with a person meanwhile, longer than machines may
            messages.reply(asked[ADA].conversation_id, Written(text=f"Answer {rounds}"), by=ines.actor)
        arrived = [(one["To"].addresses[0].addr_spec, one) for one in leave(server)]
        answers = [ANSWERING[to](one) for to, one in arrived if to in ANSWERING]
        answers += [
            mail("And then?", author=ADA, to=back(one), answers=one["Message-ID"].strip("<>"))
            for to, one in arrived
            if to == ADA and one["Auto-Submitted"] is None
        ]
        for raw in answers:
            store(raw, channel)
        understanding.drain(channel.pk)
        came = len(answers)

    machines = {(who, True): AUTOMATIC_A_DAY for who in (*ANSWERING, ADA)}
    assert letters_to(server) == machines | {(ADA, False): AUTOMATIC_A_DAY + 2}
    assert Delivery.objects.filter(state="failed").exclude(trouble__contains="automatic mails a day").count() == 0
    assert not Delivery.objects.filter(state__in=("queued", "claimed", "unknown")).exists()
    said = Message.objects.filter(author_kind="customer").order_by("pk")
    heard = Counter(said.values_list("recipients__from__0__address", flat=True))
    assert heard == dict.fromkeys(ANSWERING, 1 + AUTOMATIC_A_DAY) | {ADA: 1 + AUTOMATIC_A_DAY + 2}

    # What marks itself stays where it belongs; what does not looks like a person, and begins no more than it sends.
    began = Counter(Conversation.objects.values_list("customer__name", flat=True))
    by = {who: Conversation.objects.filter(customer=asked[who].conversation.customer_id).count() for who in asked}
    assert by == {AWAY: 1, DESK: 1, ADA: 1, SILENT: 1 + AUTOMATIC_A_DAY}, began

    # A person at the address of a machine is heard and answered: the cap is one of machines.
    back_again = placed(mail("Back at work: where is it?", author=AWAY, answers=asked[AWAY].external_id), channel)
    assert back_again.conversation_id == asked[AWAY].conversation_id
    assert Conversation.objects.get(pk=back_again.conversation_id).waiting_since is not None
    messages.reply(back_again.conversation_id, Written(text="It left today."), by=ines.actor)
    (last,) = leave(server)
    assert (last["To"], last["Auto-Submitted"]) == (AWAY, None)
