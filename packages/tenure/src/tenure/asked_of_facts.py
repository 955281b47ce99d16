"""`retention` from facts in any order: calendar periods and personal windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure import births, clocks, zones
from tenure.answers import answered
from tenure.asking import Choices, checked_as_of
from tenure.births import NEVER, calendar_pieces, labelled, needs_born, within
from tenure.conditions import column_of, mask_of, words_of
from tenure.days import Runs
from tenure.errors import LengthsDiffer, NobodyBegan, OnlyFromFacts
from tenure.following import Pieces
from tenure.grouping import distinct_per_customer, group, smallest_per_customer
from tenure.inputs import Facts, read_facts
from tenure.localising import local_days
from tenure.periods import period_of, personal_days
from tenure.results import Retention


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The facts before as_of, grouped: one entry per fact, `code` being its customer's place."""

    code: NDArray[np.int64]
    moment: NDArray[np.int64]
    day: NDArray[np.int32]
    is_begin: NDArray[np.bool_] | None
    is_back: NDArray[np.bool_] | None
    count: int
    as_of: int
    as_of_day: int


def answer(data: Any, asked: Choices, *, customer: Any, time: Any, begin: Any, back: Any, born: Any, by: Any, as_of: Any) -> Retention:
    """Read, cut at as_of, find the births and the returns, count."""
    needs_born(asked, born)
    facts = read_facts(data, customer=customer, time=time, zone=asked.zone)
    begins = facts.aligned(mask_of(begin, facts.frame, count=facts.rows))
    backs = begins if back is None else facts.aligned(mask_of(back, facts.frame, count=facts.rows))
    seen, kept = _seen(facts, begins, backs, as_of=as_of)
    values, names = (None, None) if by is None else labelled(_values(facts, by, kept))
    birth_days = None if born is None else _born_days(_values(facts, born, kept), seen, zone=asked.zone)
    pieces = _pieces(seen, asked, birth_days=birth_days, segment=values)
    return answered(
        pieces, _returns(seen, asked), asked,
        words=(words_of(begin), "the same fact" if back is None else words_of(back)),
        as_of=clocks.in_words(seen.as_of, zone=asked.zone), segments=names, notes=facts.notes,
    )  # fmt: skip


def _seen(facts: Facts, begins: Any, backs: Any, *, as_of: Any) -> tuple[Seen, NDArray[np.bool_] | None]:
    """Facts from as_of on are not known yet; None is the moment after the last fact."""
    moments = facts.moments
    last = int(moments.max()) + 1
    limit = last if as_of is None else clocks.moment_of(as_of, zone=facts.zone)
    checked_as_of(limit, first=int(moments.min()), zone=facts.zone)
    kept = moments < limit if limit < last else None
    columns = [column if column is None or kept is None else column[kept] for column in (facts.customers, moments, begins, backs)]
    ids, codes = group(columns[0])
    days = local_days(columns[1], zone=facts.zone)
    as_of_day = clocks.local_day(limit, zone=facts.zone)
    return Seen(codes, columns[1], days, columns[2], columns[3], len(ids), limit, as_of_day), kept


def _pieces(seen: Seen, asked: Choices, *, birth_days: NDArray[np.int64] | None, segment: NDArray[np.int64] | None) -> Pieces:
    if asked.window == "personal":
        return _personal_pieces(seen, asked, birth_days=birth_days, segment=segment)
    if asked.cohort == "recurring":
        return _recurring_pieces(seen, asked, segment=segment)
    days = birth_days if birth_days is not None else _first(seen, asked, seen.day.astype(np.int64))
    born = np.flatnonzero(days != NEVER)
    if not len(born):
        raise NobodyBegan
    at_birth = None if segment is None else _at_birth(seen, segment)[born]
    return calendar_pieces(born, days[born], asked, as_of_day=seen.as_of_day, segment=at_birth)


def _begins(seen: Seen, asked: Choices) -> NDArray[np.bool_] | None:
    """The facts that may be a birth; a window restricts them only where the cohort is the first in the window."""
    if asked.cohort != "first_in_window":
        return seen.is_begin
    inside = within(seen.day, asked)
    return inside if seen.is_begin is None else inside & seen.is_begin


def _first(seen: Seen, asked: Choices, values: NDArray[np.int64]) -> NDArray[np.int64]:
    mask = _begins(seen, asked)
    codes, values = (seen.code, values) if mask is None else (seen.code[mask], values[mask])
    return smallest_per_customer(codes, values, count=seen.count)


def _at_birth(seen: Seen, segment: NDArray[np.int64], asked: Choices | None = None) -> NDArray[np.int64]:
    raise NotImplementedError


def _recurring_pieces(seen: Seen, asked: Choices, *, segment: Any) -> Pieces:
    raise OnlyFromFacts(what="recurring")


def _personal_pieces(seen: Seen, asked: Choices, *, birth_days: Any, segment: Any) -> Pieces:
    """Window N is [t0 + N·L, t0 + (N+1)·L); it has ended for a customer when its end is at or before as_of."""
    raise OnlyFromFacts(what="personal")


def _returns(seen: Seen, asked: Choices) -> Runs:
    mask = seen.is_back
    codes, days = (seen.code, seen.day) if mask is None else (seen.code[mask], seen.day[mask])
    offsets, values = distinct_per_customer(codes, period_of(days, asked.period), count=seen.count)
    return Runs(np.arange(seen.count), offsets, values, asked.period)


def _values(facts: Facts, given: Any, kept: NDArray[np.bool_] | None) -> Any:
    """A column (or array) of the facts that were kept, as Arrow."""
    from tenure.inputs import as_arrow

    column = as_arrow(column_of(facts.frame, given) if isinstance(given, str) and facts.frame is not None else given)
    if len(column) != facts.rows:
        raise LengthsDiffer(left="a column", left_length=len(column), right="the facts", right_length=facts.rows)
    for mask in (facts.kept, kept):
        if mask is not None:
            column = column.filter(mask)
    return column


def _born_days(values: Any, seen: Seen, *, zone: str) -> NDArray[np.int64]:
    """Each customer's own date of birth (the earliest, if the facts disagree); NEVER where none is given."""
    told = clocks.read_times(values, zone=zone)
    days = local_days(told.moments, zone=zone).astype(np.int64)
    known = np.ones(len(days), bool) if told.missing is None else ~told.missing
    return smallest_per_customer(seen.code[known], days[known], count=seen.count)
