"""Made-up facts for the benchmarks: seeded, heavy-tailed, two years with both clock changes in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

ZONE = "Europe/Berlin"
FIRST_DAY = date(2023, 11, 1)
AS_OF = date(2025, 11, 1)
FACTS_PER_CUSTOMER = 50
DAY_US = 86_400_000_000
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Facts:
    """Parallel arrays: sparse int64 customer ids and UTC microseconds."""

    customers: NDArray[np.int64]
    times: NDArray[np.int64]

    def shuffled(self, *, seed: int) -> Facts:
        order = np.random.default_rng(seed).permutation(len(self.customers))
        return Facts(self.customers[order], self.times[order])

    def save(self, path: Path) -> None:
        np.save(path / "customers.npy", self.customers)
        np.save(path / "times.npy", self.times)

    def first(self, count: int) -> Facts:
        return Facts(self.customers[:count], self.times[:count])

    @classmethod
    def load(cls, path: Path, *, is_mapped: bool = False) -> Facts:
        how = "r" if is_mapped else None
        return cls(np.load(path / "customers.npy", mmap_mode=how), np.load(path / "times.npy", mmap_mode=how))


def generate(count: int, *, seed: int) -> Facts:
    """`count` facts sorted by customer, in no order within one; every fact lies before `AS_OF`.

    How busy a customer is follows a log-normal law, how long they stay a Pareto-like one, and visits
    crowd towards the beginning of a stay and the daytime, as in a shop.
    """
    rng = np.random.default_rng(seed)
    customers = max(1, count // FACTS_PER_CUSTOMER)
    per_customer = _share_out(rng.lognormal(0.0, 1.3, customers), count)
    start, end = local_midnight_us(FIRST_DAY), local_midnight_us(AS_OF)
    births = start + (rng.random(customers) ** 0.8 * (end - start)).astype(np.int64)
    stays = np.minimum(rng.pareto(0.9, customers) * 20 * DAY_US + DAY_US, end - births - 1.0)
    offsets = rng.random(count) ** 1.6 * np.repeat(stays, per_customer)
    times = np.repeat(births, per_customer) + offsets.astype(np.int64)
    times = np.minimum(_towards_daytime(rng, times), end - 1)
    return Facts(np.repeat(_sparse_ids(rng, customers), per_customer), times)


def local_midnight_us(day: date) -> int:
    moment = datetime.combine(day, time(), ZoneInfo(ZONE))
    return int(moment.astimezone(UTC).timestamp()) * 1_000_000


def epoch_day(day: date) -> int:
    return day.toordinal() - EPOCH_ORDINAL


def _share_out(weights: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Whole numbers, at least one each, adding up to `count` in proportion to the weights."""
    spare = count - len(weights)
    edges = np.floor(np.cumsum(weights) / weights.sum() * spare).astype(np.int64)
    edges[-1] = spare
    return np.diff(edges, prepend=0) + 1


def _sparse_ids(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    ids = np.unique(rng.integers(-(2**63), 2**63 - 1, count, dtype=np.int64))
    while len(ids) < count:
        more = rng.integers(-(2**63), 2**63 - 1, count - len(ids), dtype=np.int64)
        ids = np.unique(np.concatenate([ids, more]))
    return ids


def _towards_daytime(rng: np.random.Generator, times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Nine visits in ten fall between 7 and 23 o'clock UTC; the others stay where they fell."""
    daytime = (7 * 3_600_000_000 + rng.random(len(times)) * 16 * 3_600_000_000).astype(np.int64)
    moved = times - times % DAY_US + daytime
    return np.where(rng.random(len(times)) < 0.9, moved, times)
