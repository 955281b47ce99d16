"""What insights does with every fact. Arrow is loaded by the process that follows the log, and by no other for this."""

from regulars.insights.mirror.names import BATCH, CONSUMER
from regulars.kernel import tail
from regulars.kernel.tail import Batch, Position


def _read(after: Position, limit: int) -> Batch:
    from regulars.insights.mirror import columns

    return columns.read_arrow(after, limit)


@tail.consumer(CONSUMER, read=_read, batch=BATCH, pause_seconds=2.0)
def follow(batch: Batch, before: Position) -> None:
    """Mirror a batch."""
    from regulars.insights.mirror import columns, following

    assert isinstance(batch, columns.ArrowBatch)
    following.follow(batch, before)
