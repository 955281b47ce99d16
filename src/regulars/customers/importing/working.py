"""Doing what an import's jobs ask for."""

import time

from django.utils.translation import gettext as _

from regulars.customers.importing import imports, running
from regulars.customers.importing.checking import Progress
from regulars.customers.importing.errors import Cancelled, NotWaiting
from regulars.customers.importing.models import Import
from regulars.kernel.errors import DomainError

SETTLING = 0.3  # of the time of checking, what is taken to find out how dates and numbers are written


def check(import_id: int) -> None:
    """Check a file; once more does no harm."""
    imported = Import.objects.filter(pk=import_id, state=Import.CHECKING).first()
    if imported is None:
        return
    noting = _noting(import_id)
    try:
        if imports.settle(imported, progress=lambda done, rows: noting(done * SETTLING, rows)):
            imports.check(imported, progress=lambda done, rows: noting(SETTLING + done * (1 - SETTLING), rows))
    except NotWaiting:
        imported.refresh_from_db()
        imports.release(imported)
        return
    except DomainError as refusal:
        imports.fail(import_id, str(refusal))
    except (ValueError, MemoryError, OSError) as fault:
        imports.fail(import_id, _unexpected(fault))
        raise


def run(import_id: int) -> None:
    """Run an import from where it stands."""
    imported = Import.objects.filter(pk=import_id, state=Import.RUNNING).first()
    if imported is None:
        return
    try:
        running.run(imported)
    except Cancelled:
        running.leave(import_id)
        return
    except DomainError as refusal:
        imports.fail(import_id, str(refusal))
    except (ValueError, MemoryError, OSError) as fault:
        imports.note_fault(import_id, _will_try_again(fault))
        raise
    imports.release(imported)
    imports.tidy()


def _noting(import_id: int) -> Progress:
    """Write the progress of checking down, at most every half second."""
    last = 0.0

    def note(done: float, rows: int) -> None:
        nonlocal last
        if time.monotonic() - last > 0.5:
            last = time.monotonic()
            if not Import.objects.filter(pk=import_id, state=Import.CHECKING).update(progress=done):
                raise NotWaiting  # cancelled meanwhile: the rest of a large file need not be read

    return note


def _unexpected(fault: Exception) -> str:
    return _("The file could not be checked (%(kind)s). Nothing was imported.") % {"kind": type(fault).__name__}


def _will_try_again(fault: Exception) -> str:
    said = {"kind": type(fault).__name__}
    return _("The import stumbled (%(kind)s) and will try again by itself. What was imported stays.") % said
