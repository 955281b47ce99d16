"""A worker's side of the queue, and what becomes of a job that cannot be queued again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

log = structlog.get_logger(__name__)


class GivingWay(JobManager):
    """Queues a job again, unless the next one with its queueing lock waits already: that one does the same.

    Only one job with a queueing lock may wait. A job that could not be queued again would stay begun, and where
    both have a lock, as those of a mailbox have, it would hold up the one that waits for good.
    """

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Queue it again, or take it away."""
        try:
            await super().retry_job(job, retry_at=retry_at, priority=priority, queue=queue, lock=lock)
        except UniqueViolation:
            log.info("a job gives way to the next one, which waits already", task=job.task_name, job_id=job.id)
            await self.finish_job(job, Status.FAILED, delete_job=True)


def job_manager() -> JobManager:
    """The queue by Django's connection of this thread."""
    return GivingWay(app.connector)


@asynccontextmanager
async def as_a_worker() -> AsyncIterator[App]:
    """The queue with connections of its own, for as long as a worker works."""
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    working = app.with_connector(connector.get_worker_connector())
    working.job_manager = GivingWay(working.connector)
    async with working.open_async():
        yield working
