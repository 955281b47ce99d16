"""Saving reduced forms as Arrow IPC (customer, and a list of days), and answers as NumPy's archive of columns."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import get_ident
from typing import IO, Any, Final

import numpy as np

from tenure.answers import frozen
from tenure.days import Days
from tenure.errors import NotAnAnswer, NotDays, NotKeepable
from tenure.questions import Question
from tenure.results import Retention

_KEY: Final = b"tenure.days"
_VERSION: Final = 1
_COLUMNS: Final = ("cohorts", "sizes", "at_risk", "bracket_starts", "followed")


def save(days: Days, path: str | os.PathLike[str]) -> None:
    """Written beside and moved into place, so that a reader never sees half a file."""
    import pyarrow as pa

    people = days.customers if days.labels is None else days.labels[days.customers]
    lists = pa.LargeListArray.from_arrays(pa.array(days.offsets), pa.array(days.days))
    told = {_KEY: json.dumps({"version": _VERSION, "zone": days.zone, "notes": days.notes}).encode()}
    table = pa.table({"customer": pa.array(people), "days": lists}).replace_schema_metadata(told)
    with _whole(Path(path)) as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(len(days), 1))


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


def save_answer(answer: Retention, path: str | os.PathLike[str]) -> None:
    """The counts as they are; the question, the segments and the notes as JSON. Rates are computed from them anew."""
    told = {
        "version": _VERSION, "question": asdict(answer.question), "segments": answer.segments, "notes": answer.notes,
        "kinds": answer.kinds,
    }  # fmt: skip
    try:
        text = json.dumps(told)
    except TypeError as refused:
        raise NotKeepable from refused
    columns: dict[str, Any] = {name: getattr(answer, name) for name in _COLUMNS}
    counted = {f"retained {kind}": column for kind, column in answer.retained.items()}
    with _whole(Path(path)) as file:
        np.savez(file, allow_pickle=False, told=np.frombuffer(text.encode(), np.uint8), **columns, **counted)


def load_answer(path: str | os.PathLike[str]) -> Retention:
    """What `save_answer` wrote; its columns are read-only."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            told = json.loads(kept["told"].tobytes())
            if told["version"] != _VERSION:
                raise NotAnAnswer(path=path)
            return _answer(kept, told)
    except (zipfile.BadZipFile, EOFError, KeyError, TypeError, ValueError) as refused:
        raise NotAnAnswer(path=path) from refused


def _answer(kept: Any, told: dict[str, Any]) -> Retention:
    asked = told["question"] | {"kinds": tuple(told["question"]["kinds"])}
    return Retention(
        question=Question(**asked),
        segments=None if told["segments"] is None else tuple(told["segments"]),
        retained={kind: frozen(kept[f"retained {kind}"]) for kind in told["kinds"]},
        notes=tuple(told["notes"]),
        **{name: frozen(kept[name]) for name in _COLUMNS},
    )


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file written beside its place and moved there once it is on disk, so that no reader sees half of it."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.{get_ident()}.writing")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
