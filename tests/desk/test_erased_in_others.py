"""Who is erased is gone from the conversations of others too, and those go on as they are."""

import pytest

from regulars.channels.models import Channel
from regulars.customers.actions import erasures
from regulars.customers.models import Customer
from regulars.desk.actions import holding, indexing, merging, messages, splitting
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Message
from regulars.kernel.actors import SYSTEM, Actor
from tests.customers.test_erasures import every_text
from tests.desk.cast import ask

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
