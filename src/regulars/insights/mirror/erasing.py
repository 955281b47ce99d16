"""Erasure reaches the mirror: files that hold an erased customer are written again without."""

from collections.abc import Sequence

import pyarrow as pa
from django.db import transaction
from django.db.models import F

from regulars.insights.mirror import counts, derived, files
from regulars.insights.mirror.names import CONSUMER
from regulars.insights.models import MirrorFile, MirrorState
from regulars.kernel import tail
from regulars.kernel.arrow import pc


def erase(customer_ids: Sequence[int]) -> int:
    """Take customers out of every file; returns how many facts went. Runs in the erasing transaction.

    The cursor is held until that transaction ends: otherwise a batch could bring back facts that
    are about to be deleted from the log. Old files go once it has committed.
    """
    tail.hold(CONSUMER)
    gone = pa.array(customer_ids, pa.int64())
    erased = sum(_without(row, gone) for row in files.listed())
    if erased:
        MirrorState.objects.get_or_create(id=1)
        MirrorState.objects.update(erasures=F("erasures") + 1)
        transaction.on_commit(derived.forget)
    return erased


def _without(row: MirrorFile, gone: pa.Array) -> int:
    customers = files.load(row, columns=["customer_id"])["customer_id"]
    held = pc.sum(pc.is_in(customers, gone)).as_py()
    if not held:
        return 0
    table = files.load(row)
    leaving = pc.is_in(table["customer_id"], gone)
    kept = table.filter(pc.invert(leaving))
    counts.subtract(table.filter(leaving))
    MirrorFile.objects.filter(path=row.path).delete()
    transaction.on_commit(lambda: files.remove([row.path]) and None)
    if kept.num_rows:
        stem = row.path.partition("/")[2].removeprefix(f"from-{files.first_of(row)}").removesuffix(".parquet")
        again = _next_suffix(stem)
        files.save([files.write(kept, day=row.day, first=files.first_of(row), last=files.last_of(row), suffix=again)])
    return held


def _next_suffix(stem: str) -> str:
    """A name of its own for each rewriting, so that the old file can stay until the commit."""
    base, found, number = stem.partition("-again")
    return f"{base}-again{int(number or 0) + 1 if found else 1}"
