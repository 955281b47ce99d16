"""Reading the question's choices once, for facts and for days alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure import clocks
from tenure.errors import (
    AsOfBeforeEverything,
    NoEffectOnThisQuestion,
    PeriodsTooFew,
    UnknownChoice,
)
from tenure.kinds import BracketFrom, Kind, bracket_starts, bracket_words, checked_kinds
from tenure.periods import DEFAULT_HORIZON, checked_period, personal_days
from tenure.questions import Question, definitions
from tenure.zones import checked_zone

COHORTS = ("first_ever", "first_in_window", "born_column", "recurring")


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one question, checked; days are local, since 1970-01-01."""

    cohort: str
    period: str
    window: str
    zone: str
    kinds: tuple[Kind, ...]
    since: int | None
    until: int | None
    periods: int | None
    bracket_from: BracketFrom
    by: str | None
    by_when: str
    follow_up: int | None
    level: float

    @property
    def is_plain(self) -> bool:
        """Whether masks can answer: calendar periods from the first fact ever, all cohorts, one segment."""
        return (
            self.window == "calendar" and self.cohort == "first_ever" and self.by is None
            and self.since is None and self.until is None and self.follow_up is None
        )  # fmt: skip

    @property
    def usual(self) -> int:
        """The horizon when none is asked for."""
        return self.periods or max(DEFAULT_HORIZON.get(self.period, 90), self.follow_up or 0)

    @property
    def cohort_unit(self) -> str:
        """What the cohorts are grouped by: the period, or for personal windows the day (the week for weeks)."""
        return self.period if self.window == "calendar" or self.period == "week" else "day"

    def horizon(self, longest: int) -> tuple[int, tuple[str, ...]]:
        """How many periods to count, and a note when the default cut the data short."""
        if self.periods is not None:
            return self.periods, ()
        most = max(longest, 1)
        usual = self.usual
        if self.follow_up is not None:
            most = min(most, self.follow_up)
        if most <= usual:
            return most, ()
        return usual, (f"Counted to {self.period} {usual}; {most} have ended. Ask for more with periods={most}.",)

    def starts(self, periods: int) -> NDArray[np.int32]:
        """M for each N."""
        return bracket_starts(self.bracket_from, periods=periods, period=self.period)

    def asked(self, *, begin: str, back: str, as_of: str, periods: int) -> Question:
        """The question, frozen and in words."""
        bracket = bracket_words(self.bracket_from, period=self.period)
        unit = self.period if self.window == "calendar" else f"window of {self.period}"
        said = definitions(self.kinds, period=unit, bracket=bracket, follow_up=self.follow_up)
        return Question(
            begin=begin, back=back, as_of=as_of, periods=periods, bracket=bracket, definitions=said,
            cohort=self.cohort, period=self.period, window=self.window, zone=self.zone, kinds=self.kinds,
            since=_date(self.since), until=_date(self.until), by=self.by, by_when=self.by_when,
            follow_up=self.follow_up, level=self.level,
        )  # fmt: skip


def choices(
    *,
    cohort: str = "first_ever",
    period: str = "day",
    window: str = "calendar",
    zone: str = "UTC",
    kinds: Any = None,
    since: Any = None,
    until: Any = None,
    periods: int | None = None,
    bracket_from: BracketFrom = None,
    by: str | None = None,
    by_when: str = "birth",
    follow_up: int | None = None,
    level: float = 0.95,
) -> Choices:
    """Check every choice before any work is done."""
    checked_zone(zone)
    _among("cohort", cohort, COHORTS)
    _among("window", window, ("calendar", "personal"))
    _among("by_when", by_when, ("birth", "then"))
    _ = checked_period(period) if window == "calendar" else personal_days(period)
    asked = checked_kinds(kinds)
    if window == "personal" and cohort == "recurring":
        raise NoEffectOnThisQuestion(
            name='cohort="recurring"',
            why="personal windows have one first moment; recurring cohorts need calendar periods",
        )
    for name, number in (("periods", periods), ("follow_up", follow_up)):
        if number is not None and (not isinstance(number, (int, np.integer)) or number < 1):
            raise (
                PeriodsTooFew(periods=number)
                if name == "periods"
                else UnknownChoice(name=name, value=number, choices="1 or more")
            )
    if periods is not None:
        bracket_starts(bracket_from, periods=periods, period=period)
        if follow_up is not None and follow_up < periods:
            raise NoEffectOnThisQuestion(name=f"follow_up={follow_up}", why=f"it ends before period {periods}")
    days = [None if value is None else clocks.day_of(value, zone=zone) for value in (since, until)]
    return Choices(
        cohort, period, window, zone, asked, days[0], days[1], periods, bracket_from, by, by_when, follow_up, level
    )


def checked_as_of(as_of: int, *, first: int, zone: str) -> int:
    """Refuse a moment before the first fact."""
    if as_of <= first:
        raise AsOfBeforeEverything(as_of=clocks.in_words(as_of, zone=zone), first=clocks.in_words(first, zone=zone))
    return as_of


def _date(day: int | None) -> str | None:
    return None if day is None else str(np.datetime64(day, "D"))


def _among(name: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise UnknownChoice(name=name, value=value, choices=", ".join(allowed))
