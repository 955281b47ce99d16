"""Who is erased is gone from the conversations of others too, and those go on as they are."""

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel, Delivery, Incoming
from regulars.customers.actions import erasures
from regulars.customers.models import Customer
from regulars.desk.actions import drafts, holding, indexing, letting_go, merging, messages, splitting
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Draft, Message
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from tests.customers.test_erasures import every_text
from tests.desk.cast import ask
from tests.desk.post import mail, placed

pytestmark = pytest.mark.django_db


def shown(conversation: Conversation) -> tuple[int, str]:
    """How many messages a list says there are, and what it shows of the last."""
    conversation.refresh_from_db()
    return conversation.message_count, conversation.preview


def erase(customer: Customer) -> str:
    """Erase somebody and return every word the database holds then."""
    indexing.index(Conversation.objects.values_list("pk", flat=True))
    erasures.erase(customer.pk, by=SYSTEM)
    return every_text().casefold()


def test_what_they_wrote_in_the_conversation_of_another_goes(question: Conversation, musa: Customer) -> None:
    by = Actor("customer", musa.pk, "Musa Traoré")
    said = Written(text="I live in Zanzibar", subject="Zanzibar")
    messages.take_in(holding.hold(question.pk, by=SYSTEM), said, by=by)  # as a mail of theirs is
    left = erase(musa)
    assert [word for word in ("zanzibar", "traoré") if word in left] == []
    assert shown(question) == (1, "Where is my order?")


def test_what_was_joined_to_the_conversation_of_another_leaves_nothing_there(
    question: Conversation, musa: Customer, mailbox: Channel
) -> None:
    merging.merge(question.pk, ask(musa.pk, mailbox, "From Zanzibar").pk, by=SYSTEM)
    assert shown(question) == (2, "From Zanzibar")
    assert "zanzibar" not in erase(musa)
    assert shown(question) == (1, "Where is my order?")


def test_what_another_had_joined_to_theirs_is_shown_and_found_again(
    question: Conversation, musa: Customer, mailbox: Channel
) -> None:
    merging.merge(ask(musa.pk, mailbox, "From Zanzibar").pk, question.pk, by=SYSTEM)
    assert "zanzibar" not in erase(musa)
    assert (shown(question), question.merged_into_id) == ((1, "Where is my order?"), None)
    assert "order" in indexing.words_in([question.pk])


def test_what_was_split_off_with_words_of_another_loses_those(
    question: Conversation, musa: Customer, mailbox: Channel, ada: Customer
) -> None:
    theirs = ask(musa.pk, mailbox, "From Zanzibar")
    merging.merge(question.pk, theirs.pk, by=SYSTEM)
    messages.receive(question.pk, Written(text="And mine?"), by=Actor("customer", ada.pk))
    begun = splitting.split(Message.objects.get(conversation=theirs).pk, by=SYSTEM, subject="Another")
    assert "from zanzibar" not in erase(musa)
    assert (shown(begun), shown(question)) == ((1, "And mine?"), (1, "Where is my order?"))


ADA, MUSA, BO = (
    {"name": name, "address": f"{name}@{house}"}
    for name, house in (("Ada", "example.com"), ("Musa", "Example.com"), ("Bo", "friends.example"))
)


def test_whom_a_mail_of_another_names_is_not_named_in_it_any_more(musa: Customer, mailbox: Channel) -> None:
    both = "help@shop.example, Musa <Musa@Example.com>"
    said = placed(mail("For all of us", to=both, cc="bo@friends.example"), mailbox)
    assert b"Musa" in bytes(Incoming.objects.get(pk=said.incoming_id).raw)
    assert "musa@example.com" not in erase(musa)
    said.refresh_from_db()
    to, cc = said.recipients["to"], said.recipients["cc"]
    assert [one["address"] for one in (*to, *cc)] == ["help@shop.example", "bo@friends.example"]
    assert said.text == "For all of us" and Incoming.objects.get(pk=said.incoming_id).state == "placed"


def test_what_was_written_to_them_and_others_goes_to_the_others_alone(
    question: Conversation, musa: Customer, ines: Agent
) -> None:
    to_all = {"to": [MUSA], "cc": [ADA, BO]}
    later = [messages.reply(question.pk, Written(text=text, recipients=to_all), by=SYSTEM) for text in ("One", "Two")]
    drafts.save(question.pk, by=ines.actor, text="Three", recipients=to_all)
    with clock.frozen(later[1].due_at):
        letting_go.let_go(later[0].pk)
        for rows in (Message.objects.filter(pk=later[0].pk), Delivery.objects.all()):
            rows.update(trouble="550 <Musa@example.com>: no such user")
        erasures.erase(musa.pk, by=SYSTEM)
        letting_go.let_go(later[1].pk)
    left = (Delivery.objects.order_by("pk")[0].trouble, Message.objects.get(pk=later[0].pk).trouble)
    assert left == ("", "")
    letters = [row.letter for row in Delivery.objects.order_by("pk")]
    assert [(letter["text"], letter["to"], letter["cc"]) for letter in letters] == [
        ("One", [ADA, BO], []),
        ("Two", [ADA, BO], []),
    ]
    assert Draft.objects.get().recipients == {"to": [ADA, BO], "cc": []}


def test_what_was_written_to_them_alone_goes_to_nobody(question: Conversation, musa: Customer) -> None:
    to_musa = {"to": [MUSA]}
    later = [messages.reply(question.pk, Written(text=text, recipients=to_musa), by=SYSTEM) for text in ("One", "Two")]
    with clock.frozen(later[1].due_at):
        letting_go.let_go(later[0].pk)
        erasures.erase(musa.pk, by=SYSTEM)
        letting_go.let_go(later[1].pk)
    assert not Delivery.objects.exists()
    assert list(Message.objects.filter(pk__in=[one.pk for one in later]).values_list("state", flat=True)) == [
        "cancelled", "cancelled",
    ]  # fmt: skip
