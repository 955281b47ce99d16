"""Jobs on the same PostgreSQL: deferred by name, in the same transaction, run at least once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate import BaseRetryStrategy, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job


class Never(BaseRetryStrategy):
    """Not tried again: it stays failed and is shown. (To `RetryStrategy` no attempts at all mean no end of them.)"""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> None:
        """None, whatever happened."""


# Faults pass: four seconds, then sixteen, a minute, ... up to a day; then it stays failed and is shown.
PATIENT = RetryStrategy(max_attempts=8, exponential_wait=4)
# While it waits to be tried again, nothing else with its queueing lock is queued: so it never waits for long.
STEADY = RetryStrategy(wait=15)
NEVER = Never()

_FORGET_TICKS = """
DELETE FROM procrastinate_jobs AS job
WHERE status = 'failed' AND task_name = ANY (%s)
  AND NOT EXISTS (SELECT FROM procrastinate_events WHERE job_id = job.id AND at > now() - make_interval(secs => %s))
"""


def task(
    name: str,
    *,
    retry: BaseRetryStrategy,
    every: str | None = None,
    queue: str = "default",
    aliases: list[str] | None = None,
    **options: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a task. Its retry is always said; its name is stored in jobs, so a rename keeps an alias.

    `every` is a cron line (five fields, or six with the seconds last); the task then gets the tick's
    Unix time as its one argument `timestamp`.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        declared = app.task(name=name, retry=retry, queue=queue, aliases=aliases, **options)(function)
        if every is not None:
            app.periodic(cron=every)(declared)
        return function

    return register


def defer(
    task_name: str,
    /,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    at: datetime | None = None,
    priority: int = 0,
    queue: str = "default",
    **arguments: Any,
) -> int:
    """Queue a job in the present transaction; arguments are JSON values."""
    return app.configure_task(
        task_name, lock=lock, queueing_lock=queueing_lock, schedule_at=at, priority=priority, queue=queue
    ).defer(**arguments)


def defer_once(task_name: str, /, *, queueing_lock: str, lock: str | None = None, **arguments: Any) -> bool:
    """Queue a job unless one with this queueing lock waits to begin already; false when one does."""
    if _waits(queueing_lock):
        return False
    try:
        with transaction.atomic():
            defer(task_name, lock=lock, queueing_lock=queueing_lock, **arguments)
    except AlreadyEnqueued:
        return False
    return True


def forget_failed_ticks(older: timedelta) -> int:
    """Forget ticks of the schedule that failed longer ago: one that fails each time would fill the table."""
    ticks = sorted({name for name, _ in app.periodic_registry.periodic_tasks})
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_TICKS, [ticks, older.total_seconds()])
        return cursor.rowcount


def _waits(queueing_lock: str) -> bool:
    """Asked first, as a refused insert costs several times as much."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [queueing_lock])
        return cursor.fetchone() is not None
