"""Reduced forms: each customer's local days with a certain fact and how many there were, kept up to date.

Reading raw facts for every question cannot be fast enough. A form lies on disk in parts named by the stretch of the
log they stand for; new facts are reduced to a part of their own, which costs what the new facts cost. Files are
written whole; one process at a time does the work, the others then read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from threading import Lock

import duckdb
import numpy as np
import pyarrow as pa

import tenure
from regulars.insights import preloading, reduced_parts, stretches
from regulars.insights.definitions import Meant
from regulars.insights.mirror import derived, files
from regulars.insights.mirror.moments import moments
from regulars.insights.mirror.names import CONSUMER
from regulars.insights.reduced_parts import Part
from regulars.kernel import tail
from regulars.kernel.arrow import pc
from regulars.kernel.tail import START, Position

KEPT_IN_MEMORY = 32
_memory: dict[tuple[str, int], tuple[Position, "Form"]] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Form:
    """Days by customer, and how many facts there were: what the parts say together."""

    parts: tuple[Part, ...]
    days: tenure.Days

    @property
    def counted(self) -> tuple[np.ndarray, np.ndarray]:
        """(customers, counts), to be added up: a customer stands once in each part."""
        nothing = np.zeros(0, np.int64)
        customers, counts = ([getattr(part, name) for part in self.parts] for name in ("customers", "counts"))
        return np.concatenate([nothing, *customers]), np.concatenate([nothing, *counts])


def form(meant: Meant, *, zone: str) -> Form:
    """What each customer did of what is meant, up to where the mirror reaches."""
    reached, generation = tail.position(CONSUMER), derived.generation()
    key = (meant.cache_name(zone), generation)
    kept = _memory.get(key)
    if kept is None or kept[0] < reached:
        found = _fresh(meant, zone, key[0], generation, reached, known=() if kept is None else kept[1].parts)
        kept = stretches.reach(found), Form(found, reduce(tenure.Days.merge, (part.days for part in found)))
    with _lock:
        _memory.pop(key, None)
        _memory[key] = kept
        for oldest in list(_memory)[:-KEPT_IN_MEMORY]:
            del _memory[oldest]
    return kept[1]


def facts(meant: Meant, columns: Sequence[str], *, after: Position = START) -> pa.Table:
    """The mirrored facts that are meant, some columns of them."""
    rows = files.listed(after=after)
    if not rows:
        return files.read(columns)
    if meant.condition is None:
        return files.read(columns, after=after, name=meant.name, is_trusted_only=meant.is_trusted_only)
    where, parameters = _where(meant, after)
    query = f"SELECT {', '.join(columns)} FROM read_parquet(?, hive_partitioning = false) WHERE {where}"
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        paths = [str(files.folder() / row.path) for row in rows]
        return engine.sql(query, params=[paths, *parameters]).to_arrow_table()


def is_anything_kept() -> bool:
    """Whether anything was reduced since the last erasure."""
    return any(derived.folder(derived.generation()).glob("*.days"))


def summed(customers: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each customer once, ascending, with the sum of the counts."""
    ids, place = np.unique(customers, return_inverse=True)
    return ids, np.bincount(place, weights=counts, minlength=len(ids)).astype(np.int64)


def _fresh(
    meant: Meant, zone: str, name: str, generation: int, reached: Position, *, known: tuple[Part, ...]
) -> tuple[Part, ...]:
    """From disk, with what is new since; while one process does this, others wait for its files."""
    folder = derived.folder(generation)
    parts = reduced_parts.load(folder, name, known=known)
    if parts and stretches.reach(parts) >= reached:
        return parts
    preloading.load_loops()  # a process that is still loading must not keep one waiting that could begin at once
    with derived.alone(folder / f"{name}.lock"):
        parts = reduced_parts.load(folder, name, known=(*known, *parts))
        if not parts or stretches.reach(parts) < reached:
            new = _reduced(meant, zone=zone, after=stretches.reach(parts), upto=reached)
            parts = stretches.settled((*parts, new))
            reduced_parts.save(folder, name, parts)
            derived.forget_if_erased_since(generation)
    return parts


def _reduced(meant: Meant, *, zone: str, after: Position, upto: Position) -> Part:
    customers, times = _happened(meant, after=after)
    if not len(customers):
        return Part(after, upto, _nobody(zone), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Part(after, upto, tenure.reduce(customers, times, zone=zone), *_counted(customers))


def _happened(meant: Meant, *, after: Position) -> tuple[np.ndarray, np.ndarray]:
    """(customer ids, moments) of the facts that are meant."""
    if meant.condition is None:
        return moments(meant.name, is_trusted_only=meant.is_trusted_only, after=after)
    new = facts(meant, ["customer_id", "occurred_at"], after=after)
    return new["customer_id"].to_numpy(), new["occurred_at"].cast(pa.int64()).to_numpy()


def _counted(customers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each customer once, ascending, with how many facts they have."""
    starts = np.concatenate([[0], np.flatnonzero(customers[1:] != customers[:-1]) + 1])
    if len(starts) * 4 < len(customers):  # they mostly stand together, as an import leaves them
        return summed(customers[starts], np.diff(starts, append=len(customers)))
    counted = pc.value_counts(pa.array(customers))
    return summed(counted.field("values").to_numpy(), counted.field("counts").to_numpy())


def _where(meant: Meant, after: Position) -> tuple[str, list[object]]:
    clauses = ["name = ?"]
    parameters: list[object] = [meant.name]
    if after != START:
        clauses.append("(epoch, tx, id) > (?, ?, ?)")
        parameters += [*after]
    if meant.is_trusted_only:
        clauses.append("is_trusted")
    if meant.condition is not None:
        clause, more = meant.condition.sql
        clauses.append(clause)
        parameters += more
    return " AND ".join(clauses), parameters


def _nobody(zone: str) -> tenure.Days:
    return tenure.Days(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32), zone)
