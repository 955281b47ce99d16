"""Who calls: a key of the API, what it may do, and how often."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from regulars.accounts import permission, selectors
from regulars.accounts.actions import keys
from regulars.accounts.selectors import ApiKey
from regulars.api.tracking.limits import Limits
from regulars.kernel import settings_table
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import DomainError, NotAllowed

SAFE = ("GET", "HEAD")


class NoKey(DomainError):
    """Send a key of the API that was not revoked, as `Authorization: Bearer KEY`. Make one in Settings, Keys."""

    status = 401


class OnlyReads(NotAllowed):
    """This key may not write. Make one that may in Settings, Keys."""


class OnlyWrites(NotAllowed):
    """This key may not read."""


class BothNeeded(NotAllowed):
    """Webhooks need a key that may read and write."""


class NotInScope(NotAllowed):
    """This key was not made for that: exporting and erasing are scopes of their own. Make one in Settings, Keys."""


class AgentNeeded(NotAllowed):
    """Somebody has to stand behind this: use a key that stands for an agent. Nothing was changed."""


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

    # Whose eyes a list is read with: a key of its own has no views, macros or conversations of its own.
    reader: Actor


@dataclass(frozen=True, slots=True)
class Door:
    """Lets a key in and puts it and its actor on the request.

    Reading and writing are scopes by themselves; `scopes` are asked for besides. A key that stands for an
    agent needs the agent's `capability` too, as they have it now.
    """

    capability: str
    scopes: tuple[str, ...] = ()

    def needed(self, method: str) -> tuple[str, ...]:
        """The scopes a call of this method needs."""
        return tuple(sorted({keys.READ if method in SAFE else keys.WRITE, *self.scopes}))

    def __call__(self, request: HttpRequest) -> ApiKey:
        key = _key_of(request)
        _insist_on_patience(key)
        _insist_on_scopes(key, self.needed(request.method or ""))
        actor = key.agent.actor if key.agent else Actor("key", key.id, key.name)
        if key.agent:
            permission.require(self.capability, by=actor)
        keys.note_use(key.id)
        request.actor, request.key = actor, key  # type: ignore[attr-defined]  # ours to carry
        request.reader = actor if key.agent else SYSTEM  # type: ignore[attr-defined]  # ours to carry
        return key


def insist_on_an_agent(request: CallingRequest) -> None:
    """Refuse a key of its own: what follows has to be some colleague's doing."""
    if request.key.agent is None:
        raise AgentNeeded


def _key_of(request: HttpRequest) -> ApiKey:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key = selectors.api_key_for(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise NoKey
    return key


def _insist_on_scopes(key: ApiKey, needed: tuple[str, ...]) -> None:
    missing = set(needed) - set(key.scopes)
    if missing and {keys.READ, keys.WRITE} <= set(needed):
        raise BothNeeded
    if keys.WRITE in missing:
        raise OnlyReads
    if keys.READ in missing:
        raise OnlyWrites
    if missing:
        raise NotInScope


def _insist_on_patience(key: ApiKey) -> None:
    rate = float(settings_table.at_start("api_rate"))
    wait = _limits(str(settings.DATA)).take(f"api:{key.id}", 1, per_second=rate)
    if wait > 0:
        raise TooOften(wait)


@lru_cache(maxsize=2)
def _limits(data: str) -> Limits:
    return Limits(Path(data) / "api-limits")
