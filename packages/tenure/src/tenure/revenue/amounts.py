"""From payments or subscriptions to what each account was worth in each period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import clocks
from tenure.births import labelled
from tenure.errors import LengthsDiffer, UnreadableInput
from tenure.floats import finite_floats_of
from tenure.inputs import Facts, as_arrow, as_frame, read_facts
from tenure.localising import local_days
from tenure.periods import first_day, period_of
from tenure.revenue.errors import AmountBad, CurrenciesMixed, EndsBeforeItBegins

_ACCOUNT_NAMES: Final = ("account", "account_id", "accountid", "company", "company_id", "companyid")


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """One entry per account and period it paid in, sorted by period and account: amount above 0, and its plan.

    `plan` is a place in `plans` (the one that paid most in that period), -1 without plans. `as_of_day` is the first
    local day that has not ended.
    """

    period: NDArray[np.int32]
    account: NDArray[np.int64]
    amount: NDArray[np.float64]
    plan: NDArray[np.int64]
    plans: tuple[Any, ...]
    labels: NDArray[Any] | None
    currency: str | None
    as_of_day: int
    notes: tuple[str, ...]

    def of(self, period: int) -> slice:
        """The entries of one period."""
        first, last = np.searchsorted(self.period, [period, period + 1])
        return slice(int(first), int(last))


def of_payments(
    data: Any, *, account: Any, time: Any, amount: Any, plan: Any, currency: Any, period: str, zone: str, as_of: Any
) -> Amounts:
    """Payments (or revenues by date): an account's revenue of a period is the sum of its amounts in it."""
    facts = _read(data, account, time, zone=zone)
    values, notes = _numbers(facts, amount)
    last = facts.extent[1] + 1
    limit = last if as_of is None else clocks.moment_of(as_of, zone=zone)
    kept = (facts.moments < limit) & ~np.isnan(values)
    money = _one_currency(facts, currency, kept)
    plans, names = _plans(facts, plan)
    stamps = period_of(local_days(facts.moments, zone=zone), period)
    sums = _summed(facts.customers[kept], stamps[kept], values[kept], plans[kept])
    below = sums[2] <= 0
    owed = int((sums[2] < 0).sum())
    if owed:
        notes += (f"{owed:,} times an account was given back more than it paid in a {period}; that counts as nothing.",)
    entries = [column[~below] for column in sums]
    return Amounts(
        entries[1].astype(np.int32), entries[0], entries[2], entries[3], names, facts.labels, money,
        clocks.local_day(limit, zone=zone), facts.notes + notes,
    )  # fmt: skip


def of_subscriptions(
    data: Any, *, account: Any, began: Any, ended: Any, amount: Any, plan: Any, currency: Any, period: str, zone: str,
    as_of: Any,
) -> Amounts:  # fmt: skip
    """Subscriptions: an account's revenue of a period is what is in force as the period begins, per period."""
    facts = _read(data, account, began, zone=zone)
    values, notes = _numbers(facts, amount)
    ends = _ends(facts, ended, zone=zone)
    bad = np.flatnonzero(ends < facts.moments)
    if len(bad):
        row = int(bad[0]) if facts.kept is None else int(np.flatnonzero(facts.kept)[bad[0]])
        raise EndsBeforeItBegins(row=row + 1)
    known = np.r_[facts.moments, ends[ends < np.iinfo(np.int64).max]]
    limit = int(known.max()) + 1 if as_of is None else clocks.moment_of(as_of, zone=zone)
    as_of_day = clocks.local_day(limit, zone=zone)
    money = _one_currency(facts, currency, np.ones(len(values), bool))
    plans, names = _plans(facts, plan)
    first = _periods_begun(facts.moments, period, zone)
    runs_on = _reached(as_of_day, period) + 1
    last = np.where(ends >= limit, runs_on, _periods_begun(np.minimum(ends, limit), period, zone))
    is_unknown = np.isnan(values) | (values == 0) | (facts.moments >= limit)
    counts = np.where(is_unknown, 0, np.maximum(np.minimum(last, runs_on) - first, 0))
    row = np.repeat(np.arange(len(counts)), counts)
    stamps = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    sums = _summed(facts.customers[row], stamps, values[row], plans[row])
    some = sums[2] > 0
    entries = [column[some] for column in sums]
    return Amounts(
        entries[1].astype(np.int32), entries[0], entries[2], entries[3], names, facts.labels, money, as_of_day,
        facts.notes + notes,
    )  # fmt: skip


def _read(data: Any, account: Any, time: Any, *, zone: str) -> Facts:
    """Facts by account; a column called account or company is taken for it where none is named."""
    frame = None if data is None else as_frame(data)
    if frame is not None and account is None:
        account = next((name for name in frame.columns if str(name).lower() in _ACCOUNT_NAMES), None)
    return read_facts(frame, customer=account, time=time, zone=zone)


def _summed(account: Any, stamp: Any, value: Any, plan: Any) -> tuple[NDArray[Any], ...]:
    """Account, period, sum and the plan that paid most; by period, then account."""
    order = np.lexsort((plan, account, stamp))
    account, stamp, value, plan = account[order], stamp[order], value[order], plan[order]
    if not len(value):
        return account, stamp, value, plan
    opens = np.r_[True, (account[1:] != account[:-1]) | (stamp[1:] != stamp[:-1])]
    parts = np.flatnonzero(opens | np.r_[True, plan[1:] != plan[:-1]])
    by_plan = np.add.reduceat(value, parts)
    owner = np.cumsum(opens)[parts] - 1
    best = np.lexsort((-by_plan, owner))
    heads = np.r_[True, owner[best][1:] != owner[best][:-1]]
    starts = np.flatnonzero(opens)
    return account[starts], stamp[starts], np.add.reduceat(value, starts), plan[parts[best[heads]]]


def _numbers(facts: Facts, amount: Any) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Amounts of the facts that were kept, NaN where there is none (counted in a note)."""
    column = _column(facts, amount, name="amount")
    numbers = finite_floats_of(column, refusal=lambda row, value: AmountBad(row=row, value=value))
    kept = numbers if facts.kept is None else numbers[facts.kept]
    missing = int(np.isnan(kept).sum())
    return kept, ((f"{missing:,} of {facts.rows:,} rows have no amount and were left out.",) if missing else ())


def _one_currency(facts: Facts, currency: Any, kept: NDArray[np.bool_]) -> str | None:
    """The only currency there is; a plain text that is no column names it."""
    if currency is None:
        return None
    is_column = not isinstance(currency, str) or (facts.frame is not None and currency in facts.frame.columns)
    if not is_column:
        return currency
    column = _column(facts, currency, name="currency")
    column = column.filter(facts.kept) if facts.kept is not None else column
    found = sorted({"none" if value is None else str(value) for value in column.filter(kept).unique().to_pylist()})
    if len(found) > 1:
        raise CurrenciesMixed(currencies=" and ".join(found))
    return found[0] if found else None


def _plans(facts: Facts, plan: Any) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    if plan is None:
        return np.full(len(facts.customers), -1), ()
    codes, names = labelled(_column(facts, plan, name="plan"))
    kept = facts.aligned(codes)
    assert kept is not None
    return kept, names


def _column(facts: Facts, given: Any, *, name: str) -> Any:
    import pyarrow as pa

    from tenure.conditions import column_of

    if isinstance(given, str):
        if facts.frame is None:
            raise UnreadableInput(what=f"no data, and only the name {given!r} for the {name}")
        given = column_of(facts.frame, given)
    column = as_arrow(given)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if len(column) != facts.rows:
        raise LengthsDiffer(left=name, left_length=len(column), right="account", right_length=facts.rows)
    return column


def _ends(facts: Facts, ended: Any, *, zone: str) -> NDArray[np.int64]:
    """When each subscription ended; never, where that is not said."""
    never = np.iinfo(np.int64).max
    if ended is None:
        return np.full(len(facts.customers), never)
    told = clocks.read_times(_column(facts, ended, name="ended"), zone=zone)
    ends = told.moments if told.missing is None else np.where(told.missing, never, told.moments)
    kept = facts.aligned(ends)
    assert kept is not None
    return kept


def _periods_begun(moments: NDArray[np.int64], period: str, zone: str) -> NDArray[np.int64]:
    """The first period that begins at or after each moment."""
    days = local_days(moments, zone=zone).astype(np.int64)
    stamps = period_of(days, period).astype(np.int64)
    starts = np.unique(days[first_day(stamps, period) == days])
    midnights = [clocks.moment_of(np.datetime64(int(day), "D").item(), zone=zone) for day in starts]
    return stamps + np.where(np.isin(moments, np.array(midnights, np.int64)), 0, 1)


def _reached(as_of_day: int, period: str) -> int:
    """The last period that has begun by the morning of `as_of_day`."""
    return int(period_of(np.array([as_of_day]), period)[0])
