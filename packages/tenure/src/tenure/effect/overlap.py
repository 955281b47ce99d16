"""Is there anybody to compare with? Overlap, effective sample size and balance, each with its threshold.

Where a threshold is not met the answer is *not identifiable*: these data cannot say, however they are weighted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.observed_scores import CLIP, Estimand

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Limits:
    """When to refuse. Customers whose propensity lies outside `rare` … 1 − `rare` have no counterpart and are left out.

    At most `most_left_out` of them; each arm at least `fewest` customers, and weighted at least `least_effective` of
    them and `least_effective_share` of the smaller arm; each covariate's standardised mean difference after weighting
    at most `most_unbalanced`, or what chance does (`chance` standard errors) where groups are small, and never above
    `never_unbalanced`; the covariates may tell the arms apart with an area under the curve of at most `most_decided`.
    """

    rare: float = 0.03
    most_left_out: float = 0.10
    fewest: int = 20
    least_effective: float = 20.0
    least_effective_share: float = 0.25
    most_unbalanced: float = 0.10
    chance: float = 2.5
    never_unbalanced: float = 0.35
    most_decided: float = 0.95


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """How likely the treatment was for whom, by the covariates: propensities (median over splits) and what follows."""

    propensity: NDArray[np.float64]
    treated: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    effective_treated: float
    effective_untreated: float
    decided: float
    limits: Limits

    @property
    def left_out(self) -> int:
        """Customers without a counterpart."""
        return int((~self.kept).sum())

    @property
    def share_left_out(self) -> float:
        return self.left_out / len(self.kept)

    @property
    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """Lowest, median and highest propensity in each arm."""
        arms = {"treated": self.propensity[self.treated], "untreated": self.propensity[~self.treated]}
        return {arm: (float(p.min()), float(np.median(p)), float(p.max())) for arm, p in arms.items()}

    @property
    def problems(self) -> tuple[str, ...]:
        """What is too little, in sentences; empty when all is well."""
        limits, found = self.limits, []
        if self.decided > limits.most_decided:
            found.append(
                "what was known beforehand all but decides who is treated "
                f"(area under the curve {self.decided:.2f}, at most {limits.most_decided:g})"
            )
        if self.share_left_out > limits.most_left_out:
            found.append(
                f"{self.share_left_out:.0%} of customers have no counterpart: people like them were almost always, or "
                f"almost never, treated (at most {limits.most_left_out:.0%})"
            )
        arms = (
            ("treated", self.effective_treated, self.treated),
            ("untreated", self.effective_untreated, ~self.treated),
        )
        smaller = min(int((rows & self.kept).sum()) for _, _, rows in arms)
        needed = max(limits.least_effective, limits.least_effective_share * smaller)
        for arm, effective, _ in arms:
            if effective < needed:
                found.append(
                    f"once weighted to be alike, the {arm} count for only {effective:.0f} customers "
                    f"(at least {needed:.0f} are needed)"
                )
        return tuple(found)

    def table(self) -> pa.Table:
        """A line per arm: arm, customers, kept, effective, lowest, median, highest propensity."""
        import pyarrow as pa

        rows, effective = (self.treated, ~self.treated), (self.effective_treated, self.effective_untreated)
        low, middle, high = zip(*self.ranges.values(), strict=True)
        return pa.table({
            "arm": list(self.ranges), "customers": [int(arm.sum()) for arm in rows],
            "kept": [int((arm & self.kept).sum()) for arm in rows], "effective": list(effective),
            "lowest": low, "median": middle, "highest": high,
        })  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Standardised mean differences between the arms, before and after weighting; a line per covariate column."""

    labels: tuple[str, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    limit: float

    @property
    def worst(self) -> tuple[str, float]:
        """The covariate column furthest apart after weighting."""
        place = int(np.argmax(np.abs(self.after)))
        return self.labels[place], float(self.after[place])

    @property
    def problems(self) -> tuple[str, ...]:
        apart = [(label, d) for label, d in zip(self.labels, self.after, strict=True) if abs(d) > self.limit]
        if not apart:
            return ()
        named = ", ".join(f"{label} ({d:+.2f})" for label, d in sorted(apart, key=lambda one: -abs(one[1]))[:3])
        return (
            f"the groups stay different after weighting in {named} (at most ±{self.limit:.2f} standard deviations)",
        )

    def table(self) -> pa.Table:
        """A line per covariate column: covariate, before, after, in standard deviations."""
        import pyarrow as pa

        return pa.table({"covariate": list(self.labels), "before": self.before, "after": self.after})


def overlap_of(
    propensity: NDArray[np.float64], treated: NDArray[np.bool_], *, estimand: Estimand, limits: Limits = LIMITS
) -> Overlap:
    """Judge propensities[n]; for the treated only those matter who were almost certain to be treated."""
    low = limits.rare if estimand == "everybody" else 0.0
    kept = (propensity >= low) & (propensity <= 1 - limits.rare)
    weight = weights(propensity, treated, estimand=estimand)
    one, other = (_effective(weight[kept & arm]) for arm in (treated, ~treated))
    return Overlap(propensity, treated, kept, one, other, _area(propensity, treated), limits)


def balance_of(
    values: NDArray[np.float64],
    labels: tuple[str, ...],
    overlap: Overlap,
    *,
    estimand: Estimand,
) -> Balance:
    """Differences in means over the pooled standard deviation of the unweighted arms (Austin 2009)."""
    kept, treated, limits = overlap.kept, overlap.treated, overlap.limits
    weight = np.where(kept, weights(overlap.propensity, treated, estimand=estimand), 0.0)
    one, other = values[treated], values[~treated]
    scale = np.sqrt((one.var(axis=0) + other.var(axis=0)) / 2)
    scale = np.where(scale > 0, scale, 1.0)
    after = np.zeros(values.shape[1])
    if weight[treated].sum() > 0 and weight[~treated].sum() > 0:
        after = np.average(one, axis=0, weights=weight[treated]) - np.average(other, axis=0, weights=weight[~treated])
    with np.errstate(divide="ignore"):  # nobody has a counterpart: the limit is never reached, and overlap says why
        sizes = np.array([overlap.effective_treated, overlap.effective_untreated])
        by_chance = limits.chance * np.sqrt((1 / sizes).sum())
    limit = min(max(limits.most_unbalanced, float(by_chance)), limits.never_unbalanced)
    return Balance(labels, (one.mean(axis=0) - other.mean(axis=0)) / scale, after / scale, limit)


def weights(propensity: NDArray[np.float64], treated: NDArray[np.bool_], *, estimand: Estimand) -> NDArray[np.float64]:
    """What each customer counts for: 1/e and 1/(1 − e), or for the treated 1 and e/(1 − e)."""
    e = np.clip(propensity, CLIP, 1 - CLIP)
    if estimand == "everybody":
        return np.where(treated, 1 / e, 1 / (1 - e))
    return np.where(treated, 1.0, e / (1 - e))


def _effective(weight: NDArray[np.float64]) -> float:
    """Kish's effective sample size, (Σw)² / Σw²."""
    return float(weight.sum() ** 2 / (weight**2).sum()) if len(weight) else 0.0


def _area(propensity: NDArray[np.float64], treated: NDArray[np.bool_]) -> float:
    """The chance that a treated customer's propensity is above an untreated one's, ties counting half."""
    from scipy.stats import rankdata

    ranks = rankdata(propensity)
    one = int(treated.sum())
    return float((ranks[treated].sum() - one * (one + 1) / 2) / (one * (len(treated) - one)))
