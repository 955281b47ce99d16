"""Simulated worlds with a known effect, and how often an estimator's interval holds it.

A module `bench/_worlds_<what>.py` offers `ESTIMATORS`, a tuple of these. Seeds are fixed beforehand: world number n
of an estimator is `first_seed + n`, and nothing else is random.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

WORLDS = 2_000
LOWEST, HIGHEST = 0.93, 0.97  # of 95 % intervals over 2,000 worlds
FEW_LOWEST, FEW_HIGHEST = 0.88, 0.99  # over the 100 worlds of the tests


@dataclass(frozen=True, slots=True)
class Estimator:
    """`world(seed)` gives data and the truth; `interval(data)` the two ends of a 95 % interval.

    With `is_time_uniform` the ends are the intersection of all intervals looked at, which may be empty, and covering
    more often than 95 % is what is promised.
    """

    name: str
    world: Callable[[int], tuple[Any, float]]
    interval: Callable[[Any], tuple[float, float]]
    first_seed: int
    is_time_uniform: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """In how many of `worlds` the interval held the truth; `refused` raised an error instead and count as missed."""

    name: str
    worlds: int
    covered: int
    too_high: int  # the whole interval above the truth
    too_low: int
    refused: int
    mean_width: float
    seconds: float
    is_time_uniform: bool = False

    @property
    def share(self) -> float:
        return self.covered / self.worlds

    def holds(self, *, lowest: float = LOWEST, highest: float = HIGHEST) -> bool:
        if self.is_time_uniform:
            return self.share >= (0.95 if lowest == LOWEST else lowest)
        return lowest <= self.share <= highest


def estimators() -> dict[str, Estimator]:
    """Every estimator of every module `bench/_worlds_*.py`, by name."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("_worlds_*.py"))
    found = [one for module in modules for one in import_module(f"bench.{module}").ESTIMATORS]
    assert len({one.name for one in found}) == len(found), "two estimators have the same name"
    return {one.name: one for one in found}


def lived(estimator: Estimator, seed: int) -> tuple[float, float, float]:
    """One world: the truth and the interval's ends; NaN ends where the estimator refused."""
    from tenure import TenureError

    data, truth = estimator.world(seed)
    try:
        low, high = estimator.interval(data)
    except TenureError:
        low, high = math.nan, math.nan
    return truth, low, high


def coverage(estimator: Estimator, *, worlds: int = WORLDS, lives: Iterable[Any] | None = None) -> Coverage:
    """Live the worlds (or take those already lived elsewhere) and count."""
    began = time.perf_counter()
    seeds = range(estimator.first_seed, estimator.first_seed + worlds)
    ends = list(lives if lives is not None else (lived(estimator, seed) for seed in seeds))
    widths = [high - low for _, low, high in ends if math.isfinite(high - low)]
    return Coverage(
        estimator.name,
        worlds=len(ends),
        covered=sum(low <= truth <= high for truth, low, high in ends),
        too_high=sum(low > truth for truth, low, _ in ends),
        too_low=sum(high < truth for truth, _, high in ends),
        refused=sum(math.isnan(low) or math.isnan(high) for _, low, high in ends),
        mean_width=sum(widths) / len(widths) if widths else math.nan,
        seconds=time.perf_counter() - began,
        is_time_uniform=estimator.is_time_uniform,
    )
