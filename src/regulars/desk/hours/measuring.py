"""How much business time lies between two moments, and which moment lies so much of it ahead.

Open time is counted in whole microseconds, so that parts add up exactly to the whole.
"""

from datetime import UTC, datetime, timedelta

from regulars.desk.hours.errors import NeverOpen
from regulars.desk.hours.week import Hours
from regulars.desk.hours.years import SECOND, year_of

# Who opens for an hour a month reaches a week's work in four years; what takes longer is a mistake.
MOST_YEARS = 30
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def business_seconds(start: datetime, end: datetime, hours: Hours) -> float:
    """Open seconds from one moment to a later one, exact to the microsecond."""
    return business_time(start, end, hours) / timedelta(seconds=1)


def business_time(start: datetime, end: datetime, hours: Hours) -> timedelta:
    """Open time from one moment to a later one; raises ValueError for an earlier one."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)  # in one zone, Python compares what the wall shows
    if end < start:
        raise ValueError("a span of business time ends before it begins")
    first, last = start.year, end.year
    opened = year_of(hours, last).opened(_micros(end)) - year_of(hours, first).opened(_micros(start))
    return _MICROSECOND * (opened + sum(year_of(hours, year).total for year in range(first, last)))


def add_business(start: datetime, seconds: float, hours: Hours) -> datetime:
    """The first moment from `start` on by which so many open seconds have passed, in UTC.

    Nought seconds are over at once. The end of a day's work is reached in the evening, not the next
    morning. Raises `NeverOpen` when thirty years do not hold as much.
    """
    if seconds < 0:
        raise ValueError("business time is added, not taken away")
    if seconds == 0:
        return start.astimezone(UTC)
    year = start.astimezone(UTC).year
    wanted = year_of(hours, year).opened(_micros(start)) + round(seconds * SECOND)
    for _ in range(MOST_YEARS):
        table = year_of(hours, year)
        if wanted <= table.total:
            return _BEGIN + _MICROSECOND * table.reached(wanted)
        wanted -= table.total
        year += 1
    raise NeverOpen


def is_open(at: datetime, hours: Hours) -> bool:
    """Whether somebody is there at a moment; at the closing minute nobody is."""
    return year_of(hours, at.astimezone(UTC).year).is_open(_micros(at))


def next_opening(at: datetime, hours: Hours) -> datetime:
    """The moment itself when it is open then, else when it opens next, in UTC; raises `NeverOpen`."""
    first = at.astimezone(UTC).year
    for year in range(first, first + MOST_YEARS):
        found = year_of(hours, year).next_opening(_micros(at))
        if found is not None:
            return _BEGIN + _MICROSECOND * found
    raise NeverOpen


def _micros(at: datetime) -> int:
    return (at.astimezone(UTC) - _BEGIN) // _MICROSECOND
