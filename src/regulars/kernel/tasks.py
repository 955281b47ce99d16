"""Upkeep of what the kernel keeps."""

from procrastinate.contrib.django import app

from regulars.kernel import jobs

KEPT_HOURS = 24


@jobs.task("kernel.prune_jobs", retry=jobs.NEVER, every="17 * * * *")
async def prune_jobs(timestamp: int) -> None:
    """Forget jobs that succeeded a day ago; failed ones stay until somebody has looked."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_cancelled=True)
