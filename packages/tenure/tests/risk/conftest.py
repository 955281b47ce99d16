"""Worlds whose truth is known: whoever leaves does so by a rate that the test can read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

DAY = 86_400_000_000
START = int(np.datetime64("2024-01-01T00:00:00", "us").astype(np.int64))


@dataclass(frozen=True, slots=True)
class World:
    """Orders of customers who order at their own rate a day until they leave at their own hazard a day."""

    customer: NDArray[np.int64]
    time: NDArray[np.int64]
    days: int
    order_rate: NDArray[np.float64]
    leave_rate: NDArray[np.float64]

    @property
    def facts(self) -> dict[str, Any]:
        return {"customer": self.customer, "time": self.time.view("datetime64[us]")}

    @property
    def end(self) -> np.datetime64:
        return np.datetime64(START + self.days * DAY, "us")

    def truth(self, customers: Any, recency_days: Any, *, gap: float, horizon: float) -> NDArray[np.float64]:
        """P(no order in the window), given the customer's own rates and the time since the last order.

        Alive after s silent days: 1 / (1 + m/(o+m)·(exp((o+m)s) − 1)) (Schmittlein, Morrison and Colombo 1987);
        then surviving the gap, exp(−m·gap), and ordering before leaving, o/(o+m)·(1 − exp(−(o+m)·horizon)).
        """
        o, m = self.order_rate[customers], self.leave_rate[customers]
        alive = 1 / (1 + m / (o + m) * np.expm1((o + m) * recency_days))
        return 1 - alive * np.exp(-m * gap) * o / (o + m) * -np.expm1(-(o + m) * horizon)


@pytest.fixture(scope="session")
def poisson_world() -> Callable[..., World]:
    """A shop of so many customers who begin evenly over the days."""

    def make(customers: int, *, seed: int, days: int = 700) -> World:
        rng = np.random.default_rng(seed)
        order, leave = rng.gamma(4.0, 1 / 40, customers), rng.gamma(1.5, 1 / 150, customers)
        begins = rng.uniform(0, days, customers)
        seen = np.minimum(rng.exponential(1 / leave), days - begins)
        counts = 1 + rng.poisson(order * seen)
        who = np.repeat(np.arange(customers), counts)
        is_first = np.r_[True, who[1:] != who[:-1]]
        when = begins[who] + np.where(is_first, 0.0, rng.uniform(0, 1, len(who)) * seen[who])
        return World(who, START + (when * DAY).astype(np.int64), days, order, leave)

    return make


@pytest.fixture(scope="session")
def logistic_table() -> Callable[..., tuple[dict[str, Any], NDArray[np.float64]]]:
    """A table in which the log odds of leaving are −1 + 0.9·visits − 0.6·[plan is plus], and noise; and the truth."""

    def make(customers: int, *, seed: int) -> tuple[dict[str, Any], NDArray[np.float64]]:
        rng = np.random.default_rng(seed)
        visits, noise = rng.normal(size=customers), rng.normal(size=customers)
        plus = rng.random(customers) < 0.4
        truth = 1 / (1 + np.exp(1 - 0.9 * visits + 0.6 * plus))
        table = {
            "customer": np.arange(customers) * 3 % (customers * 7),
            "visits": visits,
            "noise": noise,
            "plan": np.where(plus, "plus", "basic"),
            "left": rng.random(customers) < truth,
        }
        return table, truth

    return make
