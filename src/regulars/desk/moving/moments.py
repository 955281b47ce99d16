"""Moments as exports write them, and which of them can be right."""

from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.kernel import clock

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def moment(said: Any) -> datetime | None:
    """An ISO text, or seconds since 1970 (milliseconds where they must be); None for what cannot be right."""
    try:
        found = _read(said)
        return found if found and is_possible(found) else None
    except (ValueError, OverflowError, OSError):
        return None


def coming(said: Any) -> datetime | None:
    """A moment that may lie ahead, as that at which something comes back."""
    try:
        found = _read(said)
        return found if found and EARLIEST.year <= found.year <= 9000 else None
    except (ValueError, OverflowError, OSError):
        return None


def is_possible(at: datetime) -> bool:
    """Whether something may have been said then: not before there was mail, not after tomorrow."""
    if at.year < EARLIEST.year or at.year > 9000:
        return False
    return EARLIEST <= at.astimezone(UTC) <= clock.now() + timedelta(days=1)


def _read(said: Any) -> datetime | None:
    if isinstance(said, bool) or said is None:
        return None
    if isinstance(said, int | float):
        return datetime.fromtimestamp(said / 1000 if said > 1e11 else said, UTC)
    text = str(said).strip()
    if text.replace(".", "", 1).isdigit():
        return _read(float(text))
    found = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
