"""Jobs whose worker died: queued again, but not for ever; those of a living worker are let be."""

import pytest
from django.db import connection

from regulars.kernel import following, jobs

pytestmark = pytest.mark.django_db(transaction=True)


def taken(*, heartbeat_seconds: float, attempts: int) -> int:
    """A job that a worker had begun, whose last sign of life is so many seconds old."""
    job_id = jobs.defer("kernel.deliver", handler="nobody", event="Nothing", payload={})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [heartbeat_seconds],
        )
        (worker_id,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
            [worker_id, attempts, job_id],
        )
    return job_id


def state(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
        return cursor.fetchone()[0]


def test_a_job_is_queued_again_when_its_worker_shows_no_life() -> None:
    job_id = taken(heartbeat_seconds=following.DEAD_AFTER_SECONDS + 1, attempts=0)
    assert following.pick_up_fallen_jobs() == 1
    assert state(job_id) == "todo"


def test_a_job_of_a_living_worker_is_let_be() -> None:
    job_id = taken(heartbeat_seconds=following.DEAD_AFTER_SECONDS - 5, attempts=0)
    assert following.pick_up_fallen_jobs() == 0
    assert state(job_id) == "doing"


def test_a_job_that_brought_its_worker_down_ten_times_is_left_as_failed() -> None:
    job_id = taken(heartbeat_seconds=60, attempts=following.MOST_STARTS)
    following.pick_up_fallen_jobs()
    assert state(job_id) == "failed"
    assert following.pick_up_fallen_jobs() == 0
