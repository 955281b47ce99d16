"""What can go wrong, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from string import Formatter
from typing import Any


class TenureError(Exception):
    """The question cannot be answered."""

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.sentence())

    @property
    def code(self) -> str:
        """What went wrong, by area and name, such as risk.TooFewLeavers: for whoever says it in other words."""
        inside = type(self).__module__.split(".")[1:-1]
        return ".".join([*inside, type(self).__name__])

    @property
    def values(self) -> dict[str, str]:
        """What stands in the sentence's blanks, as it stands there."""
        parts = Formatter().parse(type(self).__doc__ or "")
        blanks = {name: f"{{{name}{f'!{how}' if how else ''}:{form}}}" for _, name, form, how in parts if name}
        return {name: blank.format_map(_Blanks(self.details)) for name, blank in blanks.items()}

    def sentence(self) -> str:
        """The docstring with its blanks filled in: what happened and what to do."""
        return " ".join((type(self).__doc__ or "").split()).format_map(_Blanks(self.details))


class _Blanks(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"({key})"


class NothingToRead(TenureError):
    """There are no facts in the input. Check the file, or the filter that was applied before."""


class NoFactsLeft(TenureError):
    """None of the {count} facts could be used: {why}."""


class NoSuchColumn(TenureError):
    """There is no column called {column!r}. The columns are: {columns}."""


class WhichColumn(TenureError):
    """No column looks like the {role}. Say which one it is with {role}=…; the columns are: {columns}."""


class UnreadableInput(TenureError):
    """This cannot be read as facts: {what}. Give a data frame, an Arrow table, a Parquet or CSV path, or arrays."""


class UnreadableTime(TenureError):
    """Row {row} has a time that cannot be read: {value!r}. Use ISO 8601, such as 2026-03-29T08:30:00+02:00."""


class TimeOutOfRange(TenureError):
    """Row {row} has a time outside the years 1 to 9999. Correct it or leave the row out."""


class LengthsDiffer(TenureError):
    """{left} has {left_length} rows and {right} has {right_length}; they must be the same facts in the same order."""


class UnknownZone(TenureError):
    """There is no time zone called {zone!r}. Use a name such as Europe/Berlin or UTC."""


class UnknownKind(TenureError):
    """There is no kind of retention called {kind!r}. The kinds are full, classic, rolling, return and bracket."""


class UnknownPeriod(TenureError):
    """There is no period called {period!r}. Use day, week, month, quarter or year; personal windows also take
    "10 days"."""


class UnknownChoice(TenureError):
    """{name}={value!r} is not a choice. Choose one of: {choices}."""


class PersonalMonths(TenureError):
    """A personal window is a whole number of 24-hour days, and a {period} is not. Use period="30 days",
    or window="calendar"."""


class PeriodsTooFew(TenureError):
    """periods must be 1 or more; {periods!r} was given. Period 0 is the size of the cohort."""


class BracketBackwards(TenureError):
    """The bracket from {first} to {last} ends before it begins or begins before 1. It must have 1 ≤ M ≤ N."""


class BracketUnsteady(TenureError):
    """The bracket begins at {first} for N={last} but later for a smaller N. M may stay or grow with N, not shrink."""


class AsOfBeforeEverything(TenureError):
    """As of {as_of} nothing had happened yet: the first fact is of {first}. Choose a later as_of."""


class NobodyBegan(TenureError):
    """No customer began in the asked window. Widen since and until, or loosen the begin condition."""


class BornMissing(TenureError):
    """cohort="born_column" needs born=…, the column with each customer's own date of birth (a sign-up date)."""


class TooManySegments(TenureError):
    """The breakdown has {count} different values; at most {most} can be told apart. Group them first."""


class DaysDiffer(TenureError):
    """These reduced forms are in different time zones: {left} and {right}. Reduce the facts again in one of them."""


class NotDays(TenureError):
    """{path} is not a saved reduced form (days of customers), or it was written by a newer version."""


class NotAnAnswer(TenureError):
    """{path} is not a saved answer, or it was written by another version; ask the question again."""


class NotKeepable(TenureError):
    """This answer is broken down by something that is no text, number or truth; name its groups in words to save it."""


class NoEffectOnThisQuestion(TenureError):
    """{name} has no meaning here: {why}."""


class ChartsMissing(TenureError):
    """Charts need Altair, which is not installed. Install it with: pip install "tenure[chart]"."""


class NothingToDraw(TenureError):
    """There is nothing to draw: no period has ended for anybody yet. Choose a later as_of or a shorter period."""


class DurationBad(TenureError):
    """Row {row} has a duration of {value!r}; it must be a number of {unit}s, 0 or more."""


class EventUnclear(TenureError):
    """The column {column!r} does not say who was lost: it holds {values}. Give true and false,
    1 and 0, or yes and no."""


class WindowBackwards(TenureError):
    """The window from {start} to {end} ends before it begins. Give an end after the start."""


class NobodyAtStart(TenureError):
    """Nobody was a customer at the start, so there is no rate. Choose a later start or a longer active_days."""
