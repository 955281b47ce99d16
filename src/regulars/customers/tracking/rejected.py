"""What programs sent that could not be used: kept a while, so that somebody can look and mend the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from regulars.customers.normalise import clean
from regulars.customers.tracking.models import RejectedMessage
from regulars.kernel import clock

KEPT_FOR = timedelta(days=7)
MOST_PER_SOURCE = 1_000
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one message of a batch was not taken. `index` is its place in the batch."""

    index: int
    code: str
    reason: str
    kind: str = ""
    event: str = ""
    message_id: str = ""


def keep(rejections: Sequence[Rejection], *, source_id: int) -> None:
    """Note the first of a request's rejections; a broken program would otherwise fill the table."""
    at = clock.now()
    RejectedMessage.objects.bulk_create(
        RejectedMessage(
            source_id=source_id,
            at=at,
            code=item.code,
            reason=clean(item.reason)[:500],
            kind=clean(item.kind)[:20],
            event=clean(item.event)[:200],
            message_id=clean(item.message_id)[:100],
        )
        for item in rejections[:MOST_AT_ONCE]
    )


def latest(*, source_id: int | None = None, limit: int = 100) -> QuerySet[RejectedMessage]:
    """What was rejected lately, newest first."""
    rows = RejectedMessage.objects.order_by("-id")
    return (rows if source_id is None else rows.filter(source_id=source_id))[:limit]


def prune(*, before: datetime | None = None) -> int:
    """Remove what is old, and all but the newest of each source; returns how many went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM customers_rejectedmessage WHERE at < %s OR id IN (SELECT id FROM ("
            " SELECT id, row_number() OVER (PARTITION BY source_id ORDER BY id DESC) AS place"
            " FROM customers_rejectedmessage) AS numbered WHERE place > %s)",
            [before or clock.now() - KEPT_FOR, MOST_PER_SOURCE],
        )
        return cursor.rowcount
