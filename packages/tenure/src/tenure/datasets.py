"""Made-up data to learn with: seeded, with a truth that is known. Nobody in it is real, and no file is shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

_DAY_US: Final = 86_400_000_000
_START: Final = int(np.datetime64("2024-01-01T00:00:00", "us").astype(np.int64))
PLANS: Final = ("basic", "plus")
CHANNELS: Final = ("search", "friend", "advert")
_STAYS_DAYS: Final = {"basic": 120.0, "plus": 300.0}  # the mean time a customer stays, by plan: the known truth
_WEEKLY: Final = {"search": 0.35, "friend": 0.55, "advert": 0.2}  # orders a week while they stay, by channel


def hand_worked() -> pa.Table:
    """Five customers small enough to count by hand: the example of the definitions.

    Active days after the first: A 1, 2, 3, 5, 7, 9; B 1, 4, 10; C 1, 2; D 3; E none. Columns customer, time (noon UTC).
    """
    import pyarrow as pa

    active = {"A": (0, 1, 2, 3, 5, 7, 9), "B": (0, 1, 4, 10), "C": (0, 1, 2), "D": (0, 3), "E": (0,)}
    names = [name for name, days in active.items() for _ in days]
    days = np.array([day for days in active.values() for day in days])
    noon = np.datetime64("2026-03-01T12:00:00", "us") + days.astype("timedelta64[D]")
    return pa.table({"customer": names, "time": pa.array(noon, pa.timestamp("us", "UTC"))})


def bookshop(customers: int = 2_000, *, seed: int = 1, days: int = 730) -> pa.Table:
    """Orders of a made-up bookshop: columns customer, order, time (UTC), plan, channel; one row per order.

    Customers begin evenly over `days` from 1 January 2024. The time they stay is exponential with a mean of 120
    days on the basic plan and 300 on plus; while they stay they order as a Poisson process, most often those who
    came through a friend. The same seed gives the same shop.
    """
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    plan, channel = rng.choice(2, customers, p=(0.7, 0.3)), rng.choice(3, customers, p=(0.5, 0.2, 0.3))
    begins = rng.uniform(0, days, customers)
    stays = rng.exponential(np.array(list(_STAYS_DAYS.values()))[plan])
    seen = np.minimum(stays, days - begins)
    weekly = np.array(list(_WEEKLY.values()))[channel]
    orders = 1 + rng.poisson(weekly * seen / 7)
    who = np.repeat(np.arange(customers), orders)
    is_first = np.r_[True, who[1:] != who[:-1]]
    when = begins[who] + np.where(is_first, 0.0, rng.uniform(0, 1, len(who)) * seen[who])
    order = np.argsort(when, kind="stable")
    who, when = who[order], when[order]
    return pa.table(
        {
            "customer": who + 1001, "order": np.arange(len(who)) + 1,
            "time": pa.array(_moments(when), pa.timestamp("us", "UTC")),
            "plan": np.array(PLANS)[plan[who]], "channel": np.array(CHANNELS)[channel[who]],
        }
    )  # fmt: skip


def subscriptions(customers: int = 1_000, *, seed: int = 1, observed_months: float = 24.0) -> pa.Table:
    """Made-up subscriptions for survival: columns customer, plan, months, left (false: still there when looked at).

    The truth is exponential: after t months exp(−t/6) of the basic plan are left and exp(−t/15) of plus.
    """
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    plan = rng.choice(2, customers, p=(0.6, 0.4))
    stays = rng.exponential(np.array((6.0, 15.0))[plan])
    followed = rng.uniform(0, observed_months, customers)
    months = np.round(np.minimum(stays, followed), 2)
    columns = {
        "customer": np.arange(customers) + 1,
        "plan": np.array(PLANS)[plan],
        "months": months,
        "left": stays <= followed,
    }
    return pa.table(columns)


def win_back(customers: int = 6_000, *, seed: int = 1) -> pa.Table:
    """A made-up experiment: quiet customers were called or held out by chance, and 90 days later one looked again.

    Columns customer, company (whom nobody assigned by), plan, orders_before (in the year before), assigned_at,
    called_at (null when held out or not reached), arm, retained and spent (EUR in those 90 days). The truth: a call
    keeps 2 of 100 more on basic and 20 on plus, 7.4 on average; one in five could not be reached, which is counted in.
    """
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    plan = rng.choice(2, customers, p=(0.7, 0.3))
    orders_before = rng.poisson(np.where(plan, 6, 4))
    is_called = rng.random(customers) < 0.5
    chance = 0.15 + 0.03 * np.minimum(orders_before, 12) + is_called * np.where(plan, 0.2, 0.02)
    retained = rng.random(customers) < chance
    spent = np.where(retained, np.round(rng.gamma(2, 6 + 2 * orders_before), 2), 0.0)
    assigned = _START + rng.integers(0, 30, customers) * _DAY_US
    called = assigned + rng.integers(1, 4, customers) * _DAY_US
    is_reached = is_called & (rng.random(customers) < 0.8)
    clock = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "customer": np.arange(customers) + 1, "company": np.arange(customers) // 4 + 1,
            "plan": np.array(PLANS)[plan], "orders_before": orders_before,
            "assigned_at": pa.array(assigned.view("datetime64[us]"), clock),
            "called_at": pa.array(called.view("datetime64[us]"), clock, mask=~is_reached),
            "arm": np.array(("held out", "called"))[is_called.astype(int)], "retained": retained, "spent": spent,
        }
    )  # fmt: skip


def help_desk(customers: int = 1_500, *, seed: int = 1) -> tuple[pa.Table, pa.Table]:
    """A made-up help desk where nobody drew lots: (conversations, orders), times in UTC.

    Conversations: customer, opened_at, answered_at, channel, resolved_at. Those who ordered much, and those who chat,
    are answered first, and would have come back anyway. The truth: an answer within four hours brings 8 of 100 more
    back to order within 90 days; the plain difference is about twice that.
    """
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    so_far = rng.poisson(np.exp(0.3 + 0.7 * rng.normal(size=customers)))
    loyal, chats = np.log1p(so_far) - 0.8, rng.random(customers) < 0.4
    opened = rng.uniform(200, 400, customers)
    quick = 1 / (1 + np.exp(0.3 - 1.1 * loyal - 0.9 * chats))
    is_quick, is_quick_again = rng.random((2, customers)) < quick
    again = rng.random(customers) < 0.35
    returns = rng.random(customers) < 0.33 + 0.14 * loyal + 0.05 * chats + 0.08 * is_quick
    who = np.r_[np.arange(customers), np.flatnonzero(again)]
    starts = np.r_[opened, opened[again] + rng.uniform(95, 150, int(again.sum()))]
    hours = np.where(
        np.r_[is_quick, is_quick_again[again]], rng.uniform(0.1, 4, len(who)), rng.uniform(4.1, 60, len(who))
    )
    clock = pa.timestamp("us", "UTC")
    talks = {
        "customer": who + 1001, "opened_at": pa.array(_moments(starts), clock),
        "answered_at": pa.array(_moments(starts + hours / 24), clock),
        "channel": np.where(chats, "chat", "mail")[who],
        "resolved_at": pa.array(_moments(starts + hours / 24 + rng.exponential(2, len(who))), clock),
    }  # fmt: skip
    buyer = np.r_[np.repeat(np.arange(customers), so_far), np.flatnonzero(returns)]
    bought = opened[buyer] + np.r_[-rng.uniform(0, 200, int(so_far.sum())), rng.uniform(0.1, 90, int(returns.sum()))]
    orders = {"customer": buyer + 1001, "time": pa.array(_moments(bought), clock)}
    return pa.table(talks), pa.table(orders)


def _moments(days: NDArray[np.float64]) -> NDArray[np.datetime64]:
    return (_START + (days * _DAY_US).astype(np.int64)).view("datetime64[us]")
