"""The questions: what part of the revenue of a period is still there some periods later?"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import LengthsDiffer, NothingToRead, PeriodsTooFew, UnknownChoice
from tenure.floats import floats_of, one_chunk
from tenure.inputs import as_arrow
from tenure.periods import checked_period, ended_before, first_day, period_of
from tenure.revenue import amounts
from tenure.revenue.amounts import Amounts
from tenure.revenue.errors import AccountTwice, AmountBad, NothingPaid, WhenDoesItBegin
from tenure.revenue.movements import FEW, line_of
from tenure.revenue.results import RevenueLine, RevenueRetention
from tenure.zones import checked_zone

INTERVALS: Final = ("bootstrap", "linear")
_CAPPED: Final = (
    "Gross retention counts each account up to what it paid at the opening, net retention all it pays at the closing; "
    "accounts that are new or came back are in neither."
)


def revenue_retention(
    data: Any = None,
    *,
    account: Any = None,
    time: Any = None,
    amount: Any,
    plan: Any = None,
    currency: Any = None,
    period: str = "month",
    span: int = 1,
    zone: str = "UTC",
    as_of: Any = None,
    level: float = 0.95,
    interval: str | None = None,
    seed: int = 1,
) -> RevenueRetention:
    """Gross and net revenue retention from payments, or from revenues by account and date.

    An account's revenue of a period is the sum of its `amount`s in it; each period is an opening, compared with the
    one `span` periods later once that has ended by `as_of`. `plan` breaks down by the plan that paid most of the
    account's opening revenue (a move to another plan is expansion or contraction, not churn). `currency` (a column)
    must hold one currency. Intervals are over accounts, `interval="bootstrap"` (2,000 draws from `seed`; the default
    up to 5,000 accounts) or "linear" (the ratio's linearisation). Raises a TenureError.
    """
    checked_period(period)
    found = amounts.of_payments(
        data, account=account, time=time, amount=amount, plan=plan, currency=currency, period=period,
        zone=_zone(zone), as_of=as_of,
    )  # fmt: skip
    last = ended_before(found.as_of_day, period)
    said = f"Revenue is what an account paid in a {period}, compared {span} later. {_CAPPED}"
    return _answered(found, plan, period, span, last, level, interval, seed, said)


def subscription_revenue_retention(
    data: Any = None,
    *,
    account: Any = None,
    began: Any = None,
    ended: Any = None,
    amount: Any,
    plan: Any = None,
    currency: Any = None,
    period: str = "month",
    span: int = 1,
    zone: str = "UTC",
    as_of: Any = None,
    level: float = 0.95,
    interval: str | None = None,
    seed: int = 1,
) -> RevenueRetention:
    """The same from subscriptions: `amount` per period from `began` until `ended` (empty: still running).

    An account's revenue of a period is what is in force as it begins (midnight in `zone`); a subscription that ends at
    that moment no longer is. The closing must have begun by `as_of` (left out: just after the last change). An
    account's subscriptions at one moment are added up.
    """
    checked_period(period)
    if began is None:
        raise WhenDoesItBegin(columns=", ".join(map(str, getattr(data, "columns", ()) or ("not given",))))
    found = amounts.of_subscriptions(
        data, account=account, began=began, ended=ended, amount=amount, plan=plan, currency=currency, period=period,
        zone=_zone(zone), as_of=as_of,
    )  # fmt: skip
    last = int(period_of(np.array([found.as_of_day]), period)[0])
    said = f"Revenue is what is in force as a {period} begins, compared {span} later. {_CAPPED}"
    return _answered(found, plan, period, span, last, level, interval, seed, said)


def revenue_retention_of(
    opening: Any,
    closing: Any,
    *,
    account: Any = None,
    came_back: Any = None,
    plan: Any = None,
    currency: str | None = None,
    level: float = 0.95,
    interval: str | None = None,
    seed: int = 1,
) -> RevenueRetention:
    """The same from each account's revenue at the opening and at the closing (0: does not pay).

    `came_back` marks accounts that had paid before the opening, so that they count as reactivated and not as new.
    """
    begun, ended = (_revenues(values, name=name) for values, name in ((opening, "opening"), (closing, "closing")))
    if not len(begun):
        raise NothingToRead
    old = np.zeros(len(begun), bool) if came_back is None else np.asarray(came_back, bool)
    ids = np.arange(1, len(begun) + 1) if account is None else np.asarray(as_arrow(account).to_pylist(), object)
    for name, values in (("closing", ended), ("came_back", old), ("account", ids)):
        if len(values) != len(begun):
            raise LengthsDiffer(left=name, left_length=len(values), right="opening", right_length=len(begun))
    if len(set(ids.tolist())) < len(ids):
        raise AccountTwice(account=next(one for i, one in enumerate(ids.tolist()) if one in ids[:i].tolist()))
    if not begun.any():
        raise NothingPaid(span=1, period="period")
    groups: dict[Any, NDArray[np.bool_]] = {None: np.ones(len(begun), bool)}
    if plan is not None:
        names = np.asarray(as_arrow(plan).to_pylist(), object)
        groups |= {name: names == name for name in sorted(set(names.tolist()) - {None}, key=str)}
    lines = tuple(
        _line(begun[rows], ended[rows], old[rows], group, None, None, level, interval, seed)
        for group, rows in groups.items()
    )
    by = None if plan is None else "plan"
    return RevenueRetention(lines, _CAPPED, by, currency, level, _told(lines), (ids, begun, ended))


def _answered(
    found: Amounts, plan: Any, period: str, span: int, last: int, level: float, interval: str | None, seed: int,
    definition: str,
) -> RevenueRetention:  # fmt: skip
    """A line per opening period and plan, from the first period that anybody paid in."""
    if not isinstance(span, int) or span < 1:
        raise PeriodsTooFew(periods=span)
    first = int(found.period[0]) if len(found.period) else last
    lines: list[RevenueLine] = []
    accounts = None
    earliest = _first_seen(found)
    for opening in range(first, last - span + 1):
        who, begun, ended, plans = _compared(found, opening, opening + span)
        if not (begun > 0).any():
            continue
        old = earliest[1][np.searchsorted(earliest[0], who)] < opening
        start, end = (_date(index, period) for index in (opening, opening + span))
        groups = [None, *(i for i in range(len(found.plans)) if (plans == i).any())]
        for group in groups:
            rows = np.ones(len(who), bool) if group is None else plans == group
            name = None if group is None else found.plans[group]
            lines.append(_line(begun[rows], ended[rows], old[rows], name, start, end, level, interval, seed))
        accounts = (who if found.labels is None else found.labels[who], begun, ended)
    if not lines:
        raise NothingPaid(span=span, period=period)
    by = None if plan is None else plan if isinstance(plan, str) else "plan"
    return RevenueRetention(
        tuple(lines), definition, by, found.currency, level, found.notes + _told(tuple(lines)), accounts
    )  # fmt: skip


def _compared(found: Amounts, opening: int, closing: int) -> tuple[NDArray[Any], ...]:
    """Every account that paid in either period: who, what at each, and the plan (at the opening, or else closing)."""
    begun, ended = found.of(opening), found.of(closing)
    who = np.union1d(found.account[begun], found.account[ended])
    amount, plans = np.zeros((2, len(who))), np.full(len(who), -1)
    for side, part in ((1, ended), (0, begun)):
        place = np.searchsorted(who, found.account[part])
        amount[side, place] = found.amount[part]
        plans[place] = found.plan[part]
    return who, amount[0], amount[1], plans


def _first_seen(found: Amounts) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Each account and the first period it paid in; entries are in order of period."""
    accounts, first = np.unique(found.account, return_index=True)
    return accounts, found.period[first]


def _line(
    begun: Any, ended: Any, old: Any, group: Any, start: Any, end: Any, level: float, interval: str | None, seed: int
) -> RevenueLine:
    if interval not in (None, *INTERVALS):
        raise UnknownChoice(name="interval", value=interval, choices=", ".join(INTERVALS))
    if not 0 < level < 1:
        raise UnknownChoice(name="level", value=level, choices="a number between 0 and 1, such as 0.95")
    usual = "bootstrap" if int((begun > 0).sum()) <= FEW else "linear"
    return line_of(
        begun, ended, old, group=group, start=start, end=end, level=level, interval=interval or usual, seed=seed
    )  # fmt: skip


def _told(lines: tuple[RevenueLine, ...]) -> tuple[str, ...]:
    how = {
        "bootstrap": "Intervals: accounts drawn again 2,000 times, percentiles.",
        "linear": "Intervals: linearised ratio over accounts.",
    }
    used = [how[name] for name in INTERVALS if any(line.interval == name for line in lines)]
    few = "Fewer than two accounts have no interval." if any(line.accounts < 2 for line in lines) else None
    return tuple(used) if few is None else (*used, few)


def _revenues(values: Any, *, name: str) -> NDArray[np.float64]:
    column = floats_of(one_chunk(values), refusal=lambda row, value: AmountBad(row=row, value=value))
    bad = np.flatnonzero(~np.isfinite(column) | (column < 0))
    if len(bad):
        raise AmountBad(row=int(bad[0]) + 1, value=float(column[bad[0]]))
    return column


def _date(index: int, period: str) -> dt.date:
    return np.datetime64(int(first_day(np.array([index]), period)[0]), "D").astype(dt.date)


def _zone(zone: str) -> str:
    checked_zone(zone)
    return zone
