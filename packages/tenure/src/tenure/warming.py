"""Compiling ahead, so that nobody waits for it in front of a page, and saying so when somebody must."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

import numpy as np

_SLOW: Final = 1.0  # seconds
_CUSTOMERS: Final = 4_096
_KERNELS: Final = tuple(
    f"tenure._kernels.{name}"
    for name in (
        "calendar",
        "counting",
        "days",
        "firsts",
        "grouping",
        "lists",
        "marks",
        "masks",
        "merging",
        "ordering",
        "partition",
        "planes",
        "proportional",
        "stages",
        "surviving",
    )
)
Answer = TypeVar("Answer")


class Compiling(UserWarning):
    """tenure compiled its loops; the next call finds them on disk (NUMBA_CACHE_DIR says where)."""


def warm() -> float:
    """Compile and cache every loop, by asking small questions of made-up facts every way there is; the seconds it took.

    Installers call this at the final path with NUMBA_CACHE_DIR set: the cache is missed when the source moves.
    """
    began = time.perf_counter()
    customers = np.repeat(np.arange(_CUSTOMERS, dtype=np.int64) * 7_919, 64)
    moments = np.arange(len(customers), dtype=np.int64) % 40 * 86_400_000_000 + 1_700_000_000_000_000
    loose = np.random.default_rng(1).permutation(len(customers))
    for who, when in ((customers[loose], moments[loose]), (customers, moments)):
        _ask(who, when)
    from tenure.risk import warming as risk
    from tenure.value import warming as value

    _ask_survival()
    value.warm()
    risk.warm()
    return time.perf_counter() - began


def _ask(customers: Any, moments: Any) -> None:
    import tenure
    from tenure import grouping, localising

    for period, periods in (("day", 30), ("week", 5)):
        tenure.retention(customer=customers, time=moments, period=period, periods=periods, zone="Europe/Berlin")
    labels = np.where(moments % 2 == 0, "even", "odd")
    few = slice(0, 2 * grouping._FEW)
    tenure.retention(
        customer=customers[few], time=moments[few], by=labels[few], by_when="then", window="personal", period="day"
    )
    localising.local_numbers(moments, zone="America/St_Johns", period="day")
    localising.local_numbers(moments - 500_000_000_000_000, zone="America/St_Johns", period="day")
    days = tenure.reduce(customers, moments)
    tenure.retention_of(days, period="week")
    tenure.retention_of(days, days.before(days.end), period="month")
    both = days.merge(tenure.reduce(customers[few], moments[few] + 86_400_000_000))
    tenure.retention_of(both, period="day")
    tenure.retention_of(both, born=(both.customers, moments[: len(both)]), cohort="born_column")


def _ask_survival() -> None:
    from tenure import datasets, lifecycle, survival
    from tenure.survival import tallying

    rows = datasets.subscriptions(400).to_pydict()
    for months in (rows["months"], [float(int(month)) for month in rows["months"]]):
        asked: dict[str, Any] = {"duration": np.array(months), "event": np.array(rows["left"])}
        survival.log_rank(**asked, by=rows["plan"])
        fit = survival.cox(**asked, covariates={"plan": rows["plan"]}, robust=True)
        _ = fit.concordance, fit.baseline, fit.proportionality()
        survival.remaining_lifetime(**asked)
    many = np.random.default_rng(1).exponential(size=tallying.MANY + 1)
    survival.kaplan_meier(duration=many, event=many > 1)
    facts = datasets.bookshop(50)
    lifecycle.lifecycle(facts)
    for month in ("trailing", "calendar"):
        lifecycle.stickiness(facts, month=month)


def start() -> None:
    """Load what the first loop of a process needs, which takes longer than all loops together; compiles none of them.

    A server calls this before it takes questions.
    """
    from numba import njit

    njit(_same)(1)


def _same(number: int) -> int:
    return number


def say_when_slow(work: Callable[[], Answer]) -> Answer:
    """Do the work of a question; when compiling made it slow in an interactive session, say that it was that."""
    compiled = _compiled_so_far()
    began = time.perf_counter()
    answer = work()
    seconds = time.perf_counter() - began
    if seconds > _SLOW and _is_interactive() and _compiled_so_far() > compiled:
        warnings.warn(
            f"Compiling took most of {seconds:.0f} seconds; once per machine (tenure.warm() does it ahead).",
            Compiling,
            stacklevel=3,
        )
    return answer


def _compiled_so_far() -> int:
    """How many loops were compiled (not loaded from the cache) in this process."""
    loaded = [name for name in _KERNELS if name in sys.modules]
    return sum(sum(loop.stats.cache_misses.values()) for name in loaded for loop in _loops(name))


@cache
def _loops(module: str) -> list[Any]:
    from numba.core.registry import CPUDispatcher

    return [value for value in vars(sys.modules[module]).values() if isinstance(value, CPUDispatcher)]


def _is_interactive() -> bool:
    return hasattr(sys, "ps1") or "IPython" in sys.modules or sys.stderr.isatty()
