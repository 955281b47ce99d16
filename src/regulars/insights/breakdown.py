"""Breaking an answer down: by a property of the first fact, or by an attribute of the customer."""

from dataclasses import dataclass
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa

from regulars.customers.selectors import families
from regulars.insights import reduced
from regulars.insights.definitions import Meant
from regulars.kernel.arrow import pc

MOST_GROUPS = 6
NONE, OTHER = "—", "…"


@dataclass(frozen=True, slots=True)
class By:
    """`property` looks at the fact with which the customer began; `attribute` at what is known of them now."""

    kind: Literal["property", "attribute"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def labels(by: By, begin: Meant) -> tuple[np.ndarray, np.ndarray]:
    """(customer ids, their group's name); beyond the largest few, groups are gathered under one name."""
    pairs = _at_birth(by.name, begin) if by.kind == "property" else _now(by.name)
    customers = pairs["customer_id"].to_numpy()
    return customers, _largest(np.asarray(pairs["label"].to_pylist(), object))


def _at_birth(name: str, begin: Meant) -> pa.Table:
    """The property of each person's first fact, as it was then."""
    facts = reduced.facts(begin, ["customer_id", "occurred_at", "properties"])
    heads = to_heads(facts["customer_id"])
    facts = facts.set_column(0, "customer_id", heads)
    path = '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.register("facts", facts)
        return engine.sql(
            "SELECT customer_id, coalesce(json_extract_string(arg_min(properties, occurred_at), ?), ?) AS label"
            " FROM facts GROUP BY customer_id ORDER BY customer_id",
            params=[path, NONE],
        ).to_arrow_table()


def _now(name: str) -> pa.Table:
    customers, values = families.attribute_values(name)
    labels = [value if value else NONE for value in values]
    return pa.table({"customer_id": pa.array(customers, pa.int64()), "label": pa.array(labels, pa.string())})


def _largest(names: np.ndarray) -> np.ndarray:
    found, sizes = np.unique(names.astype(str), return_counts=True)
    if len(found) <= MOST_GROUPS:
        return names
    shown = set(found[np.argsort(-sizes, kind="stable")][:MOST_GROUPS])
    return np.asarray([name if name in shown else OTHER for name in names], object)


def to_heads(customers: pa.ChunkedArray) -> pa.ChunkedArray:
    """Each customer id, or the id of the one they were merged into."""
    pairs = families.merged_pairs()
    if not pairs:
        return customers
    merged, heads = (pa.array(column, pa.int64()) for column in zip(*pairs, strict=True))
    place = pc.index_in(customers, merged)
    return pc.coalesce(pc.take(heads, place), customers)


def with_heads(begin: pa.Table, back: pa.Table) -> pa.Table:
    """Facts that begin and facts that count as coming back, in one table that tells them apart."""
    parts = [(begin, True, False), (back, False, True)]
    tables = [
        table.append_column("is_begin", pa.repeat(is_begin, table.num_rows)).append_column(
            "is_back", pa.repeat(is_back, table.num_rows)
        )
        for table, is_begin, is_back in parts
    ]
    together = pa.concat_tables(tables)
    return together.set_column(0, "customer_id", to_heads(together["customer_id"]))
