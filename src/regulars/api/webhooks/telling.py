"""From facts to notices: one for each webhook that asked, in the transaction that reads the log."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from regulars.api.models import Notice, Webhook
from regulars.kernel import clock, jobs
from regulars.kernel.fact_names import DESK_FACTS
from regulars.kernel.facts import PRODUCT_SOURCE_ID
from regulars.kernel.tail import SETTLED, Facts, LoggedFact, Position

SEND = "api.send_notice"

# Only what the product itself said, and the last row of all, which says how far was read.
_READ = f"""
WITH batch AS MATERIALIZED (
    SELECT epoch, tx, id, customer_id, name, occurred_at, recorded_at, received_at, source_id, message_id,
           is_trusted, is_recorded_assumed, properties
    {SETTLED}
), newest AS (SELECT epoch, tx, id FROM batch ORDER BY epoch DESC, tx DESC, id DESC LIMIT 1)
SELECT epoch, tx, id, customer_id, name, occurred_at, recorded_at, received_at, source_id, message_id,
       is_trusted, is_recorded_assumed, properties::text
FROM batch WHERE source_id = {PRODUCT_SOURCE_ID} OR (epoch, tx, id) IN (SELECT epoch, tx, id FROM newest)
ORDER BY epoch, tx, id
"""


def read(after: Position, limit: int) -> Facts:
    """The product's own facts of the next batch."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [*after, limit])
        return Facts(LoggedFact(*row) for row in cursor.fetchall())


def tell(facts: Sequence[LoggedFact], before: Position) -> None:
    """Put a notice down for each fact and webhook. What happened before a webhook was made is not told."""
    wanted = list(Webhook.objects.filter(archived_at=None, paused_at=None).order_by("pk"))
    ours = [fact for fact in facts if fact.source_id == PRODUCT_SOURCE_ID and fact.name in DESK_FACTS]
    rows = [
        _notice(webhook, fact)
        for fact in ours
        for webhook in wanted
        if (not webhook.events or fact.name in webhook.events) and fact.occurred_at >= webhook.created_at
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    for notice_id in _fresh(rows):
        jobs.defer(SEND, notice_id=notice_id)


def _fresh(rows: Sequence[Notice]) -> list[int]:
    """The keys of what was put down just now."""
    if not rows:
        return []
    named = {row.webhook_id for row in rows}, {row.event_id for row in rows}
    there = Notice.objects.filter(webhook__in=named[0], event_id__in=named[1], state=Notice.QUEUED, attempts=0)
    return list(there.order_by("pk").values_list("pk", flat=True))


def _notice(webhook: Webhook, fact: LoggedFact) -> Notice:
    at = clock.now()
    return Notice(
        webhook=webhook,
        event_id=fact.message_id,
        event=fact.name,
        customer_id=fact.customer_id,
        body=_body(fact),
        created_at=at,
        due_at=at,
    )


def _body(fact: LoggedFact) -> dict[str, Any]:
    return {
        "id": fact.message_id,
        "type": fact.name,
        "timestamp": fact.occurred_at.isoformat(),
        "data": {"customer_id": fact.customer_id, **json.loads(fact.properties)},
    }
