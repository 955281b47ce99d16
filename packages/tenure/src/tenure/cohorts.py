"""The question itself: `retention` from facts, `retention_of` from days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tenure.asking import choices
from tenure.days import Days
from tenure.kinds import KINDS, BracketFrom
from tenure.results import Retention
from tenure.warming import say_when_slow


def retention(
    data: Any = None,
    *,
    customer: Any = None,
    time: Any = None,
    begin: Any = None,
    back: Any = None,
    cohort: str = "first_ever",
    born: Any = None,
    since: Any = None,
    until: Any = None,
    period: str = "day",
    window: str = "calendar",
    zone: str = "UTC",
    as_of: Any = None,
    periods: int | None = None,
    bracket_from: BracketFrom = None,
    by: Any = None,
    by_when: str = "birth",
    follow_up: int | None = None,
    kinds: Iterable[str] | str = KINDS,
    level: float = 0.95,
) -> Retention:
    """Who comes back, in five kinds, by cohort.

    `data` is a data frame (anything Narwhals reads), an Arrow table or a path; `customer` and `time` name its
    columns, or are arrays themselves. `begin` and `back` say which facts count (None: any fact; `where(...)`;
    a mask; an expression); left out, `back` is whatever `begin` is. `cohort` chooses the birth: the first such
    fact ever, the first between `since` and `until` (dates; otherwise they choose which cohorts are shown), each
    customer's own date in the column `born`, or "recurring" (counted again in every period with a begin fact).
    `window="personal"` counts 24-hour days from each first moment instead of calendar periods. A customer is at
    risk in period N only once N has ended for them by `as_of` (a date, or a moment; None: just after the last
    fact). `bracket_from` is M, or a function of N. `by` breaks down by a column, at birth or as it was then.
    Raises a TenureError, whose text says what to do.
    """
    from tenure import asked_of_facts

    asked = choices(
        cohort=cohort, period=period, window=window, zone=zone, kinds=kinds, since=since, until=until, periods=periods,
        bracket_from=bracket_from, by=_name_of(by), by_when=by_when, follow_up=follow_up, level=level,
    )  # fmt: skip
    return say_when_slow(
        lambda: asked_of_facts.answer(
            data, asked, customer=customer, time=time, begin=begin, back=back, born=born, by=by, as_of=as_of
        )
    )


def retention_of(
    begin: Days,
    back: Days | None = None,
    *,
    cohort: str = "first_ever",
    born: tuple[Any, Any] | None = None,
    since: Any = None,
    until: Any = None,
    period: str = "day",
    as_of: Any = None,
    periods: int | None = None,
    bracket_from: BracketFrom = None,
    by: tuple[Any, Any] | None = None,
    follow_up: int | None = None,
    kinds: Iterable[str] | str = KINDS,
    level: float = 0.95,
    words: tuple[str, str] = ("any fact", "the same fact"),
) -> Retention:
    """The same question from reduced forms; exact for calendar periods in the days' own zone.

    `born` and `by` are (customers, dates) and (customers, labels). `as_of` is a date; a moment inside a day is
    taken back to the beginning of that day (and noted), unless it falls in or after the last day seen, when all
    days count and the last is still open. None: the last day seen is open.
    """
    asked = choices(
        cohort=cohort, period=period, zone=begin.zone, kinds=kinds, since=since, until=until, periods=periods,
        bracket_from=bracket_from, by="segment" if by is not None else None, follow_up=follow_up, level=level,
    )  # fmt: skip
    from tenure import asked_of_days

    return say_when_slow(lambda: asked_of_days.answer(begin, back, asked, born=born, by=by, as_of=as_of, words=words))


def _name_of(by: Any) -> str | None:
    return None if by is None else by if isinstance(by, str) else "segment"
