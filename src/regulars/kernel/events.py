"""Domain events: published inside the transaction that changed the state, delivered by jobs.

`publish` writes one job per handler in the same transaction, so state, fact and jobs commit
together or not at all. A handler runs in a worker and may be started twice; `Handled` makes its
effect in the database happen once, because the mark and the effect commit together.
"""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar, get_type_hints

from django.db import connection, transaction

from regulars.kernel import clock, jobs
from regulars.kernel.actors import Actor
from regulars.kernel.models import Handled

DELIVER = "kernel.deliver"


class NotATransaction(RuntimeError):
    """An event belongs to the transaction that changed the state; there is none here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """Something the product did, in the past tense. Fields are JSON values or an `Actor`."""

    id: str = field(default_factory=lambda: str(uuid.uuid4()))


E = TypeVar("E", bound=DomainEvent)
Handler = Callable[[Any], None]

_handlers: dict[str, dict[str, Handler]] = {}
_types: dict[str, type[DomainEvent]] = {}


def on(event_type: type[E], *, aliases: tuple[str, ...] = ()) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a handler. Its name stands in queued jobs: keep an old name as an alias for a release."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _types[event_type.__name__] = event_type
        named = _handlers.setdefault(event_type.__name__, {})
        for name in (handler_name(handler), *aliases):
            named[name] = handler
        return handler

    return register


def handler_name(handler: Callable[..., None]) -> str:
    """The name under which jobs remember a handler."""
    return f"{handler.__module__.removeprefix('regulars.')}.{handler.__qualname__}"


def publish(event: DomainEvent) -> None:
    """Write one job per handler, in the present transaction; fails loudly outside one."""
    if not connection.in_atomic_block:
        raise NotATransaction(f"{type(event).__name__} was published outside a transaction")
    name = type(event).__name__
    handlers = {id(handler): handler for handler in _handlers.get(name, {}).values()}
    for handler in handlers.values():
        jobs.defer(DELIVER, handler=handler_name(handler), event=name, payload=_dump(event))


def deliver(handler: str, event: str, payload: dict[str, Any]) -> bool:
    """Run one handler once; false when its effect had already happened."""
    run = _handlers[event][handler]
    with transaction.atomic():
        if not _mark(payload["id"], handler_name(run)):
            return False
        run(_load(_types[event], payload))
        return True


def once(what: str, *, by: str) -> bool:
    """Mark in the present transaction that this was done; false when it was. Another at it is waited for."""
    return _mark(str(uuid.uuid5(uuid.NAMESPACE_URL, f"regulars:{what}")), by)


def _mark(event_id: str, handler: str) -> bool:
    row = Handled(event_id=event_id, handler=handler, handled_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_handled (event_id, handler, handled_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [row.event_id, row.handler, row.handled_at],
        )
        return cursor.rowcount == 1


def _dump(event: DomainEvent) -> dict[str, Any]:
    values = {item.name: getattr(event, item.name) for item in fields(event)}
    return {key: asdict(value) if isinstance(value, Actor) else value for key, value in values.items()}


def _load(event_type: type[DomainEvent], payload: dict[str, Any]) -> DomainEvent:
    hints = get_type_hints(event_type)
    values: dict[str, Any] = {
        key: Actor(**value) if hints.get(key) is Actor else value for key, value in payload.items()
    }
    return event_type(**values)
