"""The hours of a company or a team, as values: a week, a place whose holidays it keeps, days that differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from regulars.desk.hours import public_holidays
from regulars.desk.hours.errors import UnknownZone, UnreadableHours

DAY = 24 * 60


class Interval(NamedTuple):
    """Open from one minute of a day to another; past 1,440 it runs on into the next day.

    The whole interval belongs to the day it begins on: a night shift of a day that is a holiday does
    not take place, and one that began the evening before runs on into the holiday.
    """

    opens: int
    closes: int


class SpecialDay(NamedTuple):
    """One date with other hours than its weekday; without intervals, a day off."""

    on: date
    intervals: tuple[Interval, ...] = ()
    name: str = ""


ALL_DAY = Interval(0, DAY)


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there to answer.

    Open means that a clock on the wall in `zone` shows a time within the day's intervals. So the hour
    that daylight saving takes away is nobody's, and the hour it gives is worked twice. A special day
    decides over a public holiday, and a public holiday over the week.
    """

    zone: str
    week: tuple[tuple[Interval, ...], ...]
    country: str = ""
    subdivision: str = ""
    special: tuple[SpecialDay, ...] = ()
    # What was worked out already, by year and by date; nothing but a memory, so it takes no part in equality.
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.zone not in available_timezones():
            raise UnknownZone
        if len(self.week) != 7:
            raise UnreadableHours
        for interval in self._intervals():
            if not (0 <= interval.opens < DAY and interval.opens < interval.closes <= _latest(interval.opens)):
                raise UnreadableHours
        public_holidays.check(self.country, self.subdivision)
        if len({special.on for special in self.special}) != len(self.special):
            raise UnreadableHours

    def _intervals(self) -> Iterable[Interval]:
        for day in (*self.week, *(special.intervals for special in self.special)):
            yield from day

    def intervals_on(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on a local date."""
        special = self._specials().get(day)
        if special is not None:
            return special.intervals
        if day in public_holidays.of(self.country, self.subdivision, year=day.year):
            return ()
        return self.week[day.weekday()]

    def _specials(self) -> Mapping[date, SpecialDay]:
        if "specials" not in self.kept:
            self.kept["specials"] = {special.on: special for special in self.special}
        return self.kept["specials"]

    @property
    def last_special_day(self) -> date | None:
        """The last date that differs; after it only the week and the holidays decide."""
        return max((special.on for special in self.special), default=None)


def _latest(opens: int) -> int:
    """A whole day is written from midnight to midnight; from any other time it would read as nothing."""
    return DAY if opens == 0 else opens + DAY - 1


ALWAYS = Hours("UTC", ((ALL_DAY,),) * 7)


def same_every_day(
    intervals: Iterable[Interval], *, days: Iterable[int] = range(5)
) -> tuple[tuple[Interval, ...], ...]:
    """A week with the same intervals on some days, Monday is 0, and the others closed."""
    kept, there = tuple(intervals), frozenset(days)
    return tuple(kept if day in there else () for day in range(7))


def days_between(first: date, last: date) -> Iterable[date]:
    """Every date from the first to the last, both included."""
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
