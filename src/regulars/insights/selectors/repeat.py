"""Repeat purchase rate: of everybody who bought, the share who bought again, by orders and by days."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

import tenure
from regulars.insights import breakdown, kept_answers, reduced
from regulars.insights.definitions import Meant
from regulars.insights.errors import NothingYet
from regulars.insights.selectors.retention import people_days


@dataclass(frozen=True, slots=True)
class Repeat:
    """`again` of `customers` came at least twice; `rate` with Wilson's interval."""

    counted: str
    again: int
    customers: int
    rate: float
    low: float
    high: float


def repeat_rates(meant: Meant, *, zone: str) -> tuple[Repeat, Repeat]:
    """By distinct orders (facts), then by distinct local days; people merged into one count once."""
    return _rates(meant, zone, kept_answers.counted_now())


@lru_cache(maxsize=64)
def _rates(meant: Meant, zone: str, counted: kept_answers.Counted) -> tuple[Repeat, Repeat]:
    customers, counts = reduced.form(meant, zone=zone).counted
    if not len(customers):
        raise NothingYet
    heads = breakdown.to_heads(pa.chunked_array([customers])).to_numpy()
    orders = reduced.summed(heads, counts)[1]
    days = np.diff(people_days(meant, zone=zone).offsets)
    return _rate("orders", orders), _rate("days", days)


def _rate(counted: str, times: np.ndarray) -> Repeat:
    again, everybody = int((times >= 2).sum()), len(times)
    low, high = tenure.wilson(np.array([again]), np.array([everybody]))
    return Repeat(counted, again, everybody, again / everybody, float(low[0]), float(high[0]))
