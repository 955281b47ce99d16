"""What came in: stored first, understood after."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.accounts import permission
from regulars.channels.errors import NoSuchIncoming
from regulars.channels.models import Incoming
from regulars.kernel import clock, jobs
from regulars.kernel.actors import Actor

UNDERSTAND = "channels.understand"

_STORE = """
INSERT INTO channels_incoming (channel_id, source_key, raw, digest, received_at, is_history, envelope, state,
                               trouble, attempts)
SELECT channel_id, source_key, raw, digest, received_at, is_history, envelope::jsonb, 'stored', '', 0
FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::bytea[], %s::timestamptz[], %s::boolean[], %s::text[])
     AS new (channel_id, source_key, raw, digest, received_at, is_history, envelope)
ON CONFLICT (channel_id, source_key) DO NOTHING
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """One thing that came in on a channel, as it came."""

    channel_id: int
    raw: bytes = field(repr=False)
    source_key: str
    envelope: dict[str, Any] = field(default_factory=dict)
    is_history: bool = False
    received_at: datetime | None = None


def store(
    channel_id: int,
    raw: bytes,
    *,
    source_key: str,
    envelope: dict[str, Any] | None = None,
    is_history: bool = False,
    received_at: datetime | None = None,
) -> int | None:
    """Store what came, as it came, and return its key; None when the source has brought it before."""
    came = Came(
        channel_id=channel_id,
        raw=raw,
        source_key=source_key,
        envelope=envelope or {},
        is_history=is_history,
        received_at=received_at,
    )
    stored = store_all([came])
    return stored[0] if stored else None


@transaction.atomic
def store_all(came: Sequence[Came]) -> list[int]:
    """Store many at once and return the keys of those that are new; they are understood soon after."""
    now = clock.now()
    columns = [
        [one.channel_id for one in came],
        [one.source_key for one in came],
        [one.raw for one in came],
        [hashlib.sha256(one.raw).digest() for one in came],
        [one.received_at or now for one in came],
        [one.is_history for one in came],
        [json.dumps(one.envelope) for one in came],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, columns)
        stored = [row[0] for row in cursor.fetchall()]
    channel_ids = sorted({one.channel_id for one in came}) if stored else []
    transaction.on_commit(lambda: [wake(channel_id) for channel_id in channel_ids] and None)
    return stored


def wake(channel_id: int) -> bool:
    """Have what is stored on a channel understood; false when a job waits: it begins later, and finds it."""
    name = f"{UNDERSTAND}:{channel_id}"
    return jobs.defer_once(UNDERSTAND, lock=name, queueing_lock=name, channel_id=channel_id)


@transaction.atomic
def run_again(incoming_id: int, *, by: Actor) -> None:
    """Try once more to understand and place what could not be."""
    permission.require("manage_desk", by=by)
    again = Incoming.objects.select_for_update().filter(pk=incoming_id, state=Incoming.DEAD).first()
    if again is None:
        raise NoSuchIncoming
    again.state, again.trouble, again.settled_at, again.attempts = Incoming.STORED, "", None, 0
    again.save(update_fields=["state", "trouble", "settled_at", "attempts"])
    transaction.on_commit(lambda: wake(again.channel_id))


def blank(incoming_ids: Sequence[int]) -> int:
    """Let go of the bytes of what came in, and keep that it came: nothing is fetched a second time."""
    return Incoming.objects.filter(pk__in=incoming_ids).exclude(raw=b"").update(raw=b"", envelope={})


def erase(incoming_ids: Sequence[int]) -> int:
    """Take what came in away for good, because whoever sent it is erased."""
    removed, _ = Incoming.objects.filter(pk__in=incoming_ids).delete()
    return removed
