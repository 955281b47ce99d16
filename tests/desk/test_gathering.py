"""What a batch of mail does is put down together, and stands as if each mail had come alone."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.channels.actions import understanding
from regulars.channels.models import Channel
from regulars.desk.actions import gathering, messages, states, steps
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Message, Step
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact
from tests.desk.cast import make_mailbox
from tests.desk.post import ADA, MUSA, mail, store

pytestmark = pytest.mark.django_db


def letters() -> list[bytes]:
    """New matters, answers, an answer before what it answers, a machine, our own copy, the same mail twice."""
    begun = mail("The blue shirt is torn", id="a@t", author=ADA, files={"torn.txt": b"look"})
    return [
        begun, mail("And this one?", id="b@t", author=MUSA),
        mail("Here is the number", id="c@t", author=ADA, answers="a@t"),
        mail("Last word", id="e@t", author=MUSA, answers="d@t", refers=("b@t", "d@t")),
        mail("In between", id="d@t", author=MUSA, answers="b@t"),
        mail("I am away", id="f@t", author=ADA, answers="c@t", Auto_Submitted="auto-replied"),
        begun, mail("We wrote this", id="g@t", author="help@shop.example", to="ada@example.com", answers="a@t"),
        mail("Once more", id="h@t", author=ADA, answers="g@t"),
    ]  # fmt: skip


def stands() -> list[Any]:
    """Everything that a batch wrote, by what it says instead of by its keys."""
    said = Message.objects.order_by("conversation__subject", "conversation", "pk")
    shown = ("status", "message_count", "preview", "last_author", "has_attachments")
    place = {pk: number for number, pk in enumerate(Conversation.objects.order_by("pk").values_list("pk", flat=True))}
    facts = Fact.objects.order_by("id").values_list("name", "properties")
    return [
        list(said.values_list("text", "kind", "author_kind", "external_id", "attachments__name")),
        list(Conversation.objects.order_by("pk").values_list("subject", *shown)),
        list(Step.objects.order_by("pk").values_list("verb", "actor_name")),
        sorted((place[told["conversation_id"]], name, told["status"]) for name, told in facts),
    ]


def place(mailbox: Channel, raws: list[bytes], *, batch: int, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(understanding, "BATCH", batch)
    for number, raw in enumerate(raws):
        store(raw, mailbox, source_key=f"batch{batch}:{number}")
    understanding.drain(mailbox.pk)
    return stands()


def test_a_batch_stands_as_if_each_mail_had_come_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    with transaction.atomic():
        alone = place(make_mailbox(), letters(), batch=1, monkeypatch=monkeypatch)
        transaction.set_rollback(True)
    together = place(make_mailbox(), letters(), batch=50, monkeypatch=monkeypatch)
    assert together == alone
    assert len(together[0]) == 8


def test_facts_of_a_batch_stand_in_the_order_in_which_it_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    place(make_mailbox(), letters(), batch=50, monkeypatch=monkeypatch)
    first = Conversation.objects.order_by("pk").first()
    assert first is not None
    told = Fact.objects.order_by("id").filter(properties__conversation_id=first.pk).values_list("name", flat=True)
    assert list(told)[:2] == ["conversation started", "message received"]


def test_fifty_mails_take_few_more_questions_than_five() -> None:
    def questions(count: int) -> int:
        for number in range(count):
            store(mail(f"Matter {number}"), mailbox, source_key=f"{count}:{number}")
        with CaptureQueriesContext(connection) as asked:
            understanding.drain(mailbox.pk)
        return len(asked)

    mailbox = make_mailbox()
    questions(1)
    assert questions(50) <= questions(5) + 5


def test_nothing_is_written_when_a_batch_ends_with_a_fault() -> None:
    held = Conversation.objects.get(pk=messages_begun())
    with pytest.raises(ZeroDivisionError), gathering.gathered():
        messages.take_in(held, Written(text="Lost"), by=SYSTEM)
        raise ZeroDivisionError
    assert not Message.objects.filter(text="Lost").exists()
    assert gathering.present() is None


def messages_begun() -> int:
    mailbox = make_mailbox()
    store(mail("Hello"), mailbox)
    understanding.drain(mailbox.pk)
    return Conversation.objects.values_list("pk", flat=True).get()


def test_what_changes_of_a_conversation_is_written_once_with_all_it_came_to() -> None:
    held = Conversation.objects.get(pk=messages_begun())
    with gathering.gathered():
        states.to_resolved(held, by=SYSTEM)
        states.to_open(held, by=SYSTEM)
        messages.take_in(held, Written(text="Again"), by=SYSTEM)
    found = Conversation.objects.get(pk=held.pk)
    assert (found.status, found.message_count, found.resolved_at) == ("open", 2, None)
    assert [step.verb for step in Step.objects.filter(conversation=held).order_by("pk")][-2:] == [
        "resolved",
        "reopened",
    ]
    assert steps.TOPIC == "conversation"
