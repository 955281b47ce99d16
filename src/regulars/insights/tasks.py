"""Upkeep of what insights keeps."""

from regulars.insights import keeping_ready
from regulars.insights.mirror import compaction, derived
from regulars.kernel import jobs


@jobs.task("insights.compact_mirror", retry=jobs.NEVER, every="*/5 * * * *")
def compact_mirror(timestamp: int) -> None:
    """Join small files of the mirror and sweep what a crash left behind."""
    compaction.compact()
    compaction.sweep()
    derived.forget()


@jobs.task("insights.keep_ready", retry=jobs.NEVER, every="* * * * * */10", queueing_lock="insights.keep_ready")
def keep_ready(timestamp: int) -> None:
    """Reduce what came in, so that nobody waits for it on a page."""
    keeping_ready.keep_ready()
