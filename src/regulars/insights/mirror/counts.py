"""How many facts of each name there are, kept with the mirror and committed with it."""

import pyarrow as pa
from django.db import connection

from regulars.insights.models import FactCount

_ADD = """
INSERT INTO insights_factcount AS known (name, rows, first_at, last_at)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (name) DO UPDATE SET rows = known.rows + excluded.rows,
    first_at = least(known.first_at, excluded.first_at), last_at = greatest(known.last_at, excluded.last_at)
"""


def add(table: pa.Table) -> None:
    """Count new facts."""
    names, rows, first_at, last_at = _by_name(table)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [names, rows, first_at, last_at])


def subtract(table: pa.Table) -> None:
    """Take erased facts off the count; first and last stay, as an outer bound."""
    names, rows, _, _ = _by_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE insights_factcount AS known SET rows = known.rows - gone.rows"
            " FROM unnest(%s::text[], %s::bigint[]) AS gone (name, rows) WHERE known.name = gone.name",
            [names, rows],
        )
    FactCount.objects.filter(rows__lte=0).delete()


def _by_name(table: pa.Table) -> tuple[list[str], list[int], list[object], list[object]]:
    grouped = table.group_by("name").aggregate(
        [("occurred_at", "count"), ("occurred_at", "min"), ("occurred_at", "max")]
    )
    columns = ("name", "occurred_at_count", "occurred_at_min", "occurred_at_max")
    names, rows, first_at, last_at = (grouped[column].to_pylist() for column in columns)
    return names, rows, first_at, last_at
