"""Files that nothing names any more are taken away."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from regulars.channels.selectors import forms
from regulars.desk.models import Attachment, Draft, FirstDraft, SideFile
from regulars.kernel import clock, files, jobs

SWEEP = "desk.sweep_files"
SWEEP_REFUSED = "desk.sweep_refused_files"
AT_ONCE: Final = 500
# Whoever was refused may send the same file once more meanwhile, which makes it young again.
AFTER_REFUSAL: Final = timedelta(hours=1)
# As long as a file that was taken in on an open page may still be hung on a message, and a day.
NOBODYS: Final = timedelta(days=31)


def sweep(digests: Iterable[str]) -> int:
    """Remove those of these files that no message, no draft and no form that waits names; safe to run again."""
    return sum(files.remove(digest) for digest in digests if not _is_named(digest))


def give_up(digests: Iterable[str]) -> None:
    """What came with something that was refused: swept in an hour, unless it came once more by then."""
    given = list(digests)
    if given:
        jobs.defer(SWEEP_REFUSED, at=clock.now() + AFTER_REFUSAL, digests=given)


def sweep_refused(digests: Iterable[str]) -> int:
    """Remove those of these files that did not come again since, and that nothing names."""
    return sweep(digest for digest in digests if not _is_younger(digest, than=AFTER_REFUSAL / 2))


def sweep_nobodys() -> int:
    """Remove whatever has lain here for a month without anything that names it, however it came to be."""
    old = _old()
    return sum(sweep(_unattached(some)) for some in iter(lambda: list(islice(old, AT_ONCE)), []))


def _old() -> Iterator[str]:
    until = (clock.now() - NOBODYS).timestamp()
    return (digest for digest, written in files.stored() if written < until)


def _unattached(digests: Iterable[str]) -> set[str]:
    """A look at many at once: nearly all are attached to something."""
    wanted = set(digests)
    attached = (
        rows.objects.filter(digest__in=wanted).values_list("digest", flat=True) for rows in (Attachment, SideFile)
    )
    return wanted.difference(*attached)


def _is_younger(digest: str, *, than: timedelta) -> bool:
    try:
        return files.path(digest).stat().st_mtime > (clock.now() - than).timestamp()
    except FileNotFoundError:
        return False


def _is_named(digest: str) -> bool:
    return (
        Attachment.objects.filter(digest=digest).exists()
        or SideFile.objects.filter(digest=digest).exists()
        or forms.names_file(digest)
        or any(rows.objects.filter(attachments__contains=[{"digest": digest}]).exists() for rows in (Draft, FirstDraft))
    )
