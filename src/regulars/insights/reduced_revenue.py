"""Reduced revenue: what each customer's orders of a local month came to, kept up to date like the reduced days.

Only orders in the company's currency have an amount in it: currencies are never added. What is left out is
counted. A form lies in parts (see `stretches`): new orders are summed up beside what lies there, and so a customer's
month may stand in several lines, which are to be added up.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.insights import stretches
from regulars.insights.mirror import derived, files
from regulars.insights.mirror.names import CONSUMER
from regulars.kernel import clock, tail
from regulars.kernel.fact_names import ORDER_COMPLETED
from regulars.kernel.money import exponent
from regulars.kernel.tail import START, Position

OWN, OTHER, UNPRICED = 0, 1, 2
SUFFIX: Final = "revenue"
OLD_SECONDS: Final = 600

# A line per customer, month and kind: in the company's currency, in another one, or without an amount that can be read.
_SUMS = """
SELECT customer_id AS customer, kind, CAST(date_diff('month', DATE '1970-01-01', day) AS INTEGER) AS month,
       CAST(sum(CASE WHEN kind = 0 THEN round(amount * $minor) ELSE 0 END) AS BIGINT) AS minor,
       CAST(count(*) AS BIGINT) AS orders
FROM (
    SELECT customer_id, amount, CAST(timezone($zone, occurred_at) AS DATE) AS day,
           CASE WHEN currency <> $currency THEN 1 WHEN amount IS NULL OR amount < 0 THEN 2 ELSE 0 END AS kind
    FROM (
        SELECT customer_id, occurred_at,
               coalesce(nullif(upper(properties->>'$.currency'), ''), $currency) AS currency,
               TRY_CAST(coalesce(properties->>'$.total', properties->>'$.revenue', properties->>'$.value')
                        AS DECIMAL(24, 6)) AS amount
        FROM read_parquet($paths, hive_partitioning = false)
        WHERE name = $name AND is_trusted AND ($everything OR (epoch, tx, id) > ($epoch, $tx, $number))
    )
)
GROUP BY ALL
"""
_SCHEMA = pa.schema(
    [("customer", pa.int64()), ("kind", pa.int32()), ("month", pa.int32()), ("minor", pa.int64()),
     ("orders", pa.int64())]
)  # fmt: skip
_KEYS: Final = ["customer", "kind", "month"]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Of orders after < order ≤ upto: lines of `_SCHEMA`."""

    after: Position
    upto: Position
    table: pa.Table

    @property
    def size(self) -> int:
        """Lines."""
        return self.table.num_rows

    def join(self, later: "Sums") -> "Sums":
        """Both, added up, where the other begins with the end of this."""
        sums: Sequence[Any] = [("minor", "sum"), ("orders", "sum")]
        found = pa.concat_tables([self.table, later.table]).group_by(_KEYS).aggregate(sums)
        table = found.rename_columns([name.removesuffix("_sum") for name in found.column_names])
        return Sums(self.after, later.upto, table.select(_SCHEMA.names).cast(_SCHEMA))


@dataclass(frozen=True, slots=True)
class Revenue:
    """By customer and month (since January 1970), maybe in several lines: what orders came to, in minor units.

    And the orders left out.
    """

    customers: NDArray[np.int64]
    months: NDArray[np.int32]
    minor: NDArray[np.int64]
    orders: int
    other: int
    unpriced: int


def revenue(*, zone: str, currency: str) -> Revenue:
    """Everybody's revenue by month, up to where the mirror reaches."""
    table = _form(zone, currency)
    kind = table["kind"].to_numpy()
    counts = np.bincount(kind, weights=table["orders"].to_numpy(), minlength=3)
    own = table.filter(pa.array(kind == OWN))
    columns = (own[name].to_numpy() for name in ("customer", "month", "minor"))
    return Revenue(*columns, orders=int(counts[OWN]), other=int(counts[OTHER]), unpriced=int(counts[UNPRICED]))


def keep_ready(*, zone: str, currency: str) -> None:
    """Make the form where there is none, and bring it up to date where it is old: not with every fact that comes in."""
    folder, name = derived.folder(derived.generation()), _name(zone, currency)
    parts = _load(folder, name)
    if not parts or (stretches.reach(parts) < tail.position(CONSUMER) and _age(folder, name) >= OLD_SECONDS):
        _form(zone, currency)


def _form(zone: str, currency: str) -> pa.Table:
    """From disk, with what is new since; while one process does this, others wait for its files."""
    reached, generation = tail.position(CONSUMER), derived.generation()
    folder, name = derived.folder(generation), _name(zone, currency)
    parts = _load(folder, name)
    if not parts or stretches.reach(parts) < reached:
        with derived.alone(folder / f"{name}.lock"):
            parts = _load(folder, name)
            if not parts or stretches.reach(parts) < reached:
                after = stretches.reach(parts)
                new = Sums(after, reached, _sums(zone, currency, after=after))
                parts = stretches.settled((*parts, new))
                stretches.save(folder, name, SUFFIX, parts, _write)
                derived.forget_if_erased_since(generation)
    return pa.concat_tables(part.table for part in parts)


def _sums(zone: str, currency: str, *, after: Position) -> pa.Table:
    paths = [str(files.folder() / row.path) for row in files.listed(after=after)]
    if not paths:
        return _SCHEMA.empty_table()
    named: dict[str, Any] = {
        "paths": paths, "name": ORDER_COMPLETED, "zone": zone, "currency": currency,
        "minor": 10 ** exponent(currency), "everything": after == START,
        "epoch": after.epoch, "tx": after.tx, "number": after.id,
    }  # fmt: skip
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        return engine.sql(_SUMS, params=named).to_arrow_table().cast(_SCHEMA)


def _load(folder: Path, name: str) -> tuple[Sums, ...]:
    return stretches.load(folder, name, SUFFIX, _read)


def _read(path: Path, after: Position, upto: Position) -> Sums | None:
    try:
        return Sums(after, upto, pa.ipc.open_file(pa.memory_map(str(path))).read_all())
    except (OSError, pa.ArrowInvalid):
        return None


def _write(path: Path, part: Sums) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".writing")
    with pa.ipc.new_file(str(beside), part.table.schema) as writer:
        writer.write_table(part.table)
    beside.rename(path)


def _age(folder: Path, name: str) -> float:
    """Seconds since something was last written of the form."""
    written = max((path.stat().st_mtime for path in folder.glob(f"{name}.*.{SUFFIX}")), default=0.0)
    return clock.now().timestamp() - written


def _name(zone: str, currency: str) -> str:
    return "revenue-" + hashlib.blake2b(repr((zone, currency)).encode(), digest_size=12).hexdigest()
