"""Saving reduced forms as Arrow IPC: customer, and a list of days; readable by anything that reads Arrow."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import numpy as np

from tenure.days import Days
from tenure.errors import NotDays

_KEY: Final = b"tenure.days"
_VERSION: Final = 1


def save(days: Days, path: str | os.PathLike[str]) -> None:
    """Written beside and moved into place, so that a reader never sees half a file."""
    import pyarrow as pa

    people = days.customers if days.labels is None else days.labels[days.customers]
    lists = pa.LargeListArray.from_arrays(pa.array(days.offsets), pa.array(days.days))
    told = {_KEY: json.dumps({"version": _VERSION, "zone": days.zone, "notes": days.notes}).encode()}
    table = pa.table({"customer": pa.array(people), "days": lists}).replace_schema_metadata(told)
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.writing")
    with beside.open("wb") as file:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=max(len(days), 1))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def load(path: str | os.PathLike[str], *, mmap: bool = True) -> Days:
    """Map the file (or read it); the arrays point into it and are read-only."""
    import pyarrow as pa

    try:
        source = pa.memory_map(str(path)) if mmap else pa.OSFile(str(path))
        table = pa.ipc.open_file(source).read_all()
        told = json.loads((table.schema.metadata or {})[_KEY])
    except (pa.ArrowInvalid, KeyError, ValueError) as refused:
        raise NotDays(path=path) from refused
    if told["version"] != _VERSION:
        raise NotDays(path=path)
    return _days(table, told)


def _days(table: Any, told: dict[str, Any]) -> Days:
    notes = tuple(told["notes"])
    if not table.num_rows:
        return Days(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32), told["zone"], None, notes)
    people, lists = (table[name].chunk(0) for name in ("customer", "days"))
    values = lists.values.to_numpy(zero_copy_only=True)
    offsets = lists.offsets.to_numpy(zero_copy_only=True)
    if str(people.type) == "int64":
        return Days(people.to_numpy(zero_copy_only=True), offsets, values, told["zone"], None, notes)
    labels = np.asarray(people.to_pylist(), object)
    return Days(np.arange(len(labels), dtype=np.int64), offsets, values, told["zone"], labels, notes)
