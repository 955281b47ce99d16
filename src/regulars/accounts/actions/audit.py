"""The record of who did what: added to, never changed; the database itself refuses a change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from regulars.accounts.models import AuditEntry
from regulars.kernel import clock
from regulars.kernel.actors import Actor

# The address of whoever is asking, put here once per request so that no action has to carry it.
_asking_from: ContextVar[str | None] = ContextVar("asking_from", default=None)


def note(
    verb: str,
    *,
    by: Actor,
    subject: str = "",
    details: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Record one act, in the present transaction.

    `subject` names what was acted on (`agent:5`, `customer:9`, `key:2`). Nothing about customers
    but their id belongs here, because erasure does not reach this record.
    """
    AuditEntry.objects.create(
        at=clock.now(),
        actor=str(by),
        actor_name=by.name,
        verb=verb,
        subject=subject,
        details=details or {},
        address=address or _asking_from.get(),
    )


@contextmanager
def asking_from(address: str | None) -> Iterator[None]:
    """Whatever is noted inside came from this address."""
    token = _asking_from.set(address)
    try:
        yield
    finally:
        _asking_from.reset(token)
