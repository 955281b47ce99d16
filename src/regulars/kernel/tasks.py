"""Upkeep of what the kernel keeps."""

from datetime import timedelta

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app

from regulars.kernel import jobs, live

KEPT_HOURS = 24


@jobs.task("kernel.prune_jobs", retry=jobs.NEVER, every="17 * * * *")
async def prune_jobs(timestamp: int) -> None:
    """Forget jobs that succeeded a day ago; failed ones stay until somebody has looked."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_cancelled=True)
    await sync_to_async(jobs.forget_failed_ticks)(timedelta(hours=KEPT_HOURS))


@jobs.task("kernel.forget_changes", retry=jobs.NEVER, every="*/10 * * * *")
def forget_changes(timestamp: int) -> None:
    """Forget what open pages were told an hour ago."""
    live.forget()
