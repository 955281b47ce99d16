"""How customers began: properties of each one's first order, which later never change."""

from collections.abc import Sequence
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.customers.selectors import families
from regulars.insights import breakdown
from regulars.insights.mirror import files
from regulars.kernel.fact_names import ORDER_COMPLETED

# Of an id's first orders at one instant the one that came first counts, so that two runs say the same.
_FIRST = """
SELECT customer_id, first.occurred_at AS began_at, {labels}
FROM (
    SELECT customer_id, arg_min({{'occurred_at': occurred_at, 'properties': properties}}, (occurred_at, id)) AS first
    FROM read_parquet($paths, hive_partitioning = false)
    WHERE name = $order AND is_trusted AND ($everybody OR customer_id IN (SELECT unnest($ids)))
    GROUP BY customer_id
)
ORDER BY began_at, customer_id
"""
UNKNOWN: Final = breakdown.NONE


def of(
    customers: NDArray[np.int64], names: Sequence[str], *, everybody: bool = False
) -> dict[str, NDArray[np.object_]]:
    """For each property, what it was in the first order of each of these people; UNKNOWN where it was not said.

    People are asked for by the ids that are shown; `everybody` says that these are all there are, which is quicker.
    """
    found = {name: np.full(len(customers), UNKNOWN, object) for name in names}
    first = _first(customers, names, everybody=everybody)
    if not names or not first.num_rows or not len(customers):
        return found
    heads, place = np.unique(breakdown.to_heads(first["customer_id"]).to_numpy(), return_index=True)  # the earliest
    at = np.minimum(np.searchsorted(heads, customers), len(heads) - 1)
    is_known = heads[at] == customers
    for number, name in enumerate(names):
        said = np.asarray(first[f"label_{number}"].to_pylist(), object)[place][at]
        found[name] = np.where(is_known & (said != None), said, UNKNOWN)  # noqa: E711  # cell by cell
    return found


def _first(customers: NDArray[np.int64], names: Sequence[str], *, everybody: bool) -> pa.Table:
    """The first order of each id, the earliest first, a column of text for each property."""
    paths = [str(files.folder() / row.path) for row in files.listed()]
    ids = [] if everybody else list(families.members([int(customer) for customer in customers]))
    if not paths or not names or not (everybody or ids):
        return pa.table({"customer_id": pa.array([], pa.int64())})
    labels = ", ".join(
        f"json_extract_string(first.properties, $path_{number}) AS label_{number}" for number in range(len(names))
    )
    given: dict[str, Any] = {"paths": paths, "order": ORDER_COMPLETED, "everybody": everybody, "ids": ids}
    given |= {f"path_{number}": _path(name) for number, name in enumerate(names)}
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        return engine.sql(_FIRST.format(labels=labels), params=given).to_arrow_table()


def _path(name: str) -> str:
    return '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
