"""What came in: stored first, understood after."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from regulars.channels.models import Incoming
from regulars.kernel import clock

_STORE = """
INSERT INTO channels_incoming (channel_id, source_key, raw, digest, received_at, is_history, envelope, state,
                               trouble, attempts)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'stored', '', 0)
ON CONFLICT (channel_id, source_key) DO NOTHING
RETURNING id
"""


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
    digest, at = hashlib.sha256(raw).digest(), received_at or clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [channel_id, source_key, raw, digest, at, is_history, json.dumps(envelope or {})])
        row = cursor.fetchone()
        return row[0] if row else None


def erase(incoming_ids: Sequence[int]) -> int:
    """Take what came in away for good, because whoever sent it is erased."""
    removed, _ = Incoming.objects.filter(pk__in=incoming_ids).delete()
    return removed
