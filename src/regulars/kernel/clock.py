"""The one place time comes from."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The local day; a day is always a day in a named time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold time still, for tests and for reports as of a moment."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
