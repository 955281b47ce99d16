"""Fetching what lies on the servers of an old desk, before that closes: file by file, a few at a time.

Each file that arrived whole is an attachment at once, in a transaction of its own, so that a run may be killed
anywhere; the next one goes on with those that wait. What cannot be fetched says why and may be tried again. Only the
internet is asked (`kernel.outside`), wherever a redirect leads.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from regulars.accounts import permission
from regulars.desk.actions import files as sweeping
from regulars.desk.actions import indexing
from regulars.desk.actions.moving_turns import LARGEST_FILE
from regulars.desk.models import Attachment, Conversation, FarFile, Origin
from regulars.desk.moving.forms import Matter, Misfit
from regulars.desk.selectors.moved_in import FETCH as FETCH
from regulars.kernel import clock, files, jobs, outside
from regulars.kernel.actors import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.outside import CutOff, NoAnswer, NotAnAddress, NotOutside, TooLarge, Unwelcome

AT_ONCE: Final = 3
ENOUGH_SILENCE: Final = 15  # so many in a row that nobody answered: the rest waits
AT_A_STRETCH: Final = 40  # seconds one job takes before it makes room for others
_ASKS_FOR_SIGN_IN: Final = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a file may take in all, how long nothing may come of it, and how large it may be."""

    seconds: float = 600
    silence: float = 30
    most: int = LARGEST_FILE


@dataclass(slots=True)
class Fetched:
    """What came of a run."""

    files: int = 0
    bytes: int = 0
    failed: int = 0
    waiting: int = 0  # left for another run
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class _Got:
    content: IO[bytes] | None
    reason: str = ""
    said: str = ""


def ask(origin_id: int, *, by: Actor) -> int:
    """Have all that is still elsewhere fetched by a worker, what failed before too; returns how many there are."""
    permission.require("import_files", by=by)
    with transaction.atomic():
        if not Origin.objects.filter(pk=origin_id).exists():
            raise NotFound
        again(origin_id)
        count = waiting(origin_id).count()
        if count:
            later(origin_id)
    return count


def later(origin_id: int) -> None:
    """Leave the rest to a worker."""
    jobs.defer_once(FETCH, queueing_lock=f"far files {origin_id}", lock=f"far files {origin_id}", origin_id=origin_id)


def again(origin_id: int) -> int:
    """What failed waits once more."""
    failed = FarFile.objects.filter(origin=origin_id, state=FarFile.FAILED)
    return failed.update(state=FarFile.WAITING, reason="", said="")


def waiting(origin_id: int) -> QuerySet[FarFile]:
    """Those to be fetched, in the order they were named."""
    return FarFile.objects.filter(origin=origin_id, state=FarFile.WAITING).order_by("pk")


def fetch(
    origin_id: int,
    *,
    report: Callable[[Misfit], None] = lambda misfit: None,
    progress: Callable[[float, int], None] = lambda done, count: None,
    limits: Limits = Limits(),
    stretch: float | None = None,
) -> Fetched:
    """Fetch what waits, or as much of it as fits into so many seconds."""
    done, silent, total = Fetched(), 0, waiting(origin_id).count()
    until = time.monotonic() + stretch if stretch is not None else None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for rows in _groups(origin_id):
            if silent >= ENOUGH_SILENCE or (until is not None and time.monotonic() > until):
                break
            wanted = [row for row in rows if not _is_here(row, done)]
            for row, got in zip(wanted, pool.map(lambda row: _get(row, limits), wanted), strict=True):
                _settle(row, got, done, report)
                silent = silent + 1 if got.reason == "file silent" else 0
            count = done.files + done.failed
            progress(min(1.0, count / max(1, total)), count)
    done.gave_up, done.waiting = silent >= ENOUGH_SILENCE, waiting(origin_id).count()
    return done


def take_near(matters: Iterable[Matter], *, origin_id: int) -> int:
    """Take those that lie beside the export by now, as somebody downloaded them; returns how many were wanted."""
    said = (one for matter in matters for turn in matter.turns for one in turn.files)
    near = {one.number: one.path for one in said if one.path and not one.is_far and one.number}
    rows = FarFile.objects.filter(origin=origin_id, number__in=near).exclude(state=FarFile.FETCHED).order_by("pk")
    taken = 0
    for row in rows if near else ():
        if near[row.number].stat().st_size <= LARGEST_FILE:
            whole = near[row.number].read_bytes()
            taken += _hang(row, files.store(whole), len(whole))
    return taken


def _groups(origin_id: int) -> Iterator[Sequence[FarFile]]:
    last = 0
    while rows := list(waiting(origin_id).filter(pk__gt=last)[:AT_ONCE]):
        yield rows
        last = rows[-1].pk


def _is_here(row: FarFile, done: Fetched) -> bool:
    """Whether the same file came with another message; then it hangs on this one too."""
    rows = FarFile.objects.filter(origin=row.origin_id, number=row.number, state=FarFile.FETCHED).exclude(digest="")
    known = rows.values_list("digest", "size").first()
    if known is None or not files.path(known[0]).exists():
        return False
    done.files += _hang(row, known[0], known[1] or 0)
    return True


def _get(row: FarFile, limits: Limits) -> _Got:
    """What came of asking for it; in a thread of its own, away from the database."""
    content = tempfile.TemporaryFile()  # noqa: SIM115  it lives until it is stored
    try:
        kind = outside.download(row.url, content, seconds=limits.seconds, silence=limits.silence, most=limits.most)
    except (NoAnswer, NotOutside, NotAnAddress) as refusal:
        content.close()
        return _Got(None, *_why(refusal))
    if kind.partition(";")[0].strip().lower() in _ASKS_FOR_SIGN_IN and not _is_page(row):
        content.close()
        return _Got(None, "file page")
    return _Got(content)


def _why(refusal: Exception) -> tuple[str, str]:
    if isinstance(refusal, Unwelcome):
        gone, closed = refusal.status in (404, 410), refusal.status in (401, 403)
        return "file gone" if gone else "file closed" if closed else "file trouble", str(refusal.status)
    for kind, reason in _REASONS:
        if isinstance(refusal, kind):
            return reason, ""
    return "file silent", str(refusal)


_REASONS: Final = (
    (TooLarge, "too large"), (CutOff, "file cut"), (NotOutside, "file inside"), (NotAnAddress, "file address"),
)  # fmt: skip


def _is_page(row: FarFile) -> bool:
    return "html" in row.type.lower() or row.name.lower().endswith((".html", ".htm", ".xhtml", ".mht"))


def _settle(row: FarFile, got: _Got, done: Fetched, report: Callable[[Misfit], None]) -> None:
    if got.content is None:
        done.failed += 1
        FarFile.objects.filter(pk=row.pk, state=FarFile.WAITING).update(
            state=FarFile.FAILED, reason=got.reason, said=got.said[:300], tried_at=clock.now()
        )
        report(Misfit(row.where, got.reason, f"{row.url} ({got.said})" if got.said else row.url))
        return
    with got.content as content:
        content.seek(0)
        whole = content.read()
    digest = files.store(whole)
    if _hang(row, digest, len(whole)):
        done.files += 1
        done.bytes += len(whole)
    else:
        sweeping.give_up([digest])


@transaction.atomic
def _hang(row: FarFile, digest: str, size: int) -> bool:
    """Make it an attachment of its message; false where that was done, or the message is gone meanwhile."""
    pk = Conversation.objects.filter(messages=row.message_id).values_list("pk", flat=True).first()
    held = Conversation.objects.select_for_update(no_key=True).filter(pk=pk).first()
    still = FarFile.objects.select_for_update().filter(pk=row.pk).exclude(state=FarFile.FETCHED)
    if held is None or not still:
        return False
    Attachment.objects.create(message_id=row.message_id, digest=digest, name=row.name, type=row.type, size=size)
    told = {"state": FarFile.FETCHED, "url": "", "reason": "", "said": "", "tried_at": clock.now()}
    still.update(digest=digest, size=size, **told)
    shown = Q(pk=held.pk) | Q(pk=held.merged_into_id)
    Conversation.objects.filter(shown, has_attachments=False).update(has_attachments=True)
    indexing.index([held.pk])
    return True
