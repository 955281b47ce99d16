"""Worlds in which nobody drew lots: confounded, bent, clustered, thin; the effect is known because it was put in.

Each of the `ESTIMATORS` meets covariates that decide both the treatment and the outcome; the plain difference is wrong
in all but one. `REFUSALS` are worlds in which an honest estimator claims nothing: see `bench.refusals`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench._worlds import Estimator

ROWS = 1_000
_MANY = 400_000  # customers from whom a world's true effect is averaged, once


@dataclass(frozen=True, slots=True)
class Law:
    """How a world works: the chance of treatment and the mean outcomes, from covariates[n, 5]."""

    chance: Callable[[NDArray[Any]], NDArray[Any]]
    without: Callable[[NDArray[Any]], NDArray[Any]]
    effect: Callable[[NDArray[Any]], NDArray[Any]]
    is_binary: bool = False
    truth: float | None = None  # None: averaged over many customers

    def mean_effect(self, *, of_the_treated: bool) -> float:
        if self.truth is not None:
            return self.truth
        x = np.random.default_rng(20_261_122).normal(size=(_MANY, 5))
        before, gained = self.without(x), self.effect(x)
        effect = _chance(before + gained) - _chance(before) if self.is_binary else gained
        return float(np.average(effect, weights=self.chance(x) if of_the_treated else None))


def _chance(eta: NDArray[Any]) -> NDArray[Any]:
    return 1 / (1 + np.exp(-eta))


def _linear_chance(x: NDArray[Any]) -> NDArray[Any]:
    return _chance(0.6 * x[:, 0] - 0.5 * x[:, 1] + 0.3 * x[:, 2])


LINEAR = Law(_linear_chance, lambda x: x[:, 0] + 0.6 * x[:, 1] + 0.5 * x[:, 3], lambda x: np.ones(len(x)), truth=1.0)
VARYING = Law(_linear_chance, lambda x: x[:, 0] + 0.6 * x[:, 1], lambda x: 0.5 + 0.7 * x[:, 0], truth=None)
BENT = Law(
    lambda x: _chance(0.9 * np.sin(1.2 * x[:, 0]) + 0.7 * np.cos(1.5 * x[:, 1])),
    lambda x: 1.2 * np.sin(1.2 * x[:, 0]) + np.cos(1.5 * x[:, 1]) + 0.4 * np.cos(x[:, 2]),
    lambda x: np.full(len(x), 0.5),
    truth=0.5,
)
YES_OR_NO = Law(
    _linear_chance,
    lambda x: -0.3 + 0.7 * x[:, 0] + 0.4 * x[:, 1] - 0.3 * x[:, 3],
    lambda x: 0.5 + 0.3 * x[:, 1],
    is_binary=True,
)
NOTHING = Law(_linear_chance, lambda x: -0.3 + 0.8 * x[:, 0] + 0.5 * x[:, 1], lambda x: np.zeros(len(x)), True, 0.0)
THIN = Law(
    lambda x: _chance(3.0 * x[:, 0] + 1.5 * x[:, 1]), lambda x: x[:, 0] + x[:, 1], lambda x: 1 + x[:, 0], truth=1.0
)


def lived_in(law: Law, *, seed: int, rows: int = ROWS, cluster_size: int = 1) -> dict[str, Any]:
    """One world's table; with clusters, members share covariates in part, and a shock of their own."""
    rng = np.random.default_rng(seed)
    count = -(-rows // cluster_size)
    company = np.repeat(np.arange(count), cluster_size)[:rows]
    x = rng.normal(size=(rows, 5))
    shock = np.zeros(rows)
    if cluster_size > 1:
        x = math.sqrt(0.5) * rng.normal(size=(count, 5))[company] + math.sqrt(0.5) * x
        shock = 0.7 * rng.normal(size=count)[company]
    treated = rng.random(rows) < law.chance(x)
    mean = law.without(x) + law.effect(x) * treated
    outcome = (
        (rng.random(rows) < _chance(mean)).astype(float) if law.is_binary else mean + shock + rng.normal(size=rows)
    )
    columns = {f"x{i}": x[:, i] for i in range(5)}
    return {"treated": treated, "outcome": outcome, "company": company, **columns}


def hidden_world(seed: int, *, rows: int = 1_000) -> dict[str, Any]:
    """Something unrecorded makes customers loyal and gets them answered first; it shows in what they did before."""
    rng = np.random.default_rng(seed)
    x, hidden = rng.normal(size=(rows, 5)), rng.normal(size=rows)
    treated = rng.random(rows) < _chance(0.4 * x[:, 0] + 0.8 * hidden)
    later = rng.random(rows) < _chance(0.4 * x[:, 0] + 0.8 * hidden)
    outcome = rng.random(rows) < _chance(-0.3 + 0.5 * x[:, 0] + 0.9 * hidden)
    before = rng.random(rows) < _chance(-0.5 + 0.4 * x[:, 1] + 0.9 * hidden)
    columns = {f"x{i}": x[:, i] for i in range(5)}
    return {"treated": treated, "outcome": outcome, "before": before, "later": later, **columns}


def recorded_world(seed: int, *, rows: int = 1_000) -> dict[str, Any]:
    """The same, with nothing hidden: the controls ought to show nothing."""
    table = hidden_world(seed, rows=rows)
    rng = np.random.default_rng(seed + 10_000_000)
    x = np.column_stack([table[f"x{i}"] for i in range(5)])
    table["treated"] = rng.random(rows) < _linear_chance(x)
    table["later"] = rng.random(rows) < _linear_chance(x)
    return table


def ask(table: dict[str, Any], *, splits: int = 20, estimand: str = "everybody", **choices: Any) -> Any:
    """The public question, without the benchmarks, which no interval needs."""
    from tenure.effect.observed_effects import observed

    return observed(
        table, treatment="treated", outcome="outcome", covariates=[f"x{i}" for i in range(5)], benchmarks=False,
        splits=splits, estimand=estimand, **choices,
    )  # fmt: skip


def _interval(table: dict[str, Any], **choices: Any) -> tuple[float, float]:
    answer = ask(table, **choices)
    return (answer.estimate.low, answer.estimate.high) if answer.is_identifiable else (math.nan, math.nan)


def estimator(
    name: str, law: Law, first_seed: int, *, estimand: str = "everybody", cluster_size: int = 1, **choices: Any
) -> Estimator:
    """The worlds of a law under one estimand; the truth is averaged once and remembered."""
    truths: list[float] = []
    asked = {"estimand": estimand, **({"cluster": "company"} if cluster_size > 1 else {}), **choices}

    def world(seed: int) -> tuple[Any, float]:
        if not truths:
            truths.append(law.mean_effect(of_the_treated=estimand != "everybody"))
        return lived_in(law, seed=seed, cluster_size=cluster_size), truths[0]

    return Estimator(name, world, lambda table: _interval(table, **asked), first_seed)


def estimators_with(**choices: Any) -> tuple[Estimator, ...]:
    """Every estimator, with these choices for `effect.observed`; seeds are fixed here."""
    treated: dict[str, Any] = {"estimand": "the treated", **choices}
    return (
        estimator("observed: linear", LINEAR, 41_000_000, **choices),
        estimator("observed: varying effect", VARYING, 42_000_000, **choices),
        estimator("observed: varying effect, on the treated", VARYING, 43_000_000, **treated),
        estimator("observed: bent", BENT, 44_000_000, **choices),
        estimator("observed: yes or no", YES_OR_NO, 45_000_000, **choices),
        estimator("observed: yes or no, on the treated", YES_OR_NO, 46_000_000, **treated),
        estimator("observed: nothing", NOTHING, 47_000_000, **choices),
        estimator("observed: clusters of four", LINEAR, 48_000_000, cluster_size=4, **choices),
    )


ESTIMATORS = estimators_with(splits=20)
