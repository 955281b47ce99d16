"""What is sent through a form becomes a conversation once, and whoever sent it is told."""

import os
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction

from regulars.accounts.actions import teams
from regulars.channels.actions import forms, incoming, pausing
from regulars.channels.errors import FormChanged, FormIsOff, SiteNotUsable, SlugTaken
from regulars.channels.models import Channel, Delivery, Incoming
from regulars.channels.webform.definitions import Field, Form
from regulars.channels.webform.submissions import Answer, SentFile
from regulars.customers.actions import erasures
from regulars.customers.models import Customer, Identity
from regulars.desk.actions import field_definitions, letting_go, messages
from regulars.desk.actions import files as sweeping
from regulars.desk.actions.messages import Written
from regulars.desk.models import Attachment, Conversation, FieldDefinition, Message
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact
from tests.desk.asking_by_form import fresh, make_form, place, send
from tests.desk.cast import make_agent
from tests.desk.post import deliver, mail

pytestmark = pytest.mark.django_db


def test_a_form_that_is_sent_is_stored_first_and_then_becomes_a_conversation() -> None:
    door = make_form(priority=2, label="Website", team_id=teams.create("Orders", by=SYSTEM, agent_ids=[]).pk)
    digest = files.store(b"a picture")
    send(door, files=(SentFile(digest, "bag.png", "image/png", 9),))
    came = Incoming.objects.get()
    assert (came.state, came.envelope) == ("stored", {"from": "musa@example.com"})
    assert not Conversation.objects.exists()
    assert place(door) == 1
    held = Conversation.objects.get()
    assert (held.subject, held.priority, held.status, held.channel_id) == ("A torn bag", 2, "open", door.id)
    assert held.team is not None and held.team.name == "Orders"
    assert [label.name for label in held.labels.all()] == ["Website"]
    assert held.fields == {"order_number": "20318"}
    said = Message.objects.get()
    assert said.text == "It came torn.\n\nOrder number: 20318"
    assert said.recipients == {"from": [{"name": "Musa Traoré", "address": "musa@example.com"}]}
    assert [(each.name, each.digest) for each in Attachment.objects.all()] == [("bag.png", digest)]
    came.refresh_from_db()
    assert (came.state, said.incoming_id) == ("placed", came.pk)


def test_answers_fill_the_companys_own_fields_as_what_these_take() -> None:
    for label, kind, choices in (
        ("Boxes", "number", []),
        ("Gift", "yes or no", []),
        ("Topic", "choice", [{"label": "Returns"}]),
    ):
        field_definitions.define(label, kind=kind, choices=choices, by=SYSTEM)
    keys = dict(FieldDefinition.objects.values_list("label", "key"))
    gift = Field(id="gift", kind="checkbox", label="Is it a gift?", key=keys["Gift"])
    door = make_form(fields=(gift,))
    said = {keys["Boxes"]: "2", keys["Gift"]: "ja", keys["Topic"]: "returns", "Colour": "Red"}
    send(door, answers=tuple(Answer(key, key, value) for key, value in said.items()))
    place(door)
    returns = FieldDefinition.objects.get(label="Topic").choices[0]["key"]
    expected = {keys["Boxes"]: 2, keys["Gift"]: True, keys["Topic"]: returns, "Colour": "Red"}
    assert Conversation.objects.get().fields == expected


def test_an_answer_that_does_not_fit_its_field_stands_in_the_message_alone() -> None:
    boxes = field_definitions.define("Boxes", kind="number", by=SYSTEM)
    door = make_form()
    send(door, answers=(Answer(boxes.key, "How many boxes?", "a few"),))
    place(door)
    assert Conversation.objects.get().fields == {}
    assert Message.objects.get().text.endswith("How many boxes? a few")


def test_the_sender_is_recognised_by_address_and_verified_by_nothing(musa: Customer) -> None:
    Identity.objects.filter(value="musa@example.com").update(verified_at=None)
    door = make_form()
    send(door)
    place(door)
    assert Conversation.objects.get().customer_id == musa.pk
    assert Identity.objects.get(value="musa@example.com").verified_at is None


def test_the_fact_counts_with_the_channel_of_the_form() -> None:
    door = make_form()
    send(door)
    place(door)
    fact = Fact.objects.get(name="message received")
    assert (fact.properties["channel_id"], fact.properties["automatic"]) == (door.id, False)


def test_the_same_form_sent_twice_is_one_conversation_and_other_words_need_another_token() -> None:
    door = make_form()
    token = fresh(door)
    assert send(door, token=token) is True
    assert send(door, token=token) is False
    with pytest.raises(FormChanged):
        send(door, token=token, message="And it is late.")
    place(door)
    place(door)
    assert (Incoming.objects.count(), Conversation.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_a_form_that_is_switched_off_takes_nothing() -> None:
    door = make_form()
    pausing.pause(door.id, by=SYSTEM)
    with pytest.raises(FormIsOff):
        send(door)
    assert not Incoming.objects.exists()


def test_what_cannot_be_placed_waits_among_the_dead_and_is_placed_when_run_again() -> None:
    door = make_form()
    send(door)
    with patch("regulars.desk.actions.placing_forms.labels.put_on", side_effect=ValueError("broken")):
        forms.change(door.id, Form(slug="contact", title="Contact us", label="Website"), by=SYSTEM)
        place(door)
    dead = Incoming.objects.get()
    assert (dead.state, dead.trouble) == ("dead", "It could not be placed: ValueError: broken")
    assert not Conversation.objects.exists()
    incoming.run_again(dead.pk, by=SYSTEM)
    place(door)
    assert Conversation.objects.get().subject == "A torn bag"


def test_bytes_that_are_no_form_are_dead_and_stop_no_other() -> None:
    door = make_form()
    incoming.store(door.id, b"not json", source_key="form:x")
    send(door)
    place(door)
    assert list(Incoming.objects.order_by("pk").values_list("state", flat=True)) == ["dead", "placed"]


def test_who_was_erased_does_not_come_back_through_a_form(musa: Customer) -> None:
    erasures.erase(musa.pk, by=SYSTEM)
    door = make_form()
    send(door)
    place(door)
    row = Incoming.objects.get()
    assert (row.state, bytes(row.raw), row.envelope) == ("dropped", b"", {})
    assert not Conversation.objects.exists() and not Customer.objects.exists()


def test_a_file_of_a_form_that_waits_is_not_swept_away_and_one_of_nobody_is() -> None:
    door = make_form()
    digest = files.store(b"a picture")
    send(door, files=(SentFile(digest, "bag.png", "image/png", 9),))
    assert sweeping.sweep([digest]) == 0 and files.read(digest) == b"a picture"
    Incoming.objects.update(state="dead")
    assert sweeping.sweep([digest]) == 0
    Incoming.objects.update(state="dropped")
    assert sweeping.sweep([digest]) == 1


def test_what_nothing_has_named_for_a_month_is_swept_away_and_nothing_else() -> None:
    door = make_form()
    placed, waits, nobodys, young = (files.store(content) for content in (b"placed", b"waits", b"nobodys", b"young"))
    send(door, files=(SentFile(placed, "a.png", "image/png", 6),))
    place(door)
    send(door, files=(SentFile(waits, "b.png", "image/png", 5),), email="else@example.com")
    for digest in (placed, waits, nobodys):
        long_ago = (clock.now() - timedelta(days=32)).timestamp()
        os.utime(files.path(digest), (long_ago, long_ago))
    assert sweeping.sweep_nobodys() == 1
    assert {digest for digest, _ in files.stored()} == {placed, waits, young}


def test_whoever_wrote_is_told_by_the_forms_mailbox_with_none_of_their_words(mailbox: Channel) -> None:
    door = make_form(mailbox_id=mailbox.pk)
    send(door)
    place(door)
    delivery = Delivery.objects.get()
    assert (delivery.channel_id, delivery.letter["to"]) == (mailbox.pk, [{"name": "", "address": "musa@example.com"}])
    assert delivery.letter["is_automatic"] and delivery.letter["subject"] == "We have your message (Contact us)"
    assert "torn" not in str(delivery.letter) and "Musa" not in str(delivery.letter)
    assert Message.objects.get().external_id == delivery.external_id


def test_without_a_mailbox_no_mail_leaves_and_an_answer_waits_to_be_read() -> None:
    door = make_form()
    send(door)
    place(door)
    bo = make_agent("Bo")
    reply = messages.reply(Conversation.objects.get().pk, Written(text="We send another."), by=bo.actor)
    Message.objects.filter(pk=reply.pk).update(due_at=reply.created_at)
    let_go = letting_go.let_go(reply.pk)
    assert let_go is not None and let_go.state == "sent"
    assert not Delivery.objects.exists()


def test_nobody_is_told_at_our_own_address(mailbox: Channel) -> None:
    door = make_form(mailbox_id=mailbox.pk)
    send(door, email="help+x@shop.example")
    place(door)
    assert Conversation.objects.count() == 1 and not Delivery.objects.exists()
    assert not Identity.objects.filter(kind="email").exists()


def test_an_answer_leaves_through_the_forms_mailbox_in_the_thread_of_the_confirmation(mailbox: Channel) -> None:
    door = make_form(mailbox_id=mailbox.pk)
    send(door)
    place(door)
    confirmed = Delivery.objects.get()
    bo = make_agent("Bo")
    reply = messages.reply(Conversation.objects.get().pk, Written(text="We send another."), by=bo.actor)
    Message.objects.filter(pk=reply.pk).update(due_at=reply.created_at)
    let_go = letting_go.let_go(reply.pk)
    assert let_go is not None and (let_go.state, let_go.channel_id) == ("leaving", mailbox.pk)
    letter = Delivery.objects.exclude(pk=confirmed.pk).get().letter
    assert (letter["channel_id"], letter["in_reply_to"]) == (mailbox.pk, confirmed.external_id)
    assert letter["to"] == [{"name": "Musa Traoré", "address": "musa@example.com"}]


def test_an_answer_to_the_confirmation_comes_back_into_the_same_conversation(mailbox: Channel) -> None:
    door = make_form(mailbox_id=mailbox.pk)
    send(door)
    place(door)
    confirmed = Delivery.objects.get()
    deliver(
        mail("And it is wet.", author="musa@example.com", id="musa-1@example.com", answers=confirmed.external_id),
        mailbox,
    )
    held = Conversation.objects.get()
    assert [(each.text, each.channel_id) for each in Message.objects.filter(conversation=held).order_by("pk")] == [
        ("It came torn.\n\nOrder number: 20318", door.id), ("And it is wet.", mailbox.pk)
    ]  # fmt: skip


def test_two_forms_never_share_an_address() -> None:
    make_form()
    with pytest.raises(SlugTaken):
        make_form(title="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.create(
            kind="form", name="x", settings={"slug": "contact"}, created_at=Channel.objects.get().created_at
        )
    assert Channel.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("shop.example", "https://shop.example"),
        ("https://www.Shop.example/", "https://www.shop.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://*.shop.example", "https://*.shop.example"),
    ],
)
def test_a_site_is_kept_as_a_policy_names_it(typed: str, kept: str) -> None:
    assert forms.site(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "*", "https://a.example; script-src *", "https://a.example/path", "javascript:alert(1)", "'self'",
        "https://u@a.example", "a.example:99999",
    ],
)  # fmt: skip
def test_what_could_widen_the_policy_is_refused(typed: str) -> None:
    with pytest.raises(SiteNotUsable):
        forms.site(typed)
