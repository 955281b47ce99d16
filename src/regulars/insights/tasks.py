"""Upkeep of what insights keeps."""

from regulars.insights.mirror import compaction
from regulars.kernel import jobs


@jobs.task("insights.compact_mirror", retry=jobs.NEVER, every="*/5 * * * *")
def compact_mirror(timestamp: int) -> None:
    """Join small files of the mirror and sweep what a crash left behind."""
    compaction.compact()
    compaction.sweep()
