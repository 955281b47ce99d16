"""Running: the spool into the database, batch by batch.

Each batch is one transaction: customers, facts, counts and progress stand together or not at all.
Whoever was killed begins with the first batch that does not stand; two who run at once take turns.
The import's row is locked only when a batch is done: who cancels waits for no batch, and the one that
was being written then is taken back whole.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from regulars.customers.importing import checking, places, reporting
from regulars.customers.importing.checking import Progress
from regulars.customers.importing.errors import Cancelled
from regulars.customers.importing.models import Import
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import open_file
from regulars.customers.importing.sources import source_id
from regulars.customers.importing.spool import RAW, Spool
from regulars.customers.importing.steps import Outcome, Refused, Step, Target
from regulars.kernel import clock
from regulars.kernel.actors import Actor

log = structlog.get_logger(__name__)
PATIENCE_SECONDS = 60.0
_TURN = 7_301_911  # the advisory lock, with the number of the import
T = TypeVar("T")


def run(imported: Import, *, progress: Progress = lambda done, rows: None) -> Import:
    """Do every batch that does not stand yet, and write the report."""
    plan = Plan.from_json(imported.plan)
    spool = spool_of(imported)
    target = _patiently(lambda: _target(imported, plan))
    next_batch, rows = imported.batches_done, 0
    for number, step in enumerate(checking.KINDS[plan.kind].steps(spool, plan)):
        rows += step.rows
        done = min(1.0, rows / max(1, spool.found["rows"]))
        if number >= next_batch:
            next_batch = _patiently(lambda: _do(imported, number, step, target, spool, done))  # noqa: B023
        progress(done, rows)
    return _patiently(lambda: finish(imported.pk, spool))


@transaction.atomic
def leave(import_id: int) -> None:
    """What a cancelled import can say of itself: every row refused until then, in the report and counted."""
    imported = Import.objects.select_for_update().get(pk=import_id)
    spool = Spool.at(places.spool_of(imported.digest, Plan.from_json(imported.plan).digest))
    if imported.state != Import.CANCELLED or spool is None:
        return
    write_report(imported, spool)
    imported.counts["checked"] = spool.found["rejected"]
    imported.save(update_fields=["counts"])


def spool_of(imported: Import, *, progress: Progress = lambda done, rows: None) -> Spool:
    """The checked rows; made again from the file when they are not there."""
    plan = Plan.from_json(imported.plan)
    folder = places.spool_of(imported.digest, plan.digest)
    if spool := Spool.at(folder):
        return spool
    reader = open_file(places.file_of(imported.digest), heed=lambda: progress(0.0, 0))
    return checking.check(reader, plan, folder=folder, size=imported.size, progress=progress)


@transaction.atomic
def finish(import_id: int, spool: Spool) -> Import:
    """Gather the report and say that the import is done; a second finish changes nothing."""
    imported = Import.objects.select_for_update().get(pk=import_id)
    if imported.state != Import.RUNNING:
        return imported
    write_report(imported, spool)
    imported.counts["checked"] = spool.found["rejected"]
    imported.found.pop("guess", None)  # it holds rows of the file
    imported.state, imported.progress, imported.ended_at = Import.DONE, 1.0, clock.now()
    imported.problem = ""
    imported.save()
    return imported


def write_report(imported: Import, spool: Spool) -> None:
    """One file of every row refused so far."""
    parts = [spool.folder / "rejected.csv", *_parts(imported)]
    target = places.report_of(imported.pk)
    reporting.gather(parts, target, columns=spool.found["columns"])


def _parts(imported: Import) -> list[Path]:
    paths = (places.part_of(imported.digest, imported.pk, number) for number in range(imported.batches_done))
    return [path for path in paths if path.exists()]


def _target(imported: Import, plan: Plan) -> Target:
    assert imported.started_at is not None
    return Target(source_id(plan.kind), imported.started_at, Actor.parse(imported.created_by), imported.file_name)


@transaction.atomic
def _do(imported: Import, number: int, step: Step, target: Target, spool: Spool, done: float) -> int:
    """One batch, unless it stands already; returns the number of the next that does not."""
    _take_turn(imported.pk)
    row = _running(Import.objects.get(pk=imported.pk))
    if row.batches_done != number:
        return row.batches_done
    outcome = step.apply(target)
    row = _running(Import.objects.select_for_update().get(pk=imported.pk))
    _keep_refused(outcome.refused, places.part_of(row.digest, row.pk, number), spool)
    _count(row.counts, outcome)
    row.batches_done, row.progress = number + 1, done
    row.save(update_fields=["counts", "batches_done", "progress"])
    return row.batches_done


def _take_turn(import_id: int) -> None:
    """Let nobody else do a batch of this import before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_TURN, import_id])


def _running(row: Import) -> Import:
    if row.state != Import.RUNNING:
        raise Cancelled
    return row


def _count(counts: dict[str, Any], outcome: Outcome) -> None:
    rejected: dict[str, int] = counts.setdefault("rejected", {})
    for item in outcome.refused:
        rejected[item.reason] = rejected.get(item.reason, 0) + len(item.places)
    for name, count in outcome.counts.items():
        counts[name] = counts.get(name, 0) + count


def _keep_refused(refused: list[Refused], path: Path, spool: Spool) -> None:
    """Written before the commit, under the batch's number: done again, it is the same file again."""
    if not refused:
        return
    part = reporting.RejectedFile(path)
    for item in refused:
        table = (spool.raw(item.bucket) if item.piece is None else item.piece).take(item.places)
        names = [name for name in table.schema.names if name.startswith(RAW)]
        cells = {name: table[name].combine_chunks() for name in names}
        part.rows(item.reason, "", table["line"].combine_chunks(), cells)
    part.close()


def _patiently(attempt: Callable[[], T]) -> T:
    """Try again while the database is away: what was committed stands, what was not is done anew."""
    gives_up_at = time.monotonic() + PATIENCE_SECONDS
    pause = 0.2
    while True:
        try:
            return attempt()
        except (OperationalError, InterfaceError) as fault:
            connection.close()
            if time.monotonic() > gives_up_at:
                raise
            log.warning("the database is away; waiting for it", because=type(fault).__name__)
            time.sleep(pause)
            pause = min(2.0, pause * 2)
