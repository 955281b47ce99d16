"""Jobs that fail or fall: tried again as they say and no oftener, and never in the way of the next one for good."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry

from regulars.kernel import following, jobs, working

pytestmark = pytest.mark.django_db(transaction=True)
DIED = following.DEAD_AFTER_SECONDS + 1


@pytest.fixture
def done() -> Iterator[list[str]]:
    """Tasks that fail, each with another patience; what they were asked is remembered."""
    asked: list[str] = []

    def fail(what: str) -> None:
        asked.append(what)
        if len(asked) > 5:
            raise KeyboardInterrupt  # it would go on for ever
        raise OSError("the disk is full")

    names = {"failing.never": jobs.NEVER, "failing.patient": jobs.PATIENT, "failing.steady": jobs.STEADY}
    for name, retry in names.items():
        jobs.task(name, retry=retry)(fail)
    _forget_all()
    yield asked
    _forget_all()
    for name in names:
        del app.tasks[name]


def _forget_all() -> None:
    """Jobs are not among what is emptied after a test."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'failing.%'")


def work() -> None:
    """Do every job that is due, as a worker does, and stop."""

    async def until_there_is_nothing_left() -> None:
        async with working.as_a_worker() as worker:
            worker.periodic_registry = PeriodicRegistry()
            await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    def alone() -> None:
        asyncio.run(until_there_is_nothing_left())
        connections.close_all()

    worker = threading.Thread(target=alone)
    worker.start()
    worker.join()


def jobs_there() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name LIKE 'failing.%' ORDER BY id"
        )
        return cursor.fetchall()


def begun_by_one_who_died(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH died AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM died) WHERE id = %s",
            [DIED, job_id],
        )


def test_what_is_never_tried_again_fails_once(done: list[str]) -> None:
    jobs.defer("failing.never", what="the tick")
    work()
    assert (done, jobs_there()) == (["the tick"], [("failed", 1)])


def test_what_is_patient_waits_before_it_is_tried_again(done: list[str]) -> None:
    jobs.defer("failing.patient", what="a letter")
    work()
    assert (done, jobs_there()) == (["a letter"], [("todo", 1)])


def test_what_is_steady_is_tried_again_soon_however_often_it_failed(done: list[str]) -> None:
    """Nothing else with its name can be queued meanwhile: mail would wait for hours after a full disk was emptied."""
    job_id = jobs.defer("failing.steady", what="mail")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 50 WHERE id = %s", [job_id])
        work()
        cursor.execute(
            "SELECT scheduled_at < now() + interval '20 seconds' FROM procrastinate_jobs WHERE id = %s", [job_id]
        )
        assert cursor.fetchall() == [(True,)]
    assert (done, jobs_there()) == (["mail"], [("todo", 51)])


def test_what_fails_gives_way_to_the_next_with_its_name(done: list[str]) -> None:
    """Else it would stay begun for good, and with it the lock of both: no mail would be read on that channel."""

    def another_comes(what: str) -> None:
        done.append(what)
        if what == "first":
            assert jobs.defer_once("failing.joined", queueing_lock="box", lock="box", what="second")
            connection.close()
            raise OSError("the disk is full")

    jobs.task("failing.joined", retry=jobs.STEADY)(another_comes)
    jobs.defer_once("failing.joined", queueing_lock="box", lock="box", what="first")
    work()
    del app.tasks["failing.joined"]
    assert (done, jobs_there()) == (["first", "second"], [("succeeded", 1)])


def test_what_fell_gives_way_to_the_next_with_its_name_and_all_others_are_taken_up(done: list[str]) -> None:
    first = jobs.defer("failing.steady", what="first", lock="box", queueing_lock="box")
    begun_by_one_who_died(first)
    jobs.defer("failing.steady", what="second", lock="box", queueing_lock="box")
    other = jobs.defer("failing.steady", what="other")
    begun_by_one_who_died(other)
    assert following.pick_up_fallen_jobs() == 2
    work()
    assert sorted(done) == ["other", "second"]
    assert following.pick_up_fallen_jobs() == 0


def test_ticks_that_failed_are_forgotten_and_other_failures_stay(done: list[str]) -> None:
    app.periodic(cron="* * * * *")(app.tasks["failing.never"])
    jobs.defer("failing.never", what="tick")
    work()
    assert jobs.forget_failed_ticks(timedelta(hours=24)) == 0
    del app.periodic_registry.periodic_tasks[("failing.never", "")]
    assert jobs.forget_failed_ticks(timedelta()) == 0
    app.periodic(cron="* * * * *")(app.tasks["failing.never"])
    assert jobs.forget_failed_ticks(timedelta()) == 1
    del app.periodic_registry.periodic_tasks[("failing.never", "")]
    assert jobs_there() == []
