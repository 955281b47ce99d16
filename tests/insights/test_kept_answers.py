"""Answers on disk: read by other processes, never after what they were counted from has changed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict

from regulars.customers.actions import merges
from regulars.customers.models import Customer
from regulars.insights import keeping_ready, kept_answers, reduced
from regulars.insights.breakdown import By
from regulars.insights.definitions import Meant
from regulars.insights.mirror import derived, erasing
from regulars.insights.mirror.names import CONSUMER
from regulars.insights.selectors import retention
from regulars.kernel import facts, page_settings, tail
from regulars.kernel.actors import SYSTEM
from regulars.web.retention.asking import Asking, asked

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
ORDER = Meant("Order Completed")
ASKED = retention.Question(ORDER, period="day")
pytestmark = pytest.mark.django_db(transaction=True)


def order(customer_id: int, day: int) -> None:
    fact = facts.NewFact(
        customer_id=customer_id,
        name="Order Completed",
        occurred_at=START + timedelta(days=day),
        message_id=f"{customer_id}-{day}",
        properties={"channel": "web"},
    )
    with transaction.atomic():
        facts.append(facts.as_columns([fact])._replace(is_trusted=[True]), source_id=1)
    tail.catch_up(CONSUMER)


@pytest.fixture(autouse=True)
def example() -> None:
    retention._answers.clear()
    for customer, day in ((1, 0), (1, 1), (2, 0), (3, 0), (3, 3)):
        order(customer, day)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[retention.Question]:
    """Every question that was worked out rather than read."""
    found: list[retention.Question] = []
    really = retention._worked_out
    monkeypatch.setattr(retention, "_worked_out", lambda question: (found.append(question), really(question))[1])
    return found


def another_process() -> None:
    """What a second web process, or the next start, does not have."""
    retention._answers.clear()
    reduced._memory.clear()


def kept() -> list[Path]:
    return sorted((Path(settings.DATA) / "derived").glob("*/answers/*"))


def test_a_second_process_reads_what_the_first_worked_out(worked_out: list[retention.Question]) -> None:
    first = retention.answer(ASKED)
    another_process()
    second = retention.answer(ASKED)
    assert (len(worked_out), second.question, second.notes) == (1, first.question, first.notes)
    assert second.table().equals(first.table())


def test_each_question_has_an_answer_of_its_own(worked_out: list[retention.Question]) -> None:
    others = [replace(ASKED, period="week"), replace(ASKED, by=By("property", "channel")), replace(ASKED, periods=3)]
    for question in [ASKED, *others]:
        retention.answer(question)
    another_process()
    assert [retention.answer(question).periods for question in [ASKED, *others]] == [30, 12, 30, 3]
    assert (len(worked_out), len(kept())) == (4, 4)


def test_a_new_fact_has_the_question_worked_out_again_and_the_old_answer_go(
    worked_out: list[retention.Question],
) -> None:
    assert retention.answer(ASKED).customers == 3
    (old,) = kept()
    order(4, 0)
    another_process()
    assert retention.answer(ASKED).customers == 4
    assert len(worked_out) == 2
    (new,) = kept()
    assert new != old


def test_a_merge_and_its_undoing_have_it_worked_out_again() -> None:
    for number in (1, 2):
        Customer.objects.create(pk=number, created_at=START)
    customers = [retention.answer(ASKED).customers]
    merge = merges.merge(2, 1, by=SYSTEM)
    another_process()
    customers.append(retention.answer(ASKED).customers)
    merges.undo(merge.pk, by=SYSTEM)
    another_process()
    assert [*customers, retention.answer(ASKED).customers] == [3, 2, 3]


def test_an_erased_customer_is_in_no_answer_on_disk(worked_out: list[retention.Question]) -> None:
    assert retention.answer(ASKED).customers == 3
    with transaction.atomic():
        erasing.erase([1])
    assert kept() == []
    another_process()
    assert retention.answer(ASKED).customers == 2
    assert len(worked_out) == 2


def test_an_erasure_that_is_rolled_back_leaves_the_answers() -> None:
    retention.answer(ASKED)
    before = kept()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        erasing.erase([1])
        raise ZeroDivisionError
    assert kept() == before != []


def test_what_was_being_worked_out_during_an_erasure_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    really = retention._worked_out

    def overtaken(question: retention.Question) -> object:
        found = really(question)
        with transaction.atomic():
            erasing.erase([1])
        return found

    monkeypatch.setattr(retention, "_worked_out", overtaken)
    retention.answer(ASKED)
    assert kept() == []
    assert not (Path(settings.DATA) / "derived" / "0").exists()


def test_a_file_cut_short_is_worked_out_again(worked_out: list[retention.Question]) -> None:
    retention.answer(ASKED)
    (path,) = kept()
    os.truncate(path, 100)
    another_process()
    assert retention.answer(ASKED).customers == 3
    assert len(worked_out) == 2
    another_process()
    retention.answer(ASKED)
    assert len(worked_out) == 2


def test_groups_by_what_is_known_of_customers_are_worked_out_anew(worked_out: list[retention.Question]) -> None:
    Customer.objects.create(pk=1, created_at=START, attributes={"plan": "free"})
    by_plan = replace(ASKED, by=By("attribute", "plan"))
    retention.answer(by_plan)
    Customer.objects.filter(pk=1).update(attributes={"plan": "paid"})
    another_process()
    assert "paid" in (retention.answer(by_plan).segments or ())
    assert (len(worked_out), kept()) == (2, [])


def test_a_full_disk_takes_no_answer_from_anybody(worked_out: list[retention.Question]) -> None:
    with unwritable(derived.folder(0)):
        assert retention.answer(ASKED).customers == 3
    assert kept() == []


def test_there_are_never_more_files_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "MOST_FILES", 3)
    for periods in range(1, 7):
        retention.answer(replace(ASKED, periods=periods))
    assert len(kept()) == 3


def test_the_worker_keeps_the_answer_a_page_asks_for_first(worked_out: list[retention.Question]) -> None:
    keeping_ready.keep_ready()
    another_process()
    form = Asking(QueryDict(""), zone=page_settings.value("time_zone"))
    assert form.is_valid()
    assert retention.answer(asked(form).question).customers == 3
    assert len(worked_out) == 1


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """A place where nothing can be written: even root cannot make a folder where a file is."""
    block = folder / kept_answers.FOLDER
    block.write_text("")
    try:
        yield
    finally:
        block.unlink()
