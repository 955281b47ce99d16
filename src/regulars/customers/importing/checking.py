"""Checking: the whole file read, every row typed into the spool or named as refused. Nothing is written to the
database."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from regulars.customers.importing import orders, profiles, tracked
from regulars.customers.importing.errors import CannotRead
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Batch, Reader
from regulars.customers.importing.reporting import RejectedFile
from regulars.customers.importing.spool import RAW, Spool, Writer, buckets_for
from regulars.customers.importing.typed import Typed
from regulars.customers.importing.values.texts import as_text

KINDS: Final[dict[str, ModuleType]] = {"orders": orders, "customers": profiles, "facts": tracked}
# Text takes about this many bytes a row, packed text a sixth of it; only the number of buckets follows from it.
BYTES_A_ROW = 60
Progress = Callable[[float, int], None]


def check(
    reader: Reader, plan: Plan, *, folder: Path, size: int, progress: Progress = lambda done, rows: None
) -> Spool:
    """Make the spool of a file, unless it is there; `rejected.csv` in it holds the rows refused."""
    if spool := Spool.at(folder):
        return spool
    kind = KINDS[plan.kind]
    writer = Writer(folder, buckets=buckets_for(_rows(reader, size)), key=kind.KEY)
    rejected = RejectedFile(folder / "rejected.csv")
    rows = 0
    for batch in reader.batches():
        rejected.lines(batch.bad)
        rows += batch.size + len(batch.bad)
        writer.write(_checked(batch, kind.typed(batch, plan), reader.columns, rejected))
        progress(batch.done, rows)
    rejected.close()
    if not rows:
        raise CannotRead(_("The file names its columns, but holds no rows. Export it again with the rows in it."))
    writer.finish({"rows": rows, "rejected": rejected.counts, "columns": list(reader.columns)})
    spool = Spool.at(folder)
    assert spool is not None
    return spool


def _rows(reader: Reader, size: int) -> int:
    return int(getattr(reader, "rows", 0)) or size * 2 // BYTES_A_ROW


def _checked(batch: Batch, typed: Typed, names: Sequence[str], rejected: RejectedFile) -> pa.Table:
    """The good rows; the others go to the report with the cells they had."""
    raw = {name: as_text(batch.columns[name]) for name in names if name in batch.columns}
    is_out = np.zeros(batch.size, bool)
    for reason, column, mask in typed.refusals:
        new = mask & ~is_out
        if new.any():
            chosen = pa.array(np.flatnonzero(new))
            lines = pa.array(batch.lines).take(chosen)
            rejected.rows(reason, column, lines, {name: cells.take(chosen) for name, cells in raw.items()})
            is_out |= mask
    columns: dict[str, Any] = {"line": pa.array(batch.lines), **typed.columns}
    table = pa.table({**columns, **{RAW + name: cells for name, cells in raw.items()}})
    return table.filter(pa.array(~is_out)) if is_out.any() else table
