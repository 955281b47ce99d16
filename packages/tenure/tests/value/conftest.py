"""Made-up customers whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tenure import value


def bg_nbd_world(customers: int, *, seed: int, truth: tuple[float, float, float, float], longest: float) -> Any:
    """(frequency, recency, age, purchases in the `longest` after) of customers who follow BG/NBD."""
    r, alpha, a, b = truth
    rng = np.random.default_rng(seed)
    age = rng.uniform(longest / 10, longest, customers)
    rate, leaving = rng.gamma(r, 1 / alpha, customers), rng.beta(a, b, customers)
    x, t, after = np.zeros(customers, np.int64), np.zeros(customers), np.zeros(customers, np.int64)
    clock, going = np.zeros(customers), np.arange(customers)
    while len(going):
        clock[going] += rng.exponential(1 / np.maximum(rate[going], 1e-300))
        going = going[clock[going] < age[going] + longest]
        seen = going[clock[going] < age[going]]
        x[seen] += 1
        t[seen] = clock[seen]
        after[clock >= age] += np.isin(np.flatnonzero(clock >= age), going)
        going = going[rng.random(len(going)) > leaving[going]]
    return x, t, age, after


@pytest.fixture
def world() -> Callable[..., Any]:
    """Made-up customers who follow BG/NBD."""
    return bg_nbd_world


@pytest.fixture(scope="session")
def shop() -> value.Histories:
    """A few hundred customers with amounts, in weeks."""
    customers, seed = 400, 3
    x, t, age, _ = bg_nbd_world(customers, seed=seed, truth=(0.8, 5.0, 0.9, 3.0), longest=80.0)
    rng = np.random.default_rng(seed + 1)
    level = rng.gamma(4, 1 / 20, customers)
    spent = np.where(x > 0, rng.gamma(6 * np.maximum(x, 1), 1 / (np.maximum(x, 1) * level)), np.nan)
    return value.read_histories(frequency=x, recency=t, age=age, mean_amount=spent)
