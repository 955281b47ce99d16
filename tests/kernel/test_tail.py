"""Reading the log in batches, safely."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from regulars.kernel import facts, tail
from regulars.kernel.models import Cursor

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def append(*message_ids: str) -> None:
    new = [facts.NewFact(customer_id=1, name="Page Viewed", occurred_at=AT, message_id=m) for m in message_ids]
    with transaction.atomic():
        facts.append(facts.as_columns(new), source_id=1)


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """A consumer called `test`, three facts at a time, that remembers what it saw."""
    messages: list[str] = []
    tail.consumer("test", batch=3)(lambda batch, before: messages.extend(fact.message_id for fact in batch))
    yield messages
    del tail.CONSUMERS["test"]


@pytest.mark.django_db(transaction=True)
def test_a_consumer_sees_every_fact_once_and_in_order(seen: list[str]) -> None:
    append("a", "b")
    append("c", "d", "e")
    assert [tail.advance("test") for _ in range(3)] == [3, 2, 0]
    append("f")
    assert tail.catch_up("test") == 1
    assert seen == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_commits_late_is_not_skipped(seen: list[str]) -> None:
    """An id handed out early may commit after a later one; a highest-id watermark would lose it."""
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            append("early id, late commit")
            written.set()
            may_commit.wait(10)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    written.wait(10)
    append("late id, early commit")
    assert tail.catch_up("test") == 0
    may_commit.set()
    writer.join()
    assert tail.catch_up("test") == 2
    assert seen == ["early id, late commit", "late id, early commit"]


@pytest.mark.django_db(transaction=True)
def test_a_failed_effect_leaves_the_cursor_where_it_was() -> None:
    def fail(batch: list[tail.LoggedFact], before: tail.Position) -> None:
        raise OSError("disk full")

    tail.consumer("test")(fail)
    append("a")
    try:
        with pytest.raises(OSError, match="disk full"):
            tail.advance("test")
        assert not Cursor.objects.filter(consumer="test").exclude(tx=0).exists()
        assert tail.lag("test") == 1
    finally:
        del tail.CONSUMERS["test"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_read_the_same_batch(seen: list[str]) -> None:
    append("a")
    tail.catch_up("test")
    append("b")
    result: list[int] = []
    with transaction.atomic():
        Cursor.objects.select_for_update().get(consumer="test")

        def other() -> None:
            result.append(tail.advance("test"))
            connection.close()

        worker = threading.Thread(target=other)
        worker.start()
        worker.join()
    assert (result, seen) == ([0], ["a"])


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_facts_of_the_old_epoch_are_settled_whatever_their_transaction(seen: list[str]) -> None:
    append("a")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_fact SET tx = 9e15::bigint")
        assert tail.catch_up("test") == 0
        cursor.execute("UPDATE kernel_logepoch SET epoch = 2")
    assert tail.catch_up("test") == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_logepoch SET epoch = 1")
