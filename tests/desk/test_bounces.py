"""Mail that comes back."""

import pytest

from regulars.accounts.models import Agent
from regulars.channels.email import marks
from regulars.channels.models import Channel, SuppressedAddress
from regulars.desk.actions import messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Message
from tests.desk.post import deliver, mail, placed

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example
To: help@shop.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{name}@mx.example>
Date: Mon, 2 Mar 2026 12:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user
--b
Content-Type: text/rfc822-headers

Message-ID: <{about}>
From: help@shop.example
--b--
"""


def report(about: str, *, recipient: str = "ada@example.com", action: str = "failed", status: str = "5.1.1") -> bytes:
    name = f"{action}-{status}-{recipient.partition('@')[0]}"
    return REPORT.format(name=name, about=about, recipient=recipient, action=action, status=status).encode()


@pytest.fixture
def answer(mailbox: Channel, ines: Agent) -> Message:
    """Ines answered Ada, and it left."""
    asked = placed(mail(id="one@example.com"), mailbox)
    said = messages.reply(asked.conversation_id, Written(text="It is on its way."), by=ines.actor)
    own = marks.message_id(
        f"message:{said.pk}", channel_id=mailbox.pk, conversation_id=said.conversation_id, domain="shop.example"
    )
    Message.objects.filter(pk=said.pk).update(state="sent", external_id=own)
    said.refresh_from_db()
    return said


def standing(answer: Message) -> tuple[str, str]:
    answer.refresh_from_db()
    return answer.state, Conversation.objects.get(pk=answer.conversation_id).status


def test_a_bounce_goes_to_the_message_it_is_about_and_a_person_hears_of_it(mailbox: Channel, answer: Message) -> None:
    assert standing(answer) == ("sent", "waiting")
    bounce = placed(report(answer.external_id), mailbox)
    assert bounce.conversation_id == answer.conversation_id and bounce.is_automatic
    assert standing(answer) == ("failed", "open")
    assert "ada@example.com 5.1.1" in answer.trouble
    assert SuppressedAddress.objects.get().address == "ada@example.com"


def test_a_delay_changes_nothing(mailbox: Channel, answer: Message) -> None:
    placed(report(answer.external_id, action="delayed", status="4.4.1"), mailbox)
    assert standing(answer) == ("sent", "waiting")
    assert not SuppressedAddress.objects.exists()


def test_a_full_mailbox_is_no_dead_address(mailbox: Channel, answer: Message) -> None:
    placed(report(answer.external_id, action="failed", status="4.2.2"), mailbox)
    assert standing(answer) == ("failed", "open")
    assert not SuppressedAddress.objects.exists()


def test_a_forged_bounce_silences_nobody_the_message_did_not_go_to(mailbox: Channel, answer: Message) -> None:
    placed(report(answer.external_id, recipient="musa@example.com"), mailbox)
    assert not SuppressedAddress.objects.exists()
    unknown = deliver(report("never-sent@shop.example", recipient="ada@example.com", status="5.0.0"), mailbox)
    assert unknown.state == "placed" and not SuppressedAddress.objects.exists()
