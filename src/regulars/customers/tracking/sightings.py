"""When customers were first and last seen: one update a customer and batch, not one a fact."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from regulars.kernel.facts import PRODUCT_SOURCE_ID
from regulars.kernel.tail import LoggedFact, Position

# The column is indexed for sorting, so a write is dear: a customer who clicks on is written once a minute.
_NOTE = """
UPDATE customers_customer customer
SET first_seen_at = least(customer.first_seen_at, seen.first_at),
    last_seen_at = greatest(customer.last_seen_at, seen.last_at)
FROM (SELECT customer.id, seen.first_at, seen.last_at
      FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS seen (id, first_at, last_at)
      JOIN customers_customer customer USING (id)
      WHERE customer.first_seen_at IS NULL OR seen.first_at < customer.first_seen_at
         OR seen.last_at > customer.last_seen_at + interval '1 minute'
      ORDER BY customer.id FOR UPDATE OF customer) AS seen
WHERE customer.id = seen.id
"""


def note(facts: Sequence[LoggedFact], before: Position) -> None:
    """Widen the span of every customer in a batch; `before` is where the batch begins."""
    spans: dict[int, tuple[datetime, datetime]] = {}
    for fact in facts:
        if fact.source_id == PRODUCT_SOURCE_ID:  # what we did to them is not a sign of life
            continue
        first, last = spans.get(fact.customer_id, (fact.occurred_at, fact.occurred_at))
        spans[fact.customer_id] = (min(first, fact.occurred_at), max(last, fact.occurred_at))
    ids = sorted(spans)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [ids, [spans[one][0] for one in ids], [spans[one][1] for one in ids]])
