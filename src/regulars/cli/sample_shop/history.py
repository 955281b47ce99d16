"""Living through the sample shop's years: who joins, orders, asks for help, and leaves. Arrays throughout."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regulars.cli.sample_shop import truth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class People:
    """One entry per customer; choices are places in the tables of `truth`. `joined` is in days from the beginning."""

    number: Ints
    joined: Floats
    channel: Ints
    plan: Ints
    country: Ints
    given: Ints
    family: Ints
    newsletter: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Orders:
    """One entry per order, by customer and time. `customer` is a place in People; `at` is in days from the beginning.

    `answered_after` is the seconds until a request about this order was answered; NaN where there was none.
    """

    customer: Ints
    nth: Ints
    at: Floats
    answered_after: Floats
    theme: Ints
    is_refunded: NDArray[np.bool_]
    is_last: NDArray[np.bool_]


def people(numbers: Ints, *, days: int, random: np.random.Generator) -> People:
    """Customers who joined within so many days, more of them later, more of them before Christmas."""
    count = len(numbers)
    joined = days * np.log1p((truth.GROWTH - 1) * random.random(count)) / np.log(truth.GROWTH)
    return People(
        number=numbers,
        joined=np.minimum(joined, days - 1e-6),
        channel=_choice([share for _, share, _ in truth.CHANNELS], count, random),
        plan=_choice([plan[1] for plan in truth.PLANS], count, random),
        country=_choice([share for _, share in truth.COUNTRIES], count, random),
        given=random.integers(0, len(truth.GIVEN), count),
        family=random.integers(0, len(truth.FAMILY), count),
        newsletter=random.random(count) < 0.42,
    )


def orders(customers: People, *, days: int, month_of_day: NDArray[np.int64], random: np.random.Generator) -> Orders:
    """Every order until the end or until the customer leaves; all customers take each step together.

    `month_of_day[d]` is the calendar month (0 to 11) of day d. Someone joins with the first order.
    """
    multiplier = np.array([factor for _, _, factor in truth.CHANNELS])[customers.channel]
    gap = np.array([plan[2] for plan in truth.PLANS])[customers.plan] * random.gamma(4.0, 0.25, len(multiplier))
    leaving = np.array([plan[3] for plan in truth.PLANS])[customers.plan] * multiplier
    alive, at, steps = np.arange(len(gap)), customers.joined.copy(), []
    for nth in range(truth.MOST_ORDERS):
        step = _step(alive, at[alive], leaving[alive], nth, random)
        steps.append(step)
        alive = alive[~step.is_last]
        season = truth.SEASON[month_of_day[at[alive].astype(np.int64)]]
        at[alive] += gap[alive] * random.gamma(3.0, 1 / 3.0, len(alive)) / season
        alive = alive[at[alive] < days]
        if not len(alive):
            break
    return _in_order(steps)


def _step(customer: Ints, at: Floats, leaving: Floats, nth: int, random: np.random.Generator) -> Orders:
    """One order of each customer still there, its request for help if any, and whether it was the last."""
    count = len(customer)
    asks = random.random(count) < truth.REQUEST_SHARE
    fast = random.random(count) < truth.FAST_SHARE
    effect = np.where(asks, np.where(fast, truth.LEAVING_AFTER_FAST, truth.LEAVING_AFTER_SLOW), 1.0)
    seconds = np.where(
        fast,
        truth.TARGET_SECONDS * random.beta(1.5, 3.5, count),
        truth.TARGET_SECONDS * (1 + random.exponential(2.0, count)),
    )
    return Orders(
        customer=customer,
        nth=np.full(count, nth, np.int64),
        at=at,
        answered_after=np.where(asks, np.maximum(seconds, 40.0), np.nan),
        theme=_choice([share for _, share in truth.THEMES], count, random),
        is_refunded=random.random(count) < truth.REFUND_SHARE,
        is_last=random.random(count) < np.minimum(leaving * effect, 0.95),
    )


def local_hours(count: int, random: np.random.Generator) -> Floats:
    """A time of the local day for each, in seconds after midnight, as people shop."""
    hour = random.choice(24, count, p=truth.HOURS / truth.HOURS.sum())
    return hour * 3600.0 + random.random(count) * 3600.0


def _in_order(steps: list[Orders]) -> Orders:
    columns = {name: np.concatenate([getattr(step, name) for step in steps]) for name in Orders.__dataclass_fields__}
    order = np.lexsort((columns["nth"], columns["customer"]))
    return Orders(**{name: column[order] for name, column in columns.items()})


def _choice(shares: list[float], count: int, random: np.random.Generator) -> Ints:
    return np.searchsorted(np.cumsum(shares)[:-1], random.random(count)).astype(np.int64)
