"""What the kernel itself keeps about customers: their facts, and jobs that mention them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from regulars.kernel import people

PAGE = 2_000

_FACTS = """
SELECT fact.epoch, fact.tx, fact.id, fact.customer_id, fact.name, fact.occurred_at, fact.recorded_at,
       fact.received_at, source.name, fact.message_id, fact.is_trusted, fact.properties
FROM kernel_fact AS fact JOIN kernel_source AS source ON source.id = fact.source_id
WHERE fact.customer_id = %s AND (fact.occurred_at, fact.epoch, fact.tx, fact.id) > (%s, %s, %s, %s)
ORDER BY fact.occurred_at, fact.epoch, fact.tx, fact.id
LIMIT %s
"""
_COLUMNS = (
    "customer_id", "name", "occurred_at", "recorded_at", "received_at", "source", "message_id", "is_trusted",
    "properties",
)  # fmt: skip

# A number under one of the keys, at any depth, alone or in a list (lax paths open lists by themselves).
_MENTIONS = "$.** ? (" + " || ".join(f"@.{key} == $ids[*]" for key in people.CUSTOMER_KEYS) + ")"
_ERASE_JOBS = """
DELETE FROM procrastinate_jobs
WHERE status <> 'doing' AND jsonb_path_exists(args, %s::jsonpath, %s::jsonb)
"""
_EMPTY_RUNNING_JOBS = """
UPDATE procrastinate_jobs SET args = '{}'
WHERE status = 'doing' AND jsonb_path_exists(args, %s::jsonpath, %s::jsonb)
"""


def announce() -> None:
    """Register the log of facts and the queue of jobs."""
    people.register(people.Keeper("facts", ("kernel.Fact",), export=export_facts, erase=erase_facts))
    people.register(people.Keeper("jobs", ("procrastinate.ProcrastinateJob",), export=export_jobs, erase=erase_jobs))


def export_facts(ids: Sequence[int]) -> dict[str, Any]:
    """Every fact, oldest first within each id the customer had."""
    return {"facts": _facts(ids)}


def _facts(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    for customer_id in ids:
        after: tuple[Any, ...] = ("-infinity", 0, 0, 0)
        while page := _page(customer_id, after):
            for row in page:
                yield dict(zip(_COLUMNS, row[3:], strict=True))
            after = (page[-1][5], *page[-1][:3])


def _page(customer_id: int, after: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [customer_id, *after, PAGE])
        return [(*row[:-1], _loaded(row[-1])) for row in cursor.fetchall()]


def _loaded(properties: Any) -> Any:
    return json.loads(properties) if isinstance(properties, str) else properties


def erase_facts(ids: Sequence[int]) -> int:
    """The one exception to append-only."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_fact WHERE customer_id = ANY(%s)", [list(ids)])
        return cursor.rowcount


def export_jobs(ids: Sequence[int]) -> dict[str, Any]:
    """Queued work is not about the customer in a way they could read."""
    return {}


def erase_jobs(ids: Sequence[int]) -> int:
    """Jobs that mention the customer, with the domain events they carry.

    One that runs at this moment keeps its row, emptied: its worker still has to close it.
    """
    those = [_MENTIONS, json.dumps({"ids": list(ids)})]
    with connection.cursor() as cursor:
        cursor.execute(_ERASE_JOBS, those)
        removed = cursor.rowcount
        cursor.execute(_EMPTY_RUNNING_JOBS, those)
        return removed + cursor.rowcount
