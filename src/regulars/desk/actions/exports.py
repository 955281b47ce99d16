"""Exports asked for on the page: written by a job, kept for three days as one zip file, then thrown away."""

import shutil
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.desk.errors import AlreadyExporting, NoSuchExport
from regulars.desk.models import Export
from regulars.desk.moving_out import running
from regulars.kernel import clock, jobs
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError

MOVE_OUT: Final = "desk.move_out"
KEPT: Final = timedelta(days=3)
PARTIAL: Final = ".partial"
SAY_EVERY_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class NotWantedAnyMore(Exception):
    """Somebody was erased meanwhile, or the row is gone: what is written must not be kept."""


@transaction.atomic
def ask(*, by: Actor, form: str = running.BOTH, since: datetime | None = None, with_files: bool = True) -> Export:
    """Have everything exported; one at a time. That it was asked for is on record."""
    permission.require("export_bulk", by=by)
    if Export.objects.select_for_update().filter(state__in=(Export.ASKED, Export.RUNNING)).exists():
        raise AlreadyExporting
    export = Export.objects.create(
        agent_id=by.id if by.kind == "agent" else None, asked_by=str(by), asked_by_name=by.name, asked_at=clock.now(),
        form=form if form in (running.JSONL, running.MBOX) else running.BOTH, since=since, with_files=with_files,
    )  # fmt: skip
    audit.note(audit_verbs.EVERYTHING_EXPORTED, by=by, subject=f"export:{export.pk}", details={"form": export.form})
    jobs.defer(MOVE_OUT, lock=MOVE_OUT, export_id=export.pk)
    return export


def run(export_id: int) -> None:
    """Write one; run again after a crash, it begins anew."""
    taken = Export.objects.filter(pk=export_id, state__in=(Export.ASKED, Export.RUNNING))
    if not taken.update(state=Export.RUNNING, started_at=clock.now(), progress=0.0):
        _clear(export_id)
        return
    export, place = Export.objects.get(pk=export_id), _place(export_id)
    shutil.rmtree(place, ignore_errors=True)
    try:
        manifest = running.move_out(
            place / _name(export), form=export.form, since=export.since, with_files=export.with_files,
            progress=_saying(export_id),
        )  # fmt: skip
        size = _zip(place, path(export_id))
    except NotWantedAnyMore:
        path(export_id).unlink(missing_ok=True)
    except (DomainError, OSError) as fault:
        log.warning("an export failed", export=export_id, fault=type(fault).__name__)
        _end(export_id, Export.FAILED, trouble=str(fault))
    except (OperationalError, InterfaceError):
        raise  # it begins anew once the database is there again
    except Exception as fault:  # a fault of ours: one that never ends would keep all others from beginning
        _end(export_id, Export.FAILED, trouble=type(fault).__name__)
        raise
    else:
        _end(export_id, Export.READY, size=size, counts=manifest["counts"], expires_at=clock.now() + KEPT)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@transaction.atomic
def download(export_id: int, *, by: Actor) -> Path:
    """The file of one that is ready; that it was taken is on record."""
    permission.require("export_bulk", by=by)
    export = Export.objects.filter(pk=export_id, state=Export.READY).first()
    if export is None or not path(export_id).is_file() or (export.expires_at and export.expires_at <= clock.now()):
        raise NoSuchExport
    audit.note(audit_verbs.EXPORT_DOWNLOADED, by=by, subject=f"export:{export_id}")
    return path(export_id)


def throw_away_expired() -> int:
    """What was kept long enough goes."""
    return _throw_away(Export.objects.filter(state=Export.READY, expires_at__lte=clock.now()))


def throw_all_away() -> int:
    """Every export goes, what is being written too: somebody who is erased may be in it."""
    return _throw_away(Export.objects.exclude(state=Export.GONE))


def path(export_id: int) -> Path:
    """Where the file of one lies."""
    return _folder() / f"{export_id}.zip"


def _clear(export_id: int) -> None:
    """What a run left that was killed: nobody wants it any more, and somebody who is erased may be in it."""
    shutil.rmtree(_place(export_id), ignore_errors=True)
    path(export_id).with_suffix(PARTIAL).unlink(missing_ok=True)
    if not Export.objects.filter(pk=export_id, state=Export.READY).exists():
        path(export_id).unlink(missing_ok=True)


def _throw_away(rows: Any) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Export.objects.filter(pk__in=ids).update(state=Export.GONE)
    transaction.on_commit(lambda: [path(pk).unlink(missing_ok=True) for pk in ids] and None)
    return len(ids)


@transaction.atomic
def _end(export_id: int, state: str, **said: Any) -> None:
    """Put down how it ended and tell who asked; one that is not wanted any more keeps no file."""
    still = Export.objects.select_for_update().filter(pk=export_id, state=Export.RUNNING)
    if not still.update(state=state, ended_at=clock.now(), progress=1.0, **said):
        path(export_id).unlink(missing_ok=True)
        return
    transaction.on_commit(lambda: _tell(Export.objects.select_related("agent").get(pk=export_id)))


def _tell(export: Export) -> None:
    """A mail to who asked; the page says the same, so a mail that cannot leave changes nothing."""
    if export.agent is None or export.agent.deactivated_at is not None:
        return
    where = f"{settings.PUBLIC_URL}/settings/export/"
    with translation.override(export.agent.language or settings.LANGUAGE_CODE):
        is_ready = export.state == Export.READY
        subject = _("The export is ready") if is_ready else _("The export failed")
        text = _("You can download it for three days here:") if is_ready else _("Nothing was kept. See why here:")
    try:
        send_mail(subject, f"{text}\n\n{where}\n", None, [export.agent.email])
    except OSError as fault:
        log.warning("that an export ended was not mailed", fault=type(fault).__name__)


def _saying(export_id: int) -> running.Progress:
    """Puts down how far it is, about once a second, and stops when nobody wants it any more."""
    said = 0.0

    def show(done: float, what: str) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said < SAY_EVERY_SECONDS:
            return
        said = now
        if not Export.objects.filter(pk=export_id, state=Export.RUNNING).update(progress=done):
            raise NotWantedAnyMore

    return show


def _zip(place: Path, target: Path) -> int:
    """One file of the folder; what cannot be made smaller is not tried."""
    partial = target.with_suffix(PARTIAL)
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for each in sorted(place.rglob("*")):
            if each.is_file():
                is_file = "attachments" in each.relative_to(place).parts
                how = zipfile.ZIP_STORED if is_file else zipfile.ZIP_DEFLATED
                archive.write(each, each.relative_to(place), compress_type=how)
    partial.chmod(0o600)
    partial.rename(target)
    return target.stat().st_size


def _place(export_id: int) -> Path:
    return _folder() / str(export_id)


def _name(export: Export) -> str:
    return f"regulars-{export.asked_at:%Y-%m-%d}"


def _folder() -> Path:
    folder = Path(settings.DATA) / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
