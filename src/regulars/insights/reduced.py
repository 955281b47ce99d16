"""Reduced forms: each customer's local days with a certain fact, kept and brought up to date.

Reading raw facts for every question cannot be fast enough. A form is a file named by how far into
the log it reaches; new facts are reduced and merged into it, which costs what the new facts cost.
Files are replaced whole, and two processes that do the same work write the same file.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import duckdb
import numpy as np
import pyarrow as pa

import tenure
from regulars.insights.definitions import Meant
from regulars.insights.mirror import derived, files
from regulars.insights.mirror.following import CONSUMER
from regulars.kernel import tail
from regulars.kernel.tail import START, Position

KEPT_IN_MEMORY = 32
_memory: dict[tuple[str, int], tuple[Position, tenure.Days]] = {}
_lock = Lock()


def days(meant: Meant, *, zone: str) -> tenure.Days:
    """The local days on which each customer had such a fact, up to where the mirror reaches."""
    reached, generation = tail.position(CONSUMER), derived.generation()
    key = (meant.cache_name(zone), generation)
    with _lock:
        upto, kept = _memory.get(key) or _load(derived.folder(generation), key[0], zone)
        if kept is None or upto < reached:
            kept = _brought_up_to_date(kept, meant, zone=zone, after=upto)
            _save(derived.folder(generation), key[0], upto=reached, days=kept)
        _memory.pop(key, None)
        _memory[key] = (reached, kept)
        for oldest in list(_memory)[:-KEPT_IN_MEMORY]:
            del _memory[oldest]
    return kept


def facts(meant: Meant, columns: Sequence[str], *, after: Position = START) -> pa.Table:
    """The mirrored facts that are meant, some columns of them."""
    rows = files.listed(after=after)
    if not rows:
        return files.read(columns)
    if meant.condition is None and not meant.is_trusted_only:
        return files.read(columns, after=after, name=meant.name)
    where, parameters = _where(meant, after)
    query = f"SELECT {', '.join(columns)} FROM read_parquet(?, hive_partitioning = false) WHERE {where}"
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        paths = [str(files.folder() / row.path) for row in rows]
        return engine.sql(query, params=[paths, *parameters]).to_arrow_table()


def _where(meant: Meant, after: Position) -> tuple[str, list[object]]:
    clauses, parameters = ["name = ?", "(epoch, tx, id) > (?, ?, ?)"], [meant.name, *after]
    if meant.is_trusted_only:
        clauses.append("is_trusted")
    if meant.condition is not None:
        clause, more = meant.condition.sql
        clauses.append(clause)
        parameters += more
    return " AND ".join(clauses), parameters


def _brought_up_to_date(kept: tenure.Days | None, meant: Meant, *, zone: str, after: Position) -> tenure.Days:
    new = facts(meant, ["customer_id", "occurred_at"], after=after)
    if not new.num_rows:
        return kept or _nobody(zone)
    fresh = tenure.reduce(new["customer_id"], new["occurred_at"], zone=zone)
    return fresh if kept is None else kept.merge(fresh)


def _nobody(zone: str) -> tenure.Days:
    return tenure.Days(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32), zone)


def _load(folder: Path, name: str, zone: str) -> tuple[Position, tenure.Days | None]:
    """The furthest-reaching form on disk, or none."""
    found = [(_upto(path), path) for path in folder.glob(f"{name}.*.arrow")]
    for upto, path in sorted(found, reverse=True):
        try:
            return upto, tenure.Days.load(path)
        except (OSError, tenure.TenureError):
            continue
    return START, None


def _save(folder: Path, name: str, *, upto: Position, days: tenure.Days) -> None:
    older = list(folder.glob(f"{name}.*.arrow"))
    path = folder / f"{name}.{upto}.arrow"
    days.save(path)
    for old in older:
        if old != path:
            old.unlink(missing_ok=True)


def _upto(path: Path) -> Position:
    epoch, tx, number = path.name.split(".")[1].split("-")
    return Position(int(epoch), int(tx), int(number))
