"""`retention_of` from reduced forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure import clocks, planes
from tenure.answers import Told, answered, from_pieces
from tenure.asking import Choices
from tenure.births import calendar_pieces, labelled, needs_born, within
from tenure.days import Days, Runs
from tenure.errors import AsOfBeforeEverything, DaysDiffer, LengthsDiffer, NobodyBegan, NothingToRead
from tenure.localising import local_days
from tenure.periods import ended_before, first_day, period_of
from tenure.results import Retention


def answer(
    begin: Days, back: Days | None, asked: Choices, *, born: Any, by: Any, as_of: Any, words: tuple[str, str]
) -> Retention:
    """Births from `begin`, returns from `back` (or from `begin` again)."""
    needs_born(asked, born)
    if begin.is_empty:
        raise NothingToRead
    if back is not None and back.zone != begin.zone:
        raise DaysDiffer(left=begin.zone, right=back.zone)
    until, as_of_day, said, notes = _as_of(begin, back, as_of)
    told = Told(*words, said, notes=begin.notes + notes)
    if asked.is_plain and (back is None or back is begin):
        return _from_planes(begin, asked, told, as_of_day=as_of_day, until=until)
    return answer_before(
        begin.before(until),
        None if back is None else back.before(until),
        asked,
        told,
        as_of_day=as_of_day,
        born=born,
        by=by,
    )


def answer_before(
    begin: Days, back: Days | None, asked: Choices, told: Told, *, as_of_day: int, born: Any = None, by: Any = None
) -> Retention:
    """The same once as_of has been seen to: `as_of_day` is the first local day that has not ended."""
    if asked.is_plain and (back is None or back is begin):
        return _from_planes(begin, asked, told, as_of_day=as_of_day, until=None)
    customers, days = _births(begin, asked, born)
    returns = (back or begin).periods(asked.period)
    segment, names = (None, None) if by is None else _labels(customers, by)
    pieces = calendar_pieces(_places(customers, returns), days, asked, as_of_day=as_of_day, segment=segment)
    return from_pieces(pieces, returns, asked, replace(told, segments=names))


def _from_planes(days: Days, asked: Choices, told: Told, *, as_of_day: int, until: int | None) -> Retention:
    """From bit planes, which the days keep for the next time; days from `until` on do not count."""
    ended = ended_before(as_of_day, asked.period)
    periods, cut = asked.horizon(ended - int(period_of(np.array([days.start]), asked.period)[0]))
    starts = asked.starts(periods)
    found = days.planes(asked.period, periods, until=until)
    counts = planes.count(found, ended=ended, kinds=asked.kinds, starts=starts)
    return answered(counts, starts, asked, told, notes=cut)


def _as_of(begin: Days, back: Days | None, as_of: Any) -> tuple[int, int, str, tuple[str, ...]]:
    """Days before the first number count; the second is the first local day that has not ended."""
    last = max(begin.end, -(2**31) if back is None else back.end)
    if as_of is None:
        return last + 1, last, f"{np.datetime64(last, 'D')}, still open", ()
    moment = clocks.moment_of(as_of, zone=begin.zone)
    day, said = clocks.local_day(moment, zone=begin.zone), clocks.in_words(moment, zone=begin.zone)
    if day < begin.start or (day == begin.start and len(said) == 10):
        raise AsOfBeforeEverything(as_of=said, first=str(np.datetime64(begin.start, "D")))
    if len(said) == 10 or day > last:
        return day, day, said, ()
    if day == last:
        return day + 1, day, said, ()
    whole = str(np.datetime64(day, "D"))
    return day, day, whole, (f"Days have no time in them: as of {said} was taken back to the beginning of {whole}.",)


def _births(begin: Days, asked: Choices, born: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Customers and their birth days."""
    if asked.cohort == "born_column":
        return _own_births(born, zone=begin.zone)
    if asked.cohort == "first_ever":
        return begin.customers, begin.first.astype(np.int64)
    inside = begin.chosen(within(begin.days, asked))
    if not len(inside):
        raise NobodyBegan
    if asked.cohort == "first_in_window":
        return inside.customers, inside.first.astype(np.int64)
    runs = inside.periods(asked.period)
    starts = np.maximum(first_day(runs.values, asked.period), -(2**31) if asked.since is None else asked.since)
    return np.repeat(runs.customers, np.diff(runs.offsets)), starts


def _own_births(born: tuple[Any, Any], *, zone: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The dates given for customers, nulls left out, the earliest where one is given twice."""
    customers, told = np.asarray(born[0], np.int64), clocks.read_times(born[1], zone=zone)
    if len(customers) != len(told.moments):
        raise LengthsDiffer(
            left="born's customers", left_length=len(customers), right="its dates", right_length=len(told.moments)
        )
    known = np.ones(len(customers), bool) if told.missing is None else ~told.missing
    days = local_days(told.moments[known], zone=zone).astype(np.int64)
    order = np.lexsort((days, customers[known]))
    people, first = np.unique(customers[known][order], return_index=True)
    return people, days[order][first]


def _labels(customers: NDArray[np.int64], by: tuple[Any, Any]) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Each customer's label; the unknown one for customers that are not in the list."""
    codes, names = labelled(by[1])
    people = np.asarray(by[0], np.int64)
    if len(people) != len(codes):
        raise LengthsDiffer(left="by's customers", left_length=len(people), right="its labels", right_length=len(codes))
    order = np.argsort(people, kind="stable")
    at = np.minimum(np.searchsorted(people[order], customers), max(len(people) - 1, 0))
    if not len(people):
        return np.full(len(customers), len(names) - 1), names
    found = people[order][at] == customers
    return np.where(found, codes[order][at], len(names) - 1), names


def _places(customers: NDArray[np.int64], returns: Runs) -> NDArray[np.int64]:
    """Where each customer's returns are; -1 for those without any."""
    if returns.customers is customers:
        return np.arange(len(customers), dtype=np.int64)
    if not len(returns):
        return np.full(len(customers), -1)
    at = np.minimum(np.searchsorted(returns.customers, customers), len(returns) - 1)
    return np.where(returns.customers[at] == customers, at, -1).astype(np.int64)
