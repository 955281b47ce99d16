"""Whatever changes who a customer is, their conversations are found by it, and no longer by what it was."""

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.actions import attributes, merges, profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.models import Customer
from regulars.desk.actions import indexing, renaming
from regulars.desk.models import Conversation, Word
from regulars.desk.selectors.searching import search
from regulars.kernel import clock
from tests.customers.cast import INES
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db


def queued() -> list[list[int]]:
    jobs = ProcrastinateJob.objects.filter(task_name=renaming.WRITE).order_by("id")
    return [job.args["conversation_ids"] for job in jobs]


def found(text: str, by: Agent) -> list[int]:
    """After the jobs that stand in the queue were done twice, as any may be."""
    for ids in queued() * 2:
        renaming.write(ids)
    return [row.pk for row in search(text, by=by.actor).rows]


@pytest.fixture
def known(question: Conversation) -> Conversation:
    """A conversation the search knows as it was."""
    indexing.index([question.pk])
    return question


def test_who_is_renamed_is_found_by_the_new_name_alone(known: Conversation, ada: Customer, ines: Agent) -> None:
    attributes.rename(ada.pk, "Ada Lindqvist")
    assert found("lindqvist", ines) == [known.pk]
    assert found('"moreno"', ines) == []
    assert set(Word.objects.filter(text__in=["moreno", "lindqvist", "order"]).values_list("text", flat=True)) == {
        "lindqvist",
        "order",
    }


def test_a_name_that_others_still_have_stays_a_word(
    known: Conversation, ada: Customer, musa: Customer, mailbox: Channel
) -> None:
    indexing.index([ask(musa.pk, mailbox, "Moreno told me.").pk])
    attributes.rename(ada.pk, "Ada Lindqvist")
    renaming.write([known.pk])
    assert Word.objects.filter(text="moreno").exists()


def test_a_further_address_is_found(known: Conversation, ada: Customer, ines: Agent) -> None:
    recognition.attach([(ada.pk, "email", "lin@home.example")], source_id=1, at=clock.now(), is_verified=True)
    profiles.refresh_search([ada.pk])
    assert found("lin@home.example", ines) == [known.pk]
    assert found('"lin@home.example"', ines) == [known.pk]


def test_who_is_merged_is_found_as_the_other_until_it_is_undone(
    known: Conversation, ada: Customer, musa: Customer, ines: Agent
) -> None:
    merge = merges.merge(musa.pk, ada.pk, by=INES)
    assert found("traore", ines) == [known.pk]
    merges.undo(merge.pk, by=INES)
    assert found("traore", ines) == []
    assert found("moreno", ines) == [known.pk]


def test_many_at_once_are_few_jobs_the_latest_first(
    ada: Customer, musa: Customer, mailbox: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [ask(customer.pk, mailbox).pk for customer in (ada, musa, ada)]
    monkeypatch.setattr(renaming, "A_JOB", 2)
    profiles.apply_traits([Traits(ada.pk, name="Ada Lindqvist"), Traits(musa.pk, name="Musa Keita")])
    assert queued() == [[ids[2], ids[1]], [ids[0]]]


def test_nothing_is_queued_where_nothing_is_found_otherwise(
    known: Conversation, ada: Customer, musa: Customer, django_assert_num_queries: Any
) -> None:
    profiles.apply_traits([Traits(ada.pk, name="ada  MORENO", language="de", attributes={"plan": "gold"})])
    profiles.apply_traits([Traits(musa.pk, name="Musa Keita")])  # who never wrote
    assert queued() == []
    with django_assert_num_queries(3):  # the third queues
        renaming.write_later([ada.pk, musa.pk] * 3)
