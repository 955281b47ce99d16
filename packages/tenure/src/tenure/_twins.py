"""The slow, obvious twins: plain Python over plain dates, to hold every fast path against. No NumPy, no compiler."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

Key = tuple[Any, dt.date, str, int]  # segment, first day of the cohort, kind, N
Answer = dict[Key, tuple[int, int]]  # at risk, retained


@dataclass(frozen=True)
class PlainFact:
    """One fact: who, when (with its zone), whether it can begin or count as coming back, and its segment."""

    customer: Hashable
    at: dt.datetime
    is_begin: bool = True
    is_back: bool = True
    segment: Any = None


@dataclass(frozen=True)
class PlainQuestion:
    """The choices of `tenure.retention`, with nothing left to default."""

    period: str
    zone: str
    as_of: dt.datetime
    periods: int
    bracket: Callable[[int], int | None]
    window: str = "calendar"
    cohort: str = "first_ever"
    since: dt.date | None = None
    until: dt.date | None = None
    by_when: str = "birth"
    follow_up: int | None = None


def days_of(facts: Iterable[tuple[Hashable, dt.datetime]], zone: str) -> dict[Hashable, list[dt.date]]:
    """Each customer's distinct local days, ascending."""
    days: dict[Hashable, set[dt.date]] = defaultdict(set)
    for customer, at in facts:
        days[customer].add(at.astimezone(ZoneInfo(zone)).date())
    return {customer: sorted(seen) for customer, seen in days.items()}


def retention(
    facts: list[PlainFact], question: PlainQuestion, born: dict[Hashable, dt.datetime] | None = None
) -> Answer:
    """Every cell, counted one customer at a time."""
    known = [fact for fact in facts if fact.at < question.as_of]
    answer: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for customer in {fact.customer for fact in known}:
        own = sorted((fact for fact in known if fact.customer == customer), key=lambda fact: fact.at)
        for birth, first in births(own, question, (born or {}).get(customer)):
            _follow(own, birth, first, question, answer)
    return {key: (cell[0], cell[1]) for key, cell in answer.items() if cell[0]}


def births(
    own: list[PlainFact], question: PlainQuestion, born: dt.datetime | None
) -> list[tuple[dt.datetime, PlainFact]]:
    """The moments a customer was born, and the fact that says in which segment."""
    if question.cohort == "born_column":
        found = [(born, own[0])] if born else []
    else:
        begins = [fact for fact in own if fact.is_begin]
        if question.cohort != "first_ever":
            begins = [fact for fact in begins if shown(fact.at, question)]
        found = [(fact.at, fact) for fact in begins]
        if question.cohort == "recurring":
            found = list(
                {number(local(at, question), question.period): (at, fact) for at, fact in reversed(found)}.values()
            )
        else:
            found = found[:1]
    return [(at, fact) for at, fact in found if shown(at, question) and at < question.as_of]


def shown(at: dt.datetime, question: PlainQuestion) -> bool:
    """Whether a birth is from since on and before until."""
    day = local(at, question)
    return (question.since is None or day >= question.since) and (question.until is None or day < question.until)


def local(at: dt.datetime, question: PlainQuestion) -> dt.date:
    """The date on the clocks of the zone."""
    return at.astimezone(ZoneInfo(question.zone)).date()


def number(day: dt.date, period: str) -> int:
    """Periods numbered in order."""
    match period:
        case "day":
            return day.toordinal()
        case "week":
            return (day.toordinal() - 1) // 7
        case "month":
            return day.year * 12 + day.month - 1
        case "quarter":
            return (day.year * 12 + day.month - 1) // 3
        case "year":
            return day.year
    raise ValueError(period)


def first_day(index: int, period: str) -> dt.date:
    """The first day of a numbered period."""
    match period:
        case "day":
            return dt.date.fromordinal(index)
        case "week":
            return dt.date.fromordinal(index * 7 + 1)
        case "month":
            return dt.date(index // 12, index % 12 + 1, 1)
        case "quarter":
            return dt.date(index // 4, index % 4 * 3 + 1, 1)
    return dt.date(index, 1, 1)


def stamp(at: dt.datetime, birth: dt.datetime, question: PlainQuestion) -> int:
    """N of a fact, for this birth."""
    if question.window == "personal":
        return (at - birth) // window(question)
    return number(local(at, question), question.period) - number(local(birth, question), question.period)


def window(question: PlainQuestion) -> dt.timedelta:
    """The length of a personal window."""
    days = {"day": 1, "week": 7}.get(question.period) or int(question.period.split()[0])
    return dt.timedelta(days=days)


def has_ended(n: int, birth: dt.datetime, question: PlainQuestion) -> bool:
    """Whether period N is over for this birth."""
    if question.window == "personal":
        return birth + (n + 1) * window(question) <= question.as_of
    index = number(local(birth, question), question.period) + n + 1
    return first_day(index, question.period) <= local(question.as_of, question)


def _follow(own: list[PlainFact], birth: dt.datetime, first: PlainFact, question: PlainQuestion, answer: Any) -> None:
    back = {stamp(fact.at, birth, question) for fact in own if fact.is_back}
    unit = question.period if question.window == "calendar" or question.period == "week" else "day"
    cohort = first_day(number(local(birth, question), unit), unit)
    for n in range(question.periods + 1):
        if n and not has_ended(n, birth, question):
            break
        segment = _segment(own, birth, first, n, question)
        for kind, is_retained in (
            kinds(back, n, question) if n else dict.fromkeys(("full", "classic", "rolling", "return", "bracket"), True)
        ).items():
            cell = answer[segment, cohort, kind, n]
            cell[0] += 1
            cell[1] += is_retained


def kinds(back: set[int], n: int, question: PlainQuestion) -> dict[str, bool]:
    """The five definitions, word for word."""
    last = question.follow_up or max(back, default=0)
    start = question.bracket(n)
    said = {
        "full": all(p in back for p in range(1, n + 1)),
        "classic": n in back,
        "rolling": any(p in back for p in range(n, last + 1)),
        "return": any(p in back for p in range(1, n + 1)),
    }
    return said if start is None else said | {"bracket": any(p in back for p in range(start, n + 1))}


def _segment(own: list[PlainFact], birth: dt.datetime, first: PlainFact, n: int, question: PlainQuestion) -> Any:
    if question.by_when == "birth":
        return first.segment
    seen = [fact.segment for fact in own if fact.segment is not None and stamp(fact.at, birth, question) <= n]
    return seen[-1] if seen else None
