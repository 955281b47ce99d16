"""Whatever changes who a customer is, their conversations are found by it, and no longer by what it was."""

from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

import regulars
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.actions import attributes, merges, profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.models import Customer
from regulars.desk.actions import indexing, moving_people, renaming
from regulars.desk.models import Conversation, Word
from regulars.desk.moving.forms import Person
from regulars.desk.selectors.searching import search
from regulars.kernel import clock
from tests.customers.cast import INES
from tests.desk.cast import ask

SOURCES = Path(regulars.__file__).parent

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


def test_a_further_address_that_another_desk_knew_is_found(known: Conversation, ada: Customer, ines: Agent) -> None:
    archive = [Person(email="ada@example.com", emails=("ada.l@home.example",)), Person(email="new@shop.example")]
    moving_people.meet(archive, kind="zendesk", is_dry=True)
    assert queued() == []
    for _ in range(2):
        moving_people.meet(archive, kind="zendesk", is_dry=False)
    assert queued() == [[known.pk]]
    assert found("ada.l@home.example", ines) == found("from:ada.l@home.example", ines) == [known.pk]


def test_whatever_gives_somebody_a_further_address_has_their_words_written_anew() -> None:
    """Each does it in its own way; one that does not would leave what was written before unfound."""
    modules = [path.read_text("utf-8") for path in SOURCES.rglob("*.py")]
    giving = [text for text in modules if "recognition.attach(" in text]
    assert len(giving) >= 5
    assert all("profiles.apply_traits(" in text or "profiles.refresh_search(" in text for text in giving)


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
