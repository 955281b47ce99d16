"""`retention` from facts in any order: calendar periods and personal windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure import clocks, fusing, planes, zones
from tenure.answers import Told, answered, from_pieces
from tenure.asked_of_days import answer_before
from tenure.asking import Choices, checked_as_of
from tenure.births import NEVER, calendar_pieces, first_facts, labelled, needs_born, within
from tenure.conditions import column_of, mask_of, words_of
from tenure.days import Days, Runs, days_of
from tenure.errors import LengthsDiffer, NobodyBegan
from tenure.following import Pieces, whole_pieces
from tenure.grouping import distinct_per_customer, group
from tenure.inputs import Facts, read_facts
from tenure.localising import local_days
from tenure.periods import ended_before, period_of, personal_days
from tenure.results import Retention
from tenure.segments import split_by_then


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The facts before as_of, one entry each; `code` is the customer's place, `label` the segment's (or None)."""

    code: NDArray[np.int64]
    moment: NDArray[np.int64]
    day: NDArray[np.int32]
    is_begin: NDArray[np.bool_] | None
    is_back: NDArray[np.bool_] | None
    label: NDArray[np.int64] | None
    count: int
    as_of: int
    as_of_day: int


@dataclass(frozen=True, slots=True, eq=False)
class Births:
    """Who was born when: a customer's place, the moment, the local day, and the fact that was the birth (-1: none)."""

    customer: NDArray[np.int64]
    moment: NDArray[np.int64]
    day: NDArray[np.int64]
    fact: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> Births:
        return Births(self.customer[chosen], self.moment[chosen], self.day[chosen], self.fact[chosen])


def answer(
    data: Any, asked: Choices, *, customer: Any, time: Any, begin: Any, back: Any, born: Any, by: Any, as_of: Any
) -> Retention:
    """Read, cut at as_of, find the births and the returns, count."""
    needs_born(asked, born)
    facts = read_facts(data, customer=customer, time=time, zone=asked.zone)
    begins = facts.aligned(mask_of(begin, facts.frame, count=facts.rows))
    backs = begins if back is None else facts.aligned(mask_of(back, facts.frame, count=facts.rows))
    limit, kept = _known(facts, as_of)
    told = Told(
        words_of(begin),
        "the same fact" if back is None else words_of(back),
        clocks.in_words(limit, zone=asked.zone),
        notes=facts.notes,
    )
    if asked.window == "calendar" and by is None and born is None:
        return _without_values(facts, begins, backs, asked, told, limit=limit, kept=kept)
    values, names = (None, None) if by is None else labelled(_values(facts, by, kept))
    seen = _seen(facts, begins, backs, values, limit=limit, kept=kept)
    births = _shown(_births(seen, asked, None if born is None else _values(facts, born, kept)), seen, asked)
    stamps, pieces = _followed(seen, births, asked)
    if values is not None and asked.by_when == "then":
        pieces = split_by_then(
            pieces, seen.code, seen.moment, stamps, values, unknown=len(names or ()) - 1, count=seen.count
        )
    return from_pieces(pieces, _returns(seen, stamps), asked, replace(told, segments=names))


def _without_values(
    facts: Facts, begins: Any, backs: Any, asked: Choices, told: Told, *, limit: int, kept: NDArray[np.bool_] | None
) -> Retention:
    """Nothing but who and when is needed: masks for the plainest question, days for the others."""
    as_of_day = clocks.local_day(limit, zone=asked.zone)
    is_same = begins is backs
    mask = _both(begins, kept)
    if asked.is_plain and is_same:
        answer = _fused(facts, mask, asked, told, limit=limit, as_of_day=as_of_day)
        if answer is not None:
            return answer
    begin = _some_days(facts, mask)
    back = None if is_same else _some_days(facts, _both(backs, kept))
    if not len(begin):
        raise NobodyBegan
    return answer_before(begin, back, asked, told, as_of_day=as_of_day)


def _fused(
    facts: Facts, mask: NDArray[np.bool_] | None, asked: Choices, told: Told, *, limit: int, as_of_day: int
) -> Retention | None:
    """From facts to bit planes at once, or None where days must come between."""
    customers, moments = (
        (facts.customers, facts.moments) if mask is None else (facts.customers[mask], facts.moments[mask])
    )
    masks = fusing.masks_of(
        customers, moments, first=facts.extent[0], last=min(limit - 1, facts.extent[1]),
        zone=asked.zone, period=asked.period, horizon=asked.usual,
    )  # fmt: skip
    if masks is None:
        return None
    ended = ended_before(as_of_day, asked.period)
    periods, cut = asked.horizon(ended - int(masks.first.min()))
    starts = asked.starts(periods)
    counts = planes.count(planes.planes_of_masks(masks, horizon=periods), ended=ended, kinds=asked.kinds, starts=starts)
    return answered(counts, starts, asked, told, notes=cut)


def _some_days(facts: Facts, mask: NDArray[np.bool_] | None) -> Days:
    if mask is not None and not mask.any():
        return Days(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32), facts.zone)
    return days_of(facts, mask)


def _both(left: NDArray[np.bool_] | None, right: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    return right if left is None else left if right is None else left & right


def _known(facts: Facts, as_of: Any) -> tuple[int, NDArray[np.bool_] | None]:
    """The moment up to which facts are known, and which are; None is the moment after the last fact."""
    first, last = facts.extent[0], facts.extent[1] + 1
    limit = last if as_of is None else clocks.moment_of(as_of, zone=facts.zone)
    checked_as_of(limit, first=first, zone=facts.zone)
    return limit, facts.moments < limit if limit < last else None


def _seen(facts: Facts, begins: Any, backs: Any, values: Any, *, limit: int, kept: NDArray[np.bool_] | None) -> Seen:
    def cut(column: Any) -> Any:
        return column if column is None or kept is None else column[kept]

    moments = cut(facts.moments)
    ids, codes = group(cut(facts.customers))
    as_of_day = clocks.local_day(limit, zone=facts.zone)
    days = local_days(moments, zone=facts.zone)
    return Seen(codes, moments, days, cut(begins), cut(backs), values, len(ids), limit, as_of_day)


def _births(seen: Seen, asked: Choices, born: Any) -> Births:
    if asked.cohort == "born_column":
        return _own_births(seen, born, zone=asked.zone)
    if asked.cohort == "recurring":
        return _recurring_births(seen, asked)
    chosen = seen.is_begin
    if asked.cohort == "first_in_window":
        inside = within(seen.day, asked)
        chosen = inside if chosen is None else inside & chosen
    moments, facts = first_facts(seen.code, seen.moment, chosen, count=seen.count)
    customers = np.flatnonzero(facts >= 0)
    return Births(customers, moments[customers], seen.day[facts[customers]].astype(np.int64), facts[customers])


def _own_births(seen: Seen, values: Any, *, zone: str) -> Births:
    """Each customer's own date of birth (the earliest, if the facts disagree); the fact is the customer's first."""
    told = clocks.read_times(values, zone=zone)
    moments, _ = first_facts(seen.code, told.moments, None if told.missing is None else ~told.missing, count=seen.count)
    _, facts = first_facts(seen.code, seen.moment, None, count=seen.count)
    customers = np.flatnonzero(moments != NEVER)
    days = local_days(moments[customers], zone=zone).astype(np.int64)
    return Births(customers, moments[customers], days, facts[customers])


def _recurring_births(seen: Seen, asked: Choices) -> Births:
    """A birth in every period with a begin fact (between since and until)."""
    chosen = within(seen.day, asked) if seen.is_begin is None else within(seen.day, asked) & seen.is_begin
    stamps = period_of(seen.day, asked.period).astype(np.int64)
    keys, codes = group((seen.code << 32) | (stamps + 2**31))
    moments, facts = first_facts(codes, seen.moment, chosen, count=len(keys))
    found = np.flatnonzero(facts >= 0)
    return Births(keys[found] >> 32, moments[found], seen.day[facts[found]].astype(np.int64), facts[found])


def _shown(births: Births, seen: Seen, asked: Choices) -> Births:
    """The births from since and before until, and before as_of."""
    shown = births.only(within(births.day, asked) & (births.moment < seen.as_of))
    if not len(shown.customer):
        raise NobodyBegan
    return shown


def _followed(seen: Seen, births: Births, asked: Choices) -> tuple[NDArray[np.int32], Pieces]:
    """The period each fact falls in, and one piece per birth on the same scale."""
    segment = None if seen.label is None else seen.label[births.fact]
    if asked.window == "calendar":
        pieces = calendar_pieces(births.customer, births.day, asked, as_of_day=seen.as_of_day, segment=segment)
        return period_of(seen.day, asked.period), pieces
    return _personal(seen, births, asked, segment)


def _personal(seen: Seen, births: Births, asked: Choices, segment: Any) -> tuple[NDArray[np.int32], Pieces]:
    """Window N is [t0 + N·L, t0 + (N+1)·L); it has ended for a customer when its end is at or before as_of."""
    length = personal_days(asked.period) * zones.DAY
    starts = np.full(seen.count, seen.as_of)
    starts[births.customer] = births.moment
    stamps = ((seen.moment - starts[seen.code]) // length).astype(np.int32)
    limit = ((seen.as_of - births.moment) // length - 1).astype(np.int32)
    cohort = period_of(births.day, asked.cohort_unit)
    return stamps, whole_pieces(births.customer, np.zeros(len(limit), np.int32), limit, cohort=cohort, segment=segment)


def _returns(seen: Seen, stamps: NDArray[np.int32]) -> Runs:
    codes, stamps = (seen.code, stamps) if seen.is_back is None else (seen.code[seen.is_back], stamps[seen.is_back])
    offsets, values = distinct_per_customer(codes, stamps, count=seen.count)
    return Runs(np.arange(seen.count), offsets, values)


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
