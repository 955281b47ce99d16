"""Business time the slow and obvious way: look at the clock on the wall every minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.desk.hours import Hours

MINUTE = timedelta(minutes=1)


def is_open(at: datetime, hours: Hours) -> bool:
    """Whether the wall shows a time within today's intervals, or within one that began yesterday."""
    wall = at.astimezone(ZoneInfo(hours.zone))
    minute, today = wall.hour * 60 + wall.minute, wall.date()
    yesterday = today - timedelta(days=1)
    return any(opens <= minute < closes for opens, closes in hours.intervals_on(today)) or any(
        opens <= minute + 1440 < closes for opens, closes in hours.intervals_on(yesterday)
    )


def business_seconds(start: datetime, end: datetime, hours: Hours) -> int:
    """Sixty seconds for every whole minute that begins open; for moments on the minute."""
    at, seconds = start.astimezone(UTC), 0
    while at < end:
        seconds += 60 * is_open(at, hours)
        at += MINUTE
    return seconds


def add_business(start: datetime, seconds: int, hours: Hours) -> datetime:
    """Walk on, a minute at a time, until so many open seconds are behind; for whole minutes."""
    at = start.astimezone(UTC)
    while seconds > 0:
        seconds -= 60 * is_open(at, hours)
        at += MINUTE
    return at
