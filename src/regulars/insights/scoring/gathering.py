"""What scores are learnt from: everybody's facts out of the mirror, with what orders came to."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from regulars.customers.selectors import families
from regulars.insights import breakdown
from regulars.insights.definitions import TRUSTED_ONLY
from regulars.insights.mirror import files
from regulars.kernel import page_settings
from regulars.kernel.fact_names import ORDER_COMPLETED
from regulars.kernel.tail import START, Position

# Amounts in the company's currency, in its major unit. Other currencies are never added: an order in
# one of those is an order without an amount.
_GATHER = """
SELECT customer_id, name, occurred_at, CASE WHEN is_recorded_assumed THEN NULL ELSE recorded_at END AS recorded_at,
       CASE WHEN name = $order AND coalesce(nullif(upper(properties->>'$.currency'), ''), $currency) = $currency
            THEN CASE WHEN amount >= 0 THEN amount END END AS amount
FROM (
    SELECT *, TRY_CAST(coalesce(properties->>'$.total', properties->>'$.revenue', properties->>'$.value')
                       AS DOUBLE) AS amount
    FROM read_parquet($paths, hive_partitioning = false)
    WHERE (is_trusted OR name NOT IN (SELECT unnest($trusted_only)))
      AND ($everybody OR customer_id IN (SELECT unnest($ids)))
)
"""


def facts(*, of: Sequence[int] | None = None) -> pa.Table:
    """Columns customer_id, name, occurred_at, recorded_at (null where assumed) and amount; a person is one customer.

    `of` are the people who are wanted, by the ids that are shown.
    """
    rows = files.listed()
    ids = [] if of is None else list(families.members(of))
    named = {
        "order": ORDER_COMPLETED,
        "currency": page_settings.value("currency"),
        "paths": [str(files.folder() / row.path) for row in rows],
        "trusted_only": sorted(TRUSTED_ONLY),
        "everybody": of is None,
        "ids": ids,
    }
    if not rows or (of is not None and not ids):
        return _SCHEMA.empty_table()
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        table: Any = engine.sql(_GATHER, params=named).to_arrow_table()
    table = table.set_column(0, "customer_id", breakdown.to_heads(table["customer_id"]))
    return table.set_column(1, "name", table["name"].dictionary_encode())


def people_since(position: Position) -> list[int]:
    """Who has new facts after a place in the log, by the ids that are shown; erased people are nobody."""
    new = files.read(["customer_id"], after=position)["customer_id"].unique().to_pylist()
    return sorted(set(families.heads(new).values()))


def furthest() -> Position:
    """How far the mirror reaches."""
    return max((files.last_of(row) for row in files.listed()), default=START)


_SCHEMA = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("name", pa.dictionary(pa.int32(), pa.string())),
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("amount", pa.float64()),
    ]
)
