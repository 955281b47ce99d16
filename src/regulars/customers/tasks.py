"""Upkeep of customers."""

from regulars.customers.actions import erasures
from regulars.customers.portal import sessions
from regulars.customers.tracking import rejected
from regulars.kernel import jobs


@jobs.task(erasures.FINISH, retry=jobs.PATIENT)
def finish_erasure(erasure_id: int) -> None:
    """Finish an erasure, whether or not a crash came between."""
    erasures.finish(erasure_id)


@jobs.task("customers.prune_rejected", retry=jobs.NEVER, every="41 * * * *")
def prune_rejected(timestamp: int) -> None:
    """Forget old notes of what programs sent wrongly."""
    rejected.prune()


@jobs.task("customers.tidy_portal", retry=jobs.NEVER, every="23 * * * *")
def tidy_portal(timestamp: int) -> None:
    """Forget customers' links and sessions that are over."""
    sessions.tidy()
