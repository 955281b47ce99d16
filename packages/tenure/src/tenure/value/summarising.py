"""From facts to histories: distinct days of purchase, the first of them left out."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import clocks
from tenure.conditions import column_of
from tenure.errors import LengthsDiffer, NoFactsLeft, UnknownChoice
from tenure.grouping import group
from tenure.inputs import Facts, read_facts
from tenure.localising import local_days
from tenure.periods import PERIODS, period_of
from tenure.value.errors import AmountBad
from tenure.value.histories import Histories, Opportunities
from tenure.value.reading import numbers_of
from tenure.value.units import days_in

_SPAN: Final = np.int64(1) << 32


def summarise(
    data: Any = None,
    *,
    customer: Any = None,
    time: Any = None,
    amount: Any = None,
    zone: str = "UTC",
    unit: str = "week",
    distinct: str = "day",
    observed_until: Any = None,
    opportunity: str | None = None,
) -> Histories:
    """Purchases, one per row, as one history per customer.

    A transaction is a day in `zone` with a purchase (`distinct="week"` or coarser: such a period with one); the
    first is not counted in `frequency`. `observed_until` is the last day watched, itself included (left out: the
    day of the last fact); later facts are left out and counted in `notes`. Times are days over 7 for `unit="week"`,
    over 30.4375 for "month". `mean_amount` is the mean over repeat transactions of what was spent in each, known
    where `amount` is. `opportunity="month"` adds the yes-or-no form for `bg_bb`: complete calendar periods after
    the one of the first purchase. These are the conventions of Fader, Hardie and Lee's CDNOW file.
    """
    per_unit = days_in(unit)
    facts = read_facts(data, customer=customer, time=time, zone=zone)
    until = _last_day(facts, observed_until)
    days = local_days(facts.moments, zone=zone).astype(np.int64)
    amounts = _amounts(facts, amount)
    kept = days <= until
    if not kept.any():
        raise NoFactsLeft(count=f"{len(days):,}", why=f"each is later than {np.datetime64(until, 'D')}")
    notes = facts.notes + _held_out(int((~kept).sum()), until)
    people, codes = group(facts.customers[kept])
    buckets = _buckets(days[kept], distinct)
    keys, first, last, count = _distinct(codes, buckets, len(people))
    ends = int(_buckets(np.array([until]), distinct)[0])
    scale = 1.0 if distinct == "day" else days_in(distinct)
    spent, more = _mean_repeat(codes, buckets, keys, first, amounts if amounts is None else amounts[kept], len(people))
    names = people if facts.labels is None else facts.labels[people]
    chances = _opportunities(codes, days[kept], until, names, opportunity) if opportunity else None
    return Histories(
        names,
        count - 1,
        (last - first) * scale / per_unit,
        (ends - first) * scale / per_unit,
        spent,
        opportunities=chances,
        unit=unit,
        definition=f"a transaction is a {distinct} ({zone}) with a purchase; watched until {np.datetime64(until, 'D')}",
        notes=notes + more,
    )


def _last_day(facts: Facts, observed_until: Any) -> int:
    if observed_until is None:
        return clocks.local_day(facts.extent[1], zone=facts.zone)
    return clocks.day_of(observed_until, zone=facts.zone)


def _held_out(count: int, until: int) -> tuple[str, ...]:
    return (f"{count:,} facts after {np.datetime64(until, 'D')} were left out.",) if count else ()


def _amounts(facts: Facts, amount: Any) -> NDArray[np.float64] | None:
    """Numbers of 0 or more per kept fact; NaN where it is not known."""
    if amount is None:
        return None
    values = column_of(facts.frame, amount) if facts.frame is not None and isinstance(amount, str) else amount
    if len(values) != facts.rows:
        raise LengthsDiffer(left="amount", left_length=len(values), right="customer", right_length=facts.rows)
    numbers = numbers_of(values, name="amount")
    bad = np.flatnonzero((numbers < 0) | np.isinf(numbers))
    if len(bad):
        raise AmountBad(row=int(bad[0]) + 1, value=float(numbers[bad[0]]))
    return facts.aligned(numbers)


def _buckets(days: NDArray[np.int64], distinct: str) -> NDArray[np.int64]:
    if distinct not in PERIODS:
        raise UnknownChoice(name="distinct", value=distinct, choices=", ".join(PERIODS))
    return period_of(days, distinct).astype(np.int64)


def _distinct(codes: Any, buckets: Any, people: int) -> tuple[Any, Any, Any, Any]:
    """The distinct (customer, bucket) keys in order, and each customer's first, last and number of buckets."""
    keys = np.unique(codes * _SPAN + (buckets - buckets.min()))
    owners = keys // _SPAN
    ends = np.searchsorted(owners, np.arange(people + 1))
    values = keys % _SPAN + buckets.min()
    return keys, values[ends[:-1]], values[ends[1:] - 1], np.diff(ends)


def _mean_repeat(
    codes: Any, buckets: Any, keys: Any, first: Any, amounts: Any, people: int
) -> tuple[NDArray[np.float64] | None, tuple[str, ...]]:
    """The mean, over repeat transactions with a known amount, of what was spent in each."""
    if amounts is None:
        return None, ()
    counts = ~np.isnan(amounts) & (buckets != first[codes])
    place = np.searchsorted(keys, codes * _SPAN + (buckets - buckets.min()))
    spent = np.bincount(place[counts], amounts[counts], minlength=len(keys))
    is_known = np.bincount(place[counts], minlength=len(keys)) > 0
    owners = keys // _SPAN
    known = np.bincount(owners[is_known], minlength=people)
    total = np.bincount(owners[is_known], spent[is_known], minlength=people)
    mean = np.divide(total, known, out=np.full(people, np.nan), where=known > 0)
    unknown = int(np.isnan(amounts).sum())
    notes = (f"{unknown:,} purchases have no amount; they count as purchases but not in the means.",) if unknown else ()
    return mean, notes


def _opportunities(codes: Any, days: Any, until: int, names: Any, period: str) -> Opportunities:
    """Complete calendar periods after the first purchase's own, and in which of them there was a purchase."""
    buckets = _buckets(days, period)
    last_complete = int(_buckets(np.array([until + 1]), period)[0]) - 1
    _, first, _, _ = _distinct(codes, buckets, len(names))
    inside = (buckets <= last_complete) & (buckets > first[codes])
    count = np.maximum(last_complete - first, 0)
    hits = np.unique(codes[inside] * _SPAN + (buckets - first[codes])[inside])
    owners = hits // _SPAN
    recency = np.zeros(len(names), np.int64)
    np.maximum.at(recency, owners, hits % _SPAN)
    frequency = np.bincount(owners, minlength=len(names)).astype(np.int64)
    kept = count > 0
    left_out = int((~kept).sum())
    notes = (f"{left_out:,} customers began too late to have had a whole {period}.",) if left_out else ()
    return Opportunities(names[kept], frequency[kept], recency[kept], count[kept], None, period, notes)
