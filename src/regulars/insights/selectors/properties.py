"""What answers can be broken down by: properties of facts and attributes of customers with few values."""

import json
from collections import defaultdict
from collections.abc import Iterable

import pyarrow.parquet as pq

from regulars.customers.selectors import families
from regulars.insights.breakdown import By
from regulars.insights.mirror import files

SAMPLE = 4_000
MOST_VALUES = 40


def breakdowns(name: str) -> list[By]:
    """Properties of such facts, then attributes of customers: those a sample shows with 2 to 40 values."""
    return [By("property", key) for key in _telling(_sampled_properties(name))] + [
        By("attribute", key) for key in _telling(families.sampled_attributes(SAMPLE))
    ]


def _sampled_properties(name: str) -> list[dict[str, object]]:
    """The properties of some facts of a name, out of the newest files that have any."""
    found: list[dict[str, object]] = []
    for row in reversed(files.listed()):
        reader = pq.ParquetFile(files.folder() / row.path)
        for batch in reader.iter_batches(batch_size=SAMPLE, columns=["name", "properties"]):
            pairs = zip(batch.column("name").to_pylist(), batch.column("properties").to_pylist(), strict=True)
            found += [json.loads(text) for fact, text in pairs if fact == name]
            if len(found) >= SAMPLE // 4:
                return found
    return found


def _telling(rows: Iterable[dict[str, object]]) -> list[str]:
    values: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for key, value in row.items():
            if isinstance(value, str | bool) and len(values[key]) <= MOST_VALUES:
                values[key].add(str(value))
    return sorted(key for key, seen in values.items() if 2 <= len(seen) <= MOST_VALUES)
