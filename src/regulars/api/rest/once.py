"""A call repeated with its `Idempotency-Key` makes nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from regulars.api.models import Call
from regulars.kernel import clock
from regulars.kernel.errors import Invalid

if TYPE_CHECKING:  # the worker forgets calls, and needs nothing of how they are answered
    from regulars.api.rest.doors import CallingRequest

KEPT = timedelta(days=2)
LONGEST = 255
_TAKE = """
INSERT INTO api_call (key_id, name, digest, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""


class OtherCall(Invalid):
    """This Idempotency-Key was used for another call. Nothing was changed; choose a new key for a new call."""


class KeyNotUsable(Invalid):
    """An Idempotency-Key is 1 to 255 letters. Nothing was changed."""


@transaction.atomic
def once(request: CallingRequest, make: Callable[[], int]) -> int:
    """Make something and return its number, or the number of what the same call made before.

    A second call at the same moment waits for the first. What is refused leaves the key free.
    """
    name = request.headers.get("Idempotency-Key")
    if name is None:
        return make()
    if not 1 <= len(name) <= LONGEST or not name.isprintable():
        raise KeyNotUsable
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).digest()
    taken = _take(request.key.id, name, digest)
    if taken is None:
        before = Call.objects.get(key_id=request.key.id, name=name)
        if bytes(before.digest) != digest or before.made_id is None:
            raise OtherCall
        return before.made_id
    made_id = make()
    Call.objects.filter(pk=taken).update(made_id=made_id)
    return made_id


def forget() -> int:
    """Calls nobody repeats any more."""
    removed, _ = Call.objects.filter(at__lt=clock.now() - KEPT).delete()
    return removed


def _take(key_id: int, name: str, digest: bytes) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key_id, name, digest, clock.now()])
        row = cursor.fetchone()
        return row[0] if row else None
