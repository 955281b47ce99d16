"""The life of an import: received, decided, checked, started, cancelled."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.accounts import audit_verbs
from regulars.accounts.actions import audit
from regulars.customers.importing import foreseeing, mapping, places, running, settling
from regulars.customers.importing.checking import Progress
from regulars.customers.importing.errors import CannotMap, CannotRead, NoSuchImport, NotWaiting, Unsure
from regulars.customers.importing.job_names import CHECK, RUN
from regulars.customers.importing.models import Import
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Reader, open_file
from regulars.kernel import clock, jobs, page_settings
from regulars.kernel.actors import Actor

ABANDONED_AFTER = timedelta(days=7)


def _wanted() -> Q:
    """Imports whose files are kept: what is under way, and what can still go on where it stopped."""
    stopped = Q(state=Import.CANCELLED, started_at__isnull=False, ended_at__gt=clock.now() - ABANDONED_AFTER)
    return Q(state__in=(*Import.OPEN, Import.FAILED)) | stopped


def receive(source: BinaryIO, *, name: str, kind: str, by: Actor) -> Import:
    """Take a file in; nothing is read of it yet."""
    digest, size = places.receive(source)
    return begin(digest, size=size, name=name, kind=kind, by=by)


def begin(digest: str, *, size: int, name: str, kind: str, by: Actor) -> Import:
    """An import of a file that is in its place."""
    return Import.objects.create(
        kind=kind, file_name=name[-200:], digest=digest, size=size, created_at=clock.now(), created_by=str(by)
    )


def opened(imported: Import, *, progress: Progress = lambda done, rows: None) -> Reader:
    """The import's file, opened; that alone may read the whole of it, to know its encoding."""
    path = places.file_of(imported.digest)
    if not path.exists():
        raise NoSuchImport(_("The file is not here any more. Choose it again."))
    return open_file(path, heed=lambda: progress(0.0, 0))


def decide(
    imported: Import,
    columns: Mapping[str, str],
    *,
    zone: str | None = None,
    currency: str | None = None,
    date_order: str | None = None,
    decimal_mark: str | None = None,
    fact_name: str = "",
) -> Plan:
    """The plan out of what the columns mean and what else was said; raises `CannotMap` or `Unsure`."""
    gaps = mapping.missing(columns, kind=imported.kind, has_fact_name=bool(fact_name))
    if gaps:
        raise CannotMap(_no_column(gaps[0]))
    company = page_settings.values("time_zone", "currency")
    plan = Plan(
        imported.kind,
        dict(columns),
        zone=zone or company["time_zone"],
        currency=currency or company["currency"],
        fact_name=fact_name,
    )
    return settling.settle(opened(imported), plan, date_order=date_order, decimal_mark=decimal_mark)


def keep(imported: Import, plan: Plan) -> Import:
    """Write down the plan; an import that runs keeps the one it has."""
    changed = Import.objects.filter(pk=imported.pk, state__in=(Import.WAITING, Import.CHECKING, Import.READY))
    if not changed.update(plan=plan.as_json(), problem=""):
        raise NotWaiting
    imported.refresh_from_db()
    return imported


def check(imported: Import, *, progress: Progress = lambda done, rows: None) -> Import:
    """Read the whole file and say what running it would do."""
    plan = Plan.from_json(imported.plan)
    spool = running.spool_of(imported, progress=lambda done, rows: progress(done * 0.7, rows))
    found = foreseeing.foresee(spool, plan, progress=lambda done, rows: progress(0.7 + done * 0.3, rows))
    found |= {"guess": imported.found["guess"]} if "guess" in imported.found else {}
    _set(imported, (Import.WAITING, Import.CHECKING, Import.READY), state=Import.READY, found=found, progress=0)
    running.write_report(imported, spool)
    return imported


def start(imported: Import, *, by: Actor) -> Import:
    """From here on the import runs, by whoever calls `run`; a failed or stopped one goes on where it stopped."""
    with transaction.atomic():
        states = [Import.WAITING, Import.CHECKING, Import.READY, Import.FAILED]
        if imported.started_at is not None:
            states.append(Import.CANCELLED)
        if not places.file_of(imported.digest).exists():
            raise NoSuchImport(
                _("The file is not here any more. Choose it again: what is here already stays as it is.")
            )
        _set(
            imported,
            tuple(states),
            state=Import.RUNNING,
            started_at=imported.started_at or clock.now(),
            found={**imported.found, "pace": _pace(imported.progress)},
            problem="",
            ended_at=None,
        )
        audit.note(audit_verbs.IMPORT_STARTED, by=by, subject=f"import:{imported.pk}", details={"kind": imported.kind})
    return imported


def cancel(import_id: int, *, by: Actor) -> Import:
    """Stop at once: the batches that stand stay, the one being written is taken back."""
    with transaction.atomic():
        imported = _locked(import_id)
        if imported.state not in Import.OPEN:
            raise NotWaiting
        is_read_now = imported.state == Import.CHECKING
        imported.state, imported.ended_at, imported.cancelled_by = Import.CANCELLED, clock.now(), str(by)
        imported.save()
        audit.note(
            audit_verbs.IMPORT_CANCELLED, by=by, subject=f"import:{imported.pk}", details={"kind": imported.kind}
        )
    if not is_read_now:  # else by whoever reads it, as soon as they notice
        release(imported)
    return imported


def fail(import_id: int, problem: str) -> None:
    """Keep what went wrong where the person who started it reads it."""
    Import.objects.filter(pk=import_id, state__in=Import.OPEN).update(
        state=Import.FAILED, problem=problem, ended_at=clock.now()
    )


def look(imported: Import) -> Import:
    """Guess what the columns mean and keep the guess with its sample, for the page to show."""
    guess = mapping.guess(opened(imported), imported.kind)
    if not any(guess.sample.values()):
        raise CannotRead(_("The file names its columns, but holds no rows. Export it again with the rows in it."))
    doubts = [{"field": doubt.field.name, "candidates": list(doubt.candidates)} for doubt in guess.doubts]
    # Lists, because PostgreSQL keeps an object's members in an order of its own.
    columns = [[column, target, guess.sample.get(column, [])] for column, target in guess.columns.items()]
    shown = {"columns": columns, "doubts": doubts, "unread": list(guess.unread)}
    Import.objects.filter(pk=imported.pk).update(found={"guess": shown})
    imported.refresh_from_db()
    return imported


@transaction.atomic
def check_later(
    imported: Import,
    columns: Mapping[str, str],
    *,
    zone: str,
    currency: str,
    date_order: str = "",
    decimal_mark: str = "",
    fact_name: str = "",
) -> Import:
    """Have the worker check. An empty date order or decimal mark is settled by the worker, from the whole column."""
    chosen = mapping.choose(columns, kind=imported.kind)
    gaps = mapping.missing(chosen, kind=imported.kind, has_fact_name=bool(fact_name))
    if gaps:
        raise CannotMap(_no_column(gaps[0]))
    plan = Plan(imported.kind, chosen, zone, currency, date_order, decimal_mark, fact_name)
    keep(imported, plan)
    found = {**imported.found, "pace": _pace(0.0)}
    _set(imported, (Import.WAITING, Import.CHECKING, Import.READY), state=Import.CHECKING, progress=0, found=found)
    jobs.defer(CHECK, lock=f"import:{imported.pk}", import_id=imported.pk)
    return imported


def settle(imported: Import, *, progress: Progress = lambda done, rows: None) -> bool:
    """Settle what the plan leaves open; where the file does too, it waits for an answer and this is false."""
    plan = Plan.from_json(imported.plan)
    try:
        settled = settling.settle(
            opened(imported, progress=progress),
            plan,
            date_order=plan.date_order or None,
            decimal_mark=plan.decimal_mark or None,
            progress=progress,
        )
    except Unsure as doubt:
        question = {"option": doubt.option, "choices": list(doubt.choices)}
        found = {**imported.found, "question": question}
        _set(imported, (Import.CHECKING,), state=Import.WAITING, problem=str(doubt), found=found)
        return False
    keep(imported, settled)
    return True


def note_fault(import_id: int, problem: str) -> None:
    """Say what happened to an import that is still running and will be taken up again."""
    Import.objects.filter(pk=import_id, state=Import.RUNNING).update(problem=problem)


@transaction.atomic
def start_later(imported: Import, *, by: Actor) -> Import:
    """Have the worker run it."""
    start(imported, by=by)
    jobs.defer(RUN, lock=f"import:{imported.pk}", import_id=imported.pk)
    return imported


def discard(imported: Import) -> None:
    """An import that never began leaves nothing behind."""
    Import.objects.filter(pk=imported.pk, started_at__isnull=True).delete()
    places.report_of(imported.pk).unlink(missing_ok=True)
    release(imported)


def release(imported: Import) -> None:
    """Remove the file of an import that has ended, unless another import is of the same file."""
    if not Import.objects.filter(_wanted(), digest=imported.digest).exists():
        places.forget(imported.digest)


def unfinished(digest: str, *, kind: str, plan: Plan) -> Import | None:
    """A run of the same file in the same way that was cut short or stopped."""
    same = Import.objects.filter(_wanted(), digest=digest, kind=kind, plan=plan.as_json(), started_at__isnull=False)
    return same.filter(state__in=(Import.RUNNING, Import.CANCELLED)).order_by("-pk").first()


def go_on(imported: Import, *, by: Actor) -> Import:
    """Take up a run that was cut short: it may still say that it runs, or that it was stopped."""
    return start(imported, by=by) if imported.state == Import.CANCELLED else imported


def tidy() -> None:
    """Remove files nobody imports any more, and what was begun and left alone for a week."""
    left = Import.objects.filter(
        state__in=(Import.WAITING, Import.READY), started_at=None, created_at__lt=clock.now() - ABANDONED_AFTER
    )
    left.delete()
    places.sweep(set(Import.objects.filter(_wanted()).values_list("digest", flat=True)))


def _pace(progress: float) -> dict[str, Any]:
    """From when and where the time left is reckoned: a pause of days before is no part of it."""
    return {"at": clock.now().isoformat(), "from": progress}


def _locked(import_id: int) -> Import:
    imported = Import.objects.select_for_update().filter(pk=import_id).first()
    if imported is None:
        raise NoSuchImport
    return imported


def _set(imported: Import, states: tuple[str, ...], **values: Any) -> None:
    if not Import.objects.filter(pk=imported.pk, state__in=states).update(**values):
        raise NotWaiting
    imported.refresh_from_db()


def _no_column(group: tuple[Any, ...]) -> str:
    wanted = _(" or the ").join(str(item.label) for item in group)
    return _("No column is known to hold the %(wanted)s. Say which one does.") % {"wanted": wanted}
