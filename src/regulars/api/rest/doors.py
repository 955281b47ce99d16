"""Who calls: a key of the API, what it may do, and how often."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from regulars.accounts import selectors
from regulars.accounts.actions import keys
from regulars.accounts.selectors import ApiKey
from regulars.api.tracking.limits import Limits
from regulars.kernel import settings_table
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError, NotAllowed

SAFE = ("GET", "HEAD")


class NoKey(DomainError):
    """Send a key of the API that was not revoked, as `Authorization: Bearer KEY`. Make one in Settings, Keys."""

    status = 401


class OnlyReads(NotAllowed):
    """This key may only read. Make one that may write in Settings, Keys."""


class OnlyWrites(NotAllowed):
    """This key may not read."""


class TooOften(DomainError):
    """This key calls too often. Nothing was done; wait as long as Retry-After says."""

    status = 429

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class CallingRequest(HttpRequest):
    """A request by a key."""

    actor: Actor
    key: ApiKey


def door(request: HttpRequest) -> ApiKey:
    """Let a key in, and put it and its actor on the request."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key = selectors.api_key_for(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise NoKey
    _insist_on_patience(key)
    is_reading = request.method in SAFE
    if ("read" if is_reading else "write") not in key.scopes:
        raise OnlyWrites if is_reading else OnlyReads
    keys.note_use(key.id)
    request.actor, request.key = Actor("key", key.id, key.name), key  # type: ignore[attr-defined]  # ours to carry
    return key


def _insist_on_patience(key: ApiKey) -> None:
    rate = float(settings_table.at_start("api_rate"))
    wait = _limits(str(settings.DATA)).take(f"api:{key.id}", 1, per_second=rate)
    if wait > 0:
        raise TooOften(wait)


@lru_cache(maxsize=2)
def _limits(data: str) -> Limits:
    return Limits(Path(data) / "api-limits")
