"""Joining small files of a day into larger ones, sorted by name and customer; and sweeping leftovers."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

import pyarrow as pa
from django.db import transaction

from regulars.insights.mirror import files
from regulars.insights.mirror.names import CONSUMER
from regulars.insights.models import MirrorFile
from regulars.kernel import tail

# What is joined is sorted in memory, about half a kilobyte a row for that while, in a worker that does other work too.
SMALL_ROWS = 125_000
FULL_ROWS = 500_000
ENOUGH_FILES = 8


def compact(*, enough: int = ENOUGH_FILES) -> int:
    """Join each run of `enough` or more small files of one day; returns how many files went.

    The list changes in one transaction and the old files go after it, so a reader sees either
    all of the old or all of the new.
    """
    gone = sum(_join(day, run) for day, run in _runs(enough))
    if gone:
        pa.default_memory_pool().release_unused()
    return gone


@transaction.atomic
def sweep() -> int:
    """Delete files that the list does not name: what a crash left behind. Returns how many.

    The mirror's cursor is held, so that no file is just being written.
    """
    tail.hold(CONSUMER)
    listed = set(MirrorFile.objects.values_list("path", flat=True))
    found = (str(path.relative_to(files.folder())) for path in files.folder().glob("day=*/*"))
    return files.remove([path for path in found if path not in listed])


def _runs(enough: int) -> Iterator[tuple[date, list[MirrorFile]]]:
    rows = MirrorFile.objects.order_by("day", "first_epoch", "first_tx", "first_id")
    for day, of_day in groupby(rows, key=lambda row: row.day):
        for run in _neighbours(of_day):
            if len(run) >= enough:
                yield day, run


def _neighbours(rows: Iterable[MirrorFile]) -> Iterator[list[MirrorFile]]:
    """Stretches of small files next to each other, none of more than `FULL_ROWS` rows together."""
    run: list[MirrorFile] = []
    for row in rows:
        if row.rows >= SMALL_ROWS or sum(item.rows for item in run) + row.rows > FULL_ROWS:
            yield run
            run = []
        if row.rows < SMALL_ROWS:
            run.append(row)
    yield run


def _join(day: date, run: list[MirrorFile]) -> int:
    with transaction.atomic():
        tail.hold(CONSUMER)
        paths = [row.path for row in run]
        if MirrorFile.objects.filter(path__in=paths).count() != len(paths):
            return 0  # another process was here first
        table = pa.concat_tables(files.load(row) for row in run)
        table = table.sort_by([("name", "ascending"), ("customer_id", "ascending"), ("occurred_at", "ascending")])
        first, last = files.first_of(run[0]), max(files.last_of(row) for row in run)
        joined = files.write(table, day=day, first=first, last=last, suffix=f"-to-{last}")
        MirrorFile.objects.filter(path__in=paths).delete()
        files.save([joined])
        transaction.on_commit(lambda: files.remove(paths) and None)
    return len(paths)
