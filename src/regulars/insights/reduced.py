"""Reduced forms: each customer's local days with a certain fact and how many there were, kept up to date.

Reading raw facts for every question cannot be fast enough. A form is a pair of files named by how
far into the log it reaches; new facts are reduced and merged into it, which costs what the new
facts cost. Files are replaced whole; one process at a time does the work, the others then read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import duckdb
import numpy as np
import pyarrow as pa

import tenure
from regulars.insights.definitions import Meant
from regulars.insights.mirror import derived, files
from regulars.insights.mirror.moments import moments
from regulars.insights.mirror.names import CONSUMER
from regulars.kernel import tail
from regulars.kernel.arrow import pc
from regulars.kernel.tail import START, Position

KEPT_IN_MEMORY = 32
_memory: dict[tuple[str, int], tuple[Position, "Form"]] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Form:
    """Days by customer, and the facts of each: counts[i] belong to customers[i], which ascend."""

    days: tenure.Days
    customers: np.ndarray
    counts: np.ndarray

    def merge(self, other: "Form") -> "Form":
        """Both together; the two must be of different facts."""
        days = self.days.merge(other.days)
        customers = days.customers
        counts = np.zeros(len(customers), np.int64)
        for side in (self, other):  # whoever has a fact has a day, and nobody stands twice on a side
            counts[np.searchsorted(customers, side.customers)] += side.counts
        return Form(days, customers, counts)


def form(meant: Meant, *, zone: str) -> Form:
    """What each customer did of what is meant, up to where the mirror reaches."""
    reached, generation = tail.position(CONSUMER), derived.generation()
    key = (meant.cache_name(zone), generation)
    kept = _memory.get(key)
    if kept is None or kept[0] < reached:
        kept = _fresh(meant, zone, key[0], generation, reached)
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


def _fresh(meant: Meant, zone: str, name: str, generation: int, reached: Position) -> tuple[Position, Form]:
    """From disk, with what is new since; while one process does this, others wait for its file."""
    folder = derived.folder(generation)
    upto, kept = _load(folder, name)
    if kept is not None and upto >= reached:
        return upto, kept
    with derived.alone(folder / f"{name}.lock"):
        upto, kept = _load(folder, name)
        if kept is None or upto < reached:
            kept, upto = _brought_up_to_date(kept, meant, zone=zone, after=upto), reached
            _save(folder, name, upto=upto, form=kept)
            derived.forget_if_erased_since(generation)
    return upto, kept


def _brought_up_to_date(kept: Form | None, meant: Meant, *, zone: str, after: Position) -> Form:
    customers, times = _happened(meant, after=after)
    if not len(customers):
        return kept or Form(_nobody(zone), np.zeros(0, np.int64), np.zeros(0, np.int64))
    fresh = Form(tenure.reduce(customers, times, zone=zone), *_counted(customers))
    return fresh if kept is None else kept.merge(fresh)


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


def _load(folder: Path, name: str) -> tuple[Position, Form | None]:
    """The furthest-reaching form on disk, or none."""
    found = [(_upto(path), path) for path in folder.glob(f"{name}.*.days")]
    for upto, path in sorted(found, reverse=True):
        try:
            counted = pa.ipc.open_file(pa.memory_map(str(path.with_suffix(".counts")))).read_all()
            columns = [counted[column].combine_chunks().to_numpy() for column in ("customer", "count")]
            return upto, Form(tenure.Days.load(path), *columns)
        except (OSError, pa.ArrowInvalid, tenure.TenureError):
            continue
    return START, None


def _save(folder: Path, name: str, *, upto: Position, form: Form) -> None:
    """The days go last: where they are, their counts are too."""
    older = [*folder.glob(f"{name}.*.days"), *folder.glob(f"{name}.*.counts")]
    path = folder / f"{name}.{upto}.days"
    table = pa.table({"customer": form.customers, "count": form.counts})
    beside = path.with_suffix(".writing")
    with pa.ipc.new_file(str(beside), table.schema) as writer:
        writer.write_table(table)
    beside.rename(path.with_suffix(".counts"))
    form.days.save(path)
    for old in older:
        if old.stem != path.stem:
            old.unlink(missing_ok=True)


def _upto(path: Path) -> Position:
    epoch, tx, number = path.name.split(".")[1].split("-")
    return Position(int(epoch), int(tx), int(number))
