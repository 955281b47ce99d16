"""Understanding what came in, in batches and in order, and having it placed.

One mail never stops the others: it is read in a process of its own under a time limit, and when a
batch cannot be placed its mails are placed one by one, so that the one at fault is buried alone,
with the reason, where people see it. What came in and what became of it commit together, so that
a crash at any moment leaves a mail either stored or placed.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Length

from regulars.channels import arrivals
from regulars.channels.arrivals import DEAD, DROPPED, Arrived, Outcome, Submitted
from regulars.channels.email import reading
from regulars.channels.email.understanding import Mail
from regulars.channels.models import Channel, Incoming
from regulars.channels.webform import submissions
from regulars.channels.webform.submissions import Submission
from regulars.kernel import clock
from regulars.kernel.errors import NoRoom, saying_no_room
from regulars.kernel.said import phrase as _

log = structlog.get_logger(__name__)

BATCH = 200
BATCH_BYTES = 16 * 1024 * 1024
MOST_AT_ONCE = 1_000  # then the job ends and another goes on, so that other jobs have their turn
ALONE_FROM = 3  # attempts
MOST_ATTEMPTS = 10
PLACING_LOCK = 7_301_905

_SETTLE = """
UPDATE channels_incoming SET state = new.state, trouble = new.why, settled_at = %s,
       raw = CASE WHEN new.state = 'dropped' THEN ''::bytea ELSE raw END,
       envelope = CASE WHEN new.state = 'dropped' THEN '{}'::jsonb ELSE envelope END
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new (id, state, why)
WHERE channels_incoming.id = new.id
"""


@dataclass(slots=True)
class Row:
    """One stored mail, and what was understood of it: the mail, or why not."""

    id: int
    source_key: str
    raw: bytes
    digest: bytes
    received_at: datetime
    is_history: bool
    envelope: dict[str, Any]
    attempts: int
    understood: Mail | Submission | str = ""


class Reading(Protocol):
    """Whoever makes sense of bytes; raises `NotUnderstood`."""

    def understand(self, raw: bytes, /) -> Mail | Submission: ...


def drain(channel_id: int, *, most: int = MOST_AT_ONCE) -> int:
    """Understand and place what is stored on a channel, oldest first; returns how many. May run twice at once."""
    channel = Channel.objects.filter(pk=channel_id).first()
    if channel is None:
        return 0
    settled = 0
    with _reader(channel) as reader, ThreadPoolExecutor(1) as ahead:
        batch = _next(channel_id, after=0)
        reading_now = ahead.submit(_understand, reader, batch)
        while batch and settled < most:
            reading_now.result()
            following = _next(channel_id, after=batch[-1].id)
            reading_now = ahead.submit(_understand, reader, following)
            _settle_batch(channel, batch)
            settled += len(batch)
            batch = following
    return settled


def _reader(channel: Channel) -> AbstractContextManager[Reading]:
    """Mail is read in a process of its own; a filled-in form was written by ourselves."""
    return nullcontext(submissions) if channel.kind == Channel.FORM else reading.lent()


def _next(channel_id: int, *, after: int) -> list[Row]:
    """The next rows, as many as fit; one that failed before comes alone."""
    wanted = Incoming.objects.filter(channel=channel_id, state=Incoming.STORED, pk__gt=after).order_by("pk")
    sizes = list(wanted.annotate(size=Length("raw")).values_list("pk", "size", "attempts")[:BATCH])
    ids = list(_fitting(sizes))
    Incoming.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1)
    names = ("pk", "source_key", "raw", "digest", "received_at", "is_history", "envelope", "attempts")
    return [
        Row(pk, key, bytes(raw), bytes(digest), *rest)
        for pk, key, raw, digest, *rest in wanted.filter(pk__in=ids).values_list(*names)
    ]


def _fitting(sizes: Sequence[tuple[int, int, int]]) -> Iterator[int]:
    total = 0
    for position, (pk, size, attempts) in enumerate(sizes):
        total += size
        if position and (total > BATCH_BYTES or attempts >= ALONE_FROM):
            return
        yield pk
        if attempts >= ALONE_FROM:
            return


def _understand(reader: Reading, rows: Sequence[Row]) -> None:
    for row in rows:
        if row.attempts > MOST_ATTEMPTS:
            row.understood = _("It was tried too often.")
            continue
        if size := row.envelope.get("left_on_server_bytes"):
            words = _("It is %(size)s MB large and stays on the mail server; here is its header alone.")
            row.understood = words % {"size": size // 1024**2}
            continue
        try:
            row.understood = reader.understand(row.raw)
        except reading.NotUnderstood as refusal:
            row.understood = str(refusal)


def _settle_batch(channel: Channel, rows: Sequence[Row]) -> None:
    """All at once; when that fails, each alone, so that one takes no other with it."""
    try:
        with saying_no_room():
            _settle(channel, rows)
    except InterfaceError:
        raise
    except NoRoom:  # the house is at fault and not the mail: it waits, however often it was tried
        Incoming.objects.filter(pk__in=[row.id for row in rows]).update(attempts=F("attempts") - 1)
        raise
    except Exception as fault:
        if isinstance(fault, OperationalError) and not _is_deadlock(fault):
            raise
        if len(rows) > 1:
            for row in rows:
                _settle_batch(channel, [row])
            return
        log.exception("a mail could not be placed", incoming_id=rows[0].id, channel_id=channel.pk)
        words = _("It could not be placed: %(fault)s")
        _bury(rows[0], why=words % {"fault": f"{type(fault).__name__}: {_first_line(fault)}".replace("\x00", "")})


@transaction.atomic
def _settle(channel: Channel, rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PLACING_LOCK, channel.pk])
    ids = [row.id for row in rows]
    waiting = Incoming.objects.select_for_update().filter(pk__in=ids, state=Incoming.STORED).order_by("pk")
    still = set(waiting.values_list("pk", flat=True))
    here = [row for row in rows if row.id in still]
    dead = [Outcome(row.id, DEAD, row.understood) for row in here if isinstance(row.understood, str)]
    arrived = [_arrived(channel, row, row.understood) for row in here if isinstance(row.understood, Mail)]
    forms = [_submitted(channel, row, row.understood) for row in here if isinstance(row.understood, Submission)]
    placed = arrivals.place(arrived) if arrived else []
    _write([*dead, *placed, *(arrivals.place_forms(forms) if forms else [])])


def _arrived(channel: Channel, row: Row, mail: Mail) -> Arrived:
    return Arrived(
        incoming_id=row.id,
        channel_id=channel.pk,
        channel_address=channel.address,
        channel_settings=channel.settings,
        source_key=row.source_key,
        digest=row.digest,
        received_at=row.received_at,
        is_history=row.is_history,
        envelope=row.envelope,
        mail=mail,
    )


def _submitted(channel: Channel, row: Row, submission: Submission) -> Submitted:
    return Submitted(
        incoming_id=row.id,
        channel_id=channel.pk,
        channel_settings=channel.settings,
        source_key=row.source_key,
        received_at=row.received_at,
        submission=submission,
    )


def _write(outcomes: Sequence[Outcome]) -> None:
    """What is dropped is kept elsewhere, or may not be kept: its bytes go at once."""
    why = [one.why.replace("\x00", "") for one in outcomes]
    columns = ([one.incoming_id for one in outcomes], [one.state for one in outcomes], why)
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [clock.now(), *columns])
    for state, group in groupby(sorted(outcomes, key=lambda one: one.state), key=lambda one: one.state):
        if state in (DEAD, DROPPED):
            log.info("mail was not placed", state=state, incoming_ids=[one.incoming_id for one in group])


def _bury(row: Row, *, why: str) -> None:
    waiting = Incoming.objects.filter(pk=row.id, state=Incoming.STORED)
    waiting.update(state=Incoming.DEAD, trouble=why, settled_at=clock.now())


def _is_deadlock(fault: OperationalError) -> bool:
    return "deadlock" in str(fault)


def _first_line(fault: Exception) -> str:
    return str(fault).partition("\n")[0][:300]
