"""The log of facts: append, and nothing else. Reading in order is `kernel.tail`."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from regulars.kernel import clock, prepared
from regulars.kernel.errors import Invalid
from regulars.kernel.fact_names import PRODUCT_FACTS

PRODUCT_SOURCE_ID = 1


class NotATransaction(RuntimeError):
    """A fact belongs to the transaction that made it true; there is none here."""


class UnknownProductFact(Invalid):
    """The product records only facts whose names and properties are documented."""


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact about to be appended. Times are aware; `properties` is a JSON object."""

    customer_id: int
    name: str
    occurred_at: datetime
    message_id: str
    properties: dict[str, Any] = field(default_factory=dict)
    recorded_at: datetime | None = None
    is_trusted: bool = True


class Columns(NamedTuple):
    """Facts as columns, the form in which many are appended; all of one length.

    `properties` holds JSON text. `recorded_at` of None means "assumed to be occurred_at".
    """

    customer_id: Sequence[int]
    name: Sequence[str]
    occurred_at: Sequence[datetime]
    recorded_at: Sequence[datetime | None]
    message_id: Sequence[str]
    properties: Sequence[str]
    is_trusted: Sequence[bool]


# In order of the messages: two who append the same messages at once wait for each other, never in a circle.
# The product's own come once, and in the order in which they are given.
_APPEND = """
INSERT INTO kernel_fact (tx, customer_id, name, occurred_at, recorded_at, is_recorded_assumed, received_at,
                         source_id, message_id, properties, is_trusted)
SELECT (SELECT pg_current_xact_id()::text::bigint), customer_id, name, occurred_at,
       coalesce(recorded_at, occurred_at), recorded_at IS NULL, %s,
       %s, message_id, properties::jsonb, is_trusted
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[],
            string_to_array(%s, E'\x1f'), %s::boolean[]) WITH ORDINALITY
     AS new (customer_id, name, occurred_at, recorded_at, message_id, properties, is_trusted, place)
ORDER BY {order}
ON CONFLICT (source_id, message_id) DO NOTHING
"""


def append(columns: Columns, *, source_id: int, received_at: datetime | None = None) -> int:
    """Append what is not there yet and return how many were new; a replay changes nothing."""
    if not connection.in_atomic_block:
        raise NotATransaction
    if not columns.message_id:
        return 0
    lists = [list(column) for column in columns]
    customer_id, name, occurred_at, recorded_at, message_id, _, is_trusted = lists
    with prepared.cursor() if source_id == PRODUCT_SOURCE_ID else connection.cursor() as cursor:
        cursor.execute(
            _APPEND.format(order="place" if source_id == PRODUCT_SOURCE_ID else "message_id"),
            [
                received_at or clock.now(),
                source_id,
                customer_id,
                name,
                occurred_at,
                recorded_at,
                message_id,
                # One text instead of a list: quoting each item costs more than storing it, and
                # JSON holds no bare control characters.
                "\x1f".join(columns.properties),
                is_trusted,
            ],
        )
        return cursor.rowcount


def as_columns(facts: Iterable[NewFact]) -> Columns:
    """Turn facts into columns."""
    rows = list(facts)
    return Columns(
        customer_id=[fact.customer_id for fact in rows],
        name=[fact.name for fact in rows],
        occurred_at=[fact.occurred_at for fact in rows],
        recorded_at=[fact.recorded_at for fact in rows],
        message_id=[fact.message_id for fact in rows],
        properties=[json.dumps(fact.properties, ensure_ascii=False) for fact in rows],
        is_trusted=[fact.is_trusted for fact in rows],
    )


def record(
    name: str,
    *,
    customer_id: int,
    properties: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
    message_id: str | None = None,
) -> bool:
    """Record one of the product's own facts, in the transaction that made it true; false when it stood already."""
    at = clock.now()
    fact = NewFact(
        customer_id=customer_id,
        name=name,
        occurred_at=occurred_at or at,
        message_id=message_id or str(uuid.uuid4()),
        properties=properties or {},
    )
    return record_all([fact]) == 1


def record_all(told: Sequence[NewFact]) -> int:
    """Record several of the product's own facts, known from now on, in this order; returns how many are new."""
    for fact in told:
        if fact.name not in PRODUCT_FACTS:
            raise UnknownProductFact(f"“{fact.name}” is not a documented fact of the product.")
    at = clock.now()
    return append(as_columns([replace(fact, recorded_at=at) for fact in told]), source_id=PRODUCT_SOURCE_ID)
