"""A call repeated with its `Idempotency-Key` makes nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
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
    name = _name(request)
    if name is None:
        return make()
    taken = _take(request.key.id, name, _digest(request))
    if taken is None:
        return _made(Call.objects.get(key_id=request.key.id, name=name), request)
    made_id = make()
    Call.objects.filter(pk=taken).update(made_id=made_id)
    return made_id


def made_before(request: CallingRequest) -> int | None:
    """The number of what the same call made before, for what takes its time before anything is made."""
    name = _name(request)
    before = Call.objects.filter(key_id=request.key.id, name=name).first() if name else None
    return _made(before, request) if before else None


def keep_told(request: CallingRequest, told: Any) -> None:
    """Keep what was answered, for as long as the call, where it cannot be read again; of nobody's personal data."""
    name = _name(request)
    if name is not None:
        cache.set(_place(request, name), told, KEPT.total_seconds())


def told_before(request: CallingRequest) -> Any | None:
    """What the same call was answered before; none while that is still being found out."""
    name = _name(request)
    return cache.get(_place(request, name)) if name is not None else None


def forget() -> int:
    """Calls nobody repeats any more."""
    removed, _ = Call.objects.filter(at__lt=clock.now() - KEPT).delete()
    return removed


def _name(request: CallingRequest) -> str | None:
    name = request.headers.get("Idempotency-Key")
    if name is not None and not (1 <= len(name) <= LONGEST and name.isprintable()):
        raise KeyNotUsable
    return name


def _place(request: CallingRequest, name: str) -> str:
    return f"api:told:{hashlib.sha256(f'{request.key.id}:{name}'.encode()).hexdigest()}"


def _digest(request: CallingRequest) -> bytes:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).digest()


def _made(before: Call, request: CallingRequest) -> int:
    if bytes(before.digest) != _digest(request) or before.made_id is None:
        raise OtherCall
    return before.made_id


def _take(key_id: int, name: str, digest: bytes) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key_id, name, digest, clock.now()])
        row = cursor.fetchone()
        return row[0] if row else None
