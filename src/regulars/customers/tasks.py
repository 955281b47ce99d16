"""Upkeep of customers."""

from regulars.customers.actions import erasures
from regulars.kernel import jobs


@jobs.task(erasures.FINISH, retry=jobs.PATIENT)
def finish_erasure(erasure_id: int) -> None:
    """Finish an erasure, whether or not a crash came between."""
    erasures.finish(erasure_id)
