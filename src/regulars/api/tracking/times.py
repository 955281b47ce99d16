"""When something happened, corrected for the sender's clock. Microseconds since 1970, UTC, exact."""

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def since_epoch(moment: datetime) -> int:
    """An aware moment in microseconds."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


EARLIEST_US = since_epoch(datetime(1, 1, 2, tzinfo=UTC))


def read(text: str) -> int:
    """A moment in ISO 8601; without an offset it is UTC. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text.strip())
    return since_epoch(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def shift_us(sent_at: object, received_us: int) -> int:
    """How far the sender's clock is behind ours, by when it says it sent; 0 when it does not say or not readably."""
    if not isinstance(sent_at, str):
        return 0
    try:
        return received_us - read(sent_at)
    except ValueError:
        return 0


def corrected(said_us: int, *, shift: int, received_us: int) -> int:
    """receivedAt − (sentAt − originalTimestamp), never in the future and never before there were years."""
    return max(min(said_us + shift, received_us), EARLIEST_US)
