"""When a mail says it was written, with the offset it gives; nothing where it cannot be read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?\s?(?:Z|[+-]\d{2}:?\d{2})?")


def read(text: str | None) -> datetime | None:
    """An aware time; one that names no zone is taken as UTC, as RFC 5322 means by -0000."""
    if not text:
        return None
    text = text.strip()[:200]
    if found := _ISO.match(text):
        return _from_iso(found[0])
    try:
        parts = parsedate_tz(text)
        if parts is None:
            return None
        offset = timezone(timedelta(seconds=parts[9] or 0))
        return datetime(_year(parts[0]), *parts[1:5], min(parts[5], 59), tzinfo=offset)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _year(year: int) -> int:
    """101 is what a program of the year 2001 wrote that counted from 1900."""
    return year + 1900 if 100 <= year < 200 else year


def _from_iso(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
