"""How strong would something unrecorded have to be? E-values and omitted-variable robustness.

VanderWeele and Ding, "Sensitivity analysis in observational research" (Annals of Internal Medicine 167, 2017);
Chernozhukov, Cinelli, Newey, Sharma and Syrgkanis, "Long story short: omitted variable bias in causal machine
learning" (2022), whose robustness value is that of Cinelli and Hazlett (JRSS B 82, 2020) for a linear model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenure.effect.observed_scores import Scored

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One observed covariate left out on purpose: what share it explains, and how far as strong a stranger could pull.

    `of_outcome` is the share of what is left of the outcome, `of_treatment` the gain in the weights' variance;
    `pull` the most that something exactly as strong could move the estimate; `moved` how far leaving it out did.
    """

    covariate: str
    of_outcome: float
    of_treatment: float
    pull: float
    moved: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What it would take to explain the estimate away.

    `e_value`: the risk ratio with both treatment and outcome that something unrecorded would need, beyond everything
    adjusted for; `e_value_interval` the same for the end of the interval nearest to nothing (1: it already includes
    nothing). `robustness`: the share of what is left of both the treatment and the outcome it would need to explain;
    `robustness_interval` the same until the interval includes nothing (0: it already does).
    """

    e_value: float
    e_value_interval: float
    robustness: float
    robustness_interval: float
    benchmarks: tuple[Benchmark, ...] = ()

    @property
    def strongest(self) -> Benchmark | None:
        """The observed covariate whose double could pull furthest."""
        return max(self.benchmarks, key=lambda one: one.pull, default=None)

    def table(self) -> pa.Table:
        """A line per observed covariate: covariate, of_outcome, of_treatment, pull, moved."""
        import pyarrow as pa

        names = ("covariate", "of_outcome", "of_treatment", "pull", "moved")
        return pa.table({name: [getattr(one, name) for one in self.benchmarks] for name in names})


def sensitivity_of(
    found: Scored, *, reach: float, spread: float | None, benchmarks: Sequence[Benchmark] = ()
) -> Sensitivity:
    """`reach` is half the interval's width; `spread` the outcome's standard deviation, or None when it is binary."""
    ratio = _ratios(found, reach=reach, spread=spread)
    nearest = max(0.0, abs(found.value) - reach)
    return Sensitivity(
        e_value(ratio[0]),
        e_value(ratio[1]) if nearest > 0 else 1.0,
        robustness_value(found.value / found.leverage),
        robustness_value(nearest / found.leverage),
        tuple(benchmarks),
    )


def e_value(ratio: float) -> float:
    """RR + sqrt(RR·(RR − 1)), for a ratio below 1 that of its inverse; NaN when there is no ratio."""
    if math.isnan(ratio) or ratio <= 0:
        return math.nan
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


def robustness_value(strength: float) -> float:
    """The r at which r/sqrt(1 − r) = |strength|: ½(sqrt(f⁴ + 4f²) − f²)."""
    f2 = strength * strength
    return (math.sqrt(f2 * f2 + 4 * f2) - f2) / 2


def benchmarked(covariate: str, *, full: Scored, less: Scored) -> Benchmark:
    """Compare the estimate with and without one covariate; a negative gain is chance and counts as none."""
    of_outcome = min(1.0, max(0.0, less.outcome_noise / full.outcome_noise - 1))
    of_treatment = max(0.0, full.weight_size / less.weight_size - 1)
    pull = full.leverage * math.sqrt(of_outcome * of_treatment)
    return Benchmark(covariate, of_outcome, of_treatment, pull, less.value - full.value)


def _ratios(found: Scored, *, reach: float, spread: float | None) -> tuple[float, float]:
    """The risk ratio and its limit nearest to 1; a difference in means d = θ/σ counts as exp(0.91 d)."""
    if spread is not None:
        scale = 0.91 / spread if spread > 0 else math.nan
        logged, half = found.value * scale, reach * scale
    else:
        logged, half = found.log_ratio, reach / found.error * found.log_ratio_error if found.error > 0 else 0.0
    if math.isnan(logged):
        return math.nan, math.nan
    return math.exp(abs(logged)), math.exp(max(0.0, abs(logged) - half))
