"""Files of the mirror: written whole or not at all, listed in the database, read by the list."""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from regulars.insights.models import MirrorFile
from regulars.kernel.arrow import pc
from regulars.kernel.tail import START, Position

FOLDER = "mirror"


def folder() -> Path:
    """Where the mirror lies: `DATA/mirror/day=YYYY-MM-DD/…parquet`."""
    return Path(settings.DATA) / FOLDER


def write(table: pa.Table, *, day: date, first: Position, last: Position, suffix: str = "") -> MirrorFile:
    """Write one file durably and return its row, unsaved; an older file of the same name is replaced."""
    path = f"day={day.isoformat()}/from-{first}{suffix}.parquet"
    target = folder() / path
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".writing")
    pq.write_table(table, temporary, compression="zstd", compression_level=1, use_dictionary=cast(Any, ["name"]))
    _sync(temporary)
    temporary.rename(target)
    _sync(target.parent)
    return MirrorFile(
        path=path, day=day, rows=table.num_rows, bytes=target.stat().st_size,
        first_epoch=first.epoch, first_tx=first.tx, first_id=first.id,
        last_epoch=last.epoch, last_tx=last.tx, last_id=last.id,
    )  # fmt: skip


def save(rows: Iterable[MirrorFile]) -> None:
    """List files, replacing rows of the same path."""
    MirrorFile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["rows", "bytes", "last_epoch", "last_tx", "last_id"],
    )


def listed(*, after: Position = START) -> list[MirrorFile]:
    """The files that hold anything after a position, in the log's order."""
    rows = MirrorFile.objects.order_by("first_epoch", "first_tx", "first_id", "path")
    return [row for row in rows if last_of(row) > after]


def first_of(row: MirrorFile) -> Position:
    return Position(row.first_epoch, row.first_tx, row.first_id)


def last_of(row: MirrorFile) -> Position:
    return Position(row.last_epoch, row.last_tx, row.last_id)


def read(
    columns: Sequence[str], *, after: Position = START, name: str | None = None, is_trusted_only: bool = False
) -> pa.Table:
    """The mirrored facts after a position, some columns of them, of one name or of all.

    A file may be replaced by a compaction between the list and the reading; then the list is
    fetched anew.
    """
    wanted = _wanted(name, is_trusted_only=is_trusted_only)
    for _ in range(5):
        try:
            return _read(listed(after=after), columns, after, wanted)
        except FileNotFoundError:
            continue
    raise FileNotFoundError("the mirror's list names files that are not there; run `regulars doctor`")


def _read(rows: list[MirrorFile], columns: Sequence[str], after: Position, wanted: Any) -> pa.Table:
    """All files at once, which keeps every core busy, but for those of which only a part is asked for."""
    partly = [row for row in rows if first_of(row) < after]
    whole = [row for row in rows if first_of(row) >= after]
    later = _is_after(after) if wanted is None else _is_after(after) & wanted
    return pa.concat_tables([_scan(partly, columns, later), _scan(whole, columns, wanted)])


def _scan(rows: list[MirrorFile], columns: Sequence[str], wanted: Any) -> pa.Table:
    from pyarrow import dataset

    from regulars.insights.mirror.columns import SCHEMA

    if not rows:
        return pa.schema([SCHEMA.field(column) for column in columns]).empty_table()
    # A name is compared once for all its facts, where it is only compared and not asked for.
    form = dataset.ParquetFileFormat(dictionary_columns=cast(Any, set() if "name" in columns else {"name"}))
    paths = [str(folder() / row.path) for row in rows]
    return dataset.dataset(paths, format=form).to_table(columns=list(columns), filter=wanted)


def _wanted(name: str | None, *, is_trusted_only: bool) -> Any:
    """Which facts of a file are meant; None for all of them."""
    by_name = None if name is None else pc.field("name") == name
    if not is_trusted_only:
        return by_name
    return pc.field("is_trusted") if by_name is None else by_name & pc.field("is_trusted")


def _is_after(after: Position) -> Any:
    """Rows whose key is above a position, compared part by part."""
    epoch, tx, number = (pc.field(column) for column in ("epoch", "tx", "id"))
    by_tx = (tx > after.tx) | ((tx == after.tx) & (number > after.id))
    return (epoch > after.epoch) | ((epoch == after.epoch) & by_tx)


def load(row: MirrorFile, *, columns: list[str] | None = None) -> pa.Table:
    """One file, some of its columns or all."""
    source: Any = pq.ParquetDataset(folder() / row.path, partitioning=cast(Any, None))
    return source.read(columns=columns)


def remove(paths: Iterable[str]) -> int:
    """Delete files that are no longer listed; returns how many were there."""
    gone = 0
    for path in paths:
        try:
            (folder() / path).unlink()
            gone += 1
        except FileNotFoundError:
            continue
    return gone


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
