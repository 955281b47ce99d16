"""A mail comes in, the answer goes out through a mail server, and what the customer answers comes back to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from regulars.channels.actions import carrying, setting_up
from regulars.channels.models import Channel, Delivery, Incoming
from regulars.desk.actions import letting_go, messages, retrying
from regulars.desk.actions.messages import Written
from regulars.desk.models import Message, Step
from regulars.kernel import clock, events, files
from regulars.kernel.actors import SYSTEM
from tests.channels.email.out.mail_server import TAKE_AND_DROP, MailServer, running
from tests.desk import post
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running() as server:
        yield server


@pytest.fixture
def mailbox(db: None, mail_server: MailServer) -> Channel:
    out = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none", "from_name": "Shop"}
    settings = {**out, "signature": "{agent}, {company}", "quote_previous": True}
    return setting_up.create("email", "Help", by=SYSTEM, address=post.HELP, settings=settings)


def answer(conversation_id: int, text: str, **written: Any) -> Message:
    """Ines answers, and her answer leaves."""
    ines = make_agent("Ines")
    reply = messages.reply(conversation_id, Written(text=text, **written), by=ines.actor)
    assert reply.due_at
    with clock.frozen(reply.due_at):
        letting_go.let_go(reply.pk)
        carry()
    return Message.objects.get(pk=reply.pk)


def carry() -> None:
    """What a worker does: carry what is queued, and tell the desk what became of it."""
    for delivery in Delivery.objects.filter(state=Delivery.QUEUED).order_by("pk"):
        carrying.deliver(delivery.pk)
        delivery.refresh_from_db()
        payload = {"id": f"00000000-0000-4000-8000-{delivery.pk:012}", "delivery_id": delivery.pk,
                   "about": delivery.about, "state": delivery.state, "trouble": delivery.trouble}  # fmt: skip
        events.deliver("desk.handlers.show_what_became_of_it", "DeliverySettled", payload)


@pytest.mark.parametrize("way", ["reply to", "references", "id alone"])
def test_what_the_customer_answers_comes_back_to_the_conversation(
    mailbox: Channel, mail_server: MailServer, way: str
) -> None:
    asked = post.placed(post.mail("Where is my order?", id="one@example.com", subject="Order 7"), mailbox)
    picture = messages.File(files.store(b"picture"), "parcel.png", "image/png", 7)
    sent = answer(asked.conversation_id, "On its way.", files=[picture])
    (mail,) = mail_server.mails
    assert (sent.state, sent.trouble, f"<{sent.external_id}>") == ("sent", "", mail["Message-ID"])
    assert (mail["To"], mail["Subject"]) == ("Ada Moreno <ada@example.com>", "Re: Order 7")
    assert (mail["In-Reply-To"], mail["References"]) == ("<one@example.com>", "<one@example.com>")
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert text.startswith("On its way.\n\n-- \nInes, Shop\n\nOn ")
    assert text.endswith("wrote:\n> Where is my order?\n")
    assert [part.get_content() for part in mail.iter_attachments()] == [b"picture"]
    back = {
        "reply to": {"to": str(mail["Reply-To"]), "subject": "Something else"},
        "references": {"answers": "unknown@example.com", "refers": ("one@example.com", sent.external_id)},
        "id alone": {"answers": sent.external_id, "subject": "Other"},
    }[way]
    answered = post.placed(post.mail("Thank you!", **back), mailbox)  # type: ignore[arg-type]
    assert answered.conversation_id == asked.conversation_id


def test_what_nobody_knows_to_have_arrived_is_sent_again_by_hand_and_is_the_same_mail(
    mailbox: Channel, mail_server: MailServer
) -> None:
    asked = post.placed(post.mail("Where is my order?"), mailbox)
    mail_server.at_end = [TAKE_AND_DROP]
    sent = answer(asked.conversation_id, "On its way.")
    sent.conversation.refresh_from_db()
    assert (sent.state, sent.conversation.status) == ("unknown", "open")
    bo = make_agent("Bo")
    retrying.again(sent.pk, by=bo.actor)
    carry()
    sent.refresh_from_db()
    assert (sent.state, sent.trouble) == ("sent", "")
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 1
    said = Step.objects.filter(verb__in=("not delivered", "sent again")).order_by("pk").values_list("actor", "verb")
    assert list(said) == [("system", "not delivered"), (f"agent:{bo.pk}", "sent again")]


def test_a_copy_of_our_own_mail_makes_no_message(mailbox: Channel, mail_server: MailServer) -> None:
    asked = post.placed(post.mail("Where is my order?"), mailbox)
    answer(asked.conversation_id, "On its way.")
    before = post.counts()
    ((_, raw),) = mail_server.taken
    assert post.deliver(raw, mailbox).state == Incoming.DROPPED
    assert post.counts() == before
