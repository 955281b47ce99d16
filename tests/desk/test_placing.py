"""Every mail to its place, once."""

import pytest

from regulars.channels.models import Channel, Incoming
from regulars.customers.models import Customer
from regulars.desk.models import Attachment, Conversation, Message
from tests.desk.post import ADA, HELP, counts, deliver, mail, placed

pytestmark = pytest.mark.django_db


def test_a_first_mail_begins_a_conversation_with_its_sender(mailbox: Channel) -> None:
    message = placed(
        mail("Where is it?\n\n> you said soon\n", subject="Order 12", files={"../a.txt": b"hello"}), mailbox
    )
    held = message.conversation
    assert (held.subject, held.status, held.channel_id) == ("Order 12", "open", mailbox.pk)
    assert held.waiting_since == message.at
    assert held.customer.name == "Ada Moreno" and held.customer.email == "ada@example.com"
    assert held.customer.known_at is not None
    assert held.customer.identities.get().verified_at is None
    assert message.recipients["from"] == [{"name": "Ada Moreno", "address": "ada@example.com"}]
    file = Attachment.objects.get(message=message)
    assert (file.name, file.size) == ("a.txt", 5)


def test_the_same_mail_twice_is_one_message_and_its_bytes_are_kept_once(mailbox: Channel) -> None:
    raw = mail(id="one@example.com")
    placed(raw, mailbox)
    again = deliver(b"Received: by another way\r\n" + raw, mailbox)
    assert (again.state, again.trouble, bytes(again.raw)) == ("dropped", "The same mail came before.", b"")
    assert counts() == (1, 1)


def test_the_same_id_with_other_words_is_another_message(mailbox: Channel) -> None:
    placed(mail("First.", id="one@example.com"), mailbox)
    placed(mail("Second.", id="one@example.com"), mailbox)
    assert Message.objects.count() == 2


def test_who_is_known_already_keeps_their_name(mailbox: Channel, ada: Customer) -> None:
    message = placed(mail(author="Somebody Else <ada@example.com>"), mailbox)
    assert message.conversation.customer == ada
    ada.refresh_from_db()
    assert ada.name == "Ada Moreno" and message.author_name == "Somebody Else"


def test_a_mail_from_nobody_finds_its_place_too(mailbox: Channel) -> None:
    message = placed(b"Subject: no sender\r\n\r\nHello?\r\n", mailbox)
    assert message.text.strip() == "Hello?"
    assert Incoming.objects.get().state == "placed"


def test_two_mails_without_id_and_date_are_two_messages(mailbox: Channel) -> None:
    raw = b"From: ada@example.com\r\nSubject: yes\r\n\r\nYes.\r\n"
    assert placed(raw, mailbox).pk != placed(raw, mailbox).pk


def test_automatic_mail_is_shown_and_changes_nobodys_turn(mailbox: Channel) -> None:
    first = placed(mail(id="one@example.com"), mailbox)
    Conversation.objects.update(status="resolved", resolved_at=first.at, waiting_since=None)
    answer = placed(mail("I am away.", answers="one@example.com", Auto_Submitted="auto-replied"), mailbox)
    held = answer.conversation
    held.refresh_from_db()
    assert (held.pk, held.status, held.waiting_since) == (first.conversation_id, "resolved", None)
    assert answer.is_automatic and answer.automatic_reason == "auto-submitted"


def test_machines_begin_only_so_many_conversations_a_day(mailbox: Channel) -> None:
    mailbox.settings = {"automatic_per_day": 3}
    mailbox.save()
    for number in range(7):
        placed(mail(f"Alarm {number}", author="alarm@example.com", Precedence="bulk"), mailbox)
    assert counts() == (3, 7)
    placed(mail("A person", author="alarm@example.com"), mailbox)
    assert counts() == (4, 8)


def test_a_form_that_writes_as_us_names_the_customer_in_reply_to(mailbox: Channel) -> None:
    message = placed(mail(author=HELP, Reply_To=ADA), mailbox)
    assert message.conversation.customer.email == "ada@example.com"
    assert message.author_kind == "customer"
