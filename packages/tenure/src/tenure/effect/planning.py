"""How many customers an experiment needs, what it can show by now, and how long it still takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from tenure.effect.assignment import checked_shares
from tenure.effect.errors import PlanUnclear
from tenure.effect.estimates import checked_level

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Plan:
    """To see an effect of `detect` with probability `power`: `needed` customers in all arms together.

    `smallest_now` is the effect that `so_far` customers show with that probability; None before there are any.
    `days_left` is None when nobody said how many come a day.
    """

    detect: float
    needed: int
    so_far: int
    smallest_now: float | None
    per_day: float | None
    power: float
    level: float
    is_share: bool

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.so_far)

    @property
    def days_left(self) -> int | None:
        return None if self.per_day is None else math.ceil(self.missing / self.per_day)

    @property
    def sentence(self) -> str:
        """How long still, in plain words."""
        effect = self._said(abs(self.detect))
        begin = f"To notice a difference of {effect} with {self.power:.0%} certainty takes {self.needed:,} customers"
        if not self.missing:
            return f"{begin}; {self.so_far:,} are there, so the experiment can be judged."
        more = f"; {self.missing:,} are still missing" if self.so_far else ""
        return f"{begin}{more}{'' if self.days_left is None else f', about {self.days_left:,} days'}."

    def table(self) -> pa.Table:
        """One line: detect, needed, so_far, missing, smallest_now, days_left."""
        import pyarrow as pa

        names = ("detect", "needed", "so_far", "missing", "smallest_now", "days_left")
        return pa.table({name: [getattr(self, name)] for name in names})

    def _repr_html_(self) -> str:
        from tenure.pages import page

        smallest = "" if self.smallest_now is None else self._said(self.smallest_now)
        body = [[self._said(self.detect), f"{self.needed:,}", f"{self.so_far:,}", smallest, f"{self.days_left or ''}"]]
        return page(
            self.sentence, ("effect", "customers needed", "so far", "smallest effect seen now", "days left"), body
        )

    def __repr__(self) -> str:
        return f"<Plan: {self.sentence}>"

    def _said(self, effect: float) -> str:
        return f"{100 * effect:.1f} points" if self.is_share else f"{effect:,.2f}"


def plan(
    *,
    detect: float,
    rate: float | None = None,
    spread: float | None = None,
    shares: Mapping[str, float] | None = None,
    so_far: int = 0,
    per_day: float | None = None,
    rho2: float = 0.0,
    design_effect: float = 1.0,
    comparisons: int = 1,
    power: float = 0.8,
    level: float = 0.95,
) -> Plan:
    """Plan before the first customer: `rate` is the share expected in control; `spread` an amount's standard deviation.

    N = (z₁₋α⸝₂ + z_power)²·(v₀/s₀ + v₁/s₁)/detect², with variances v and shares s of control and treated (the second
    arm); for a share v₁ is that of rate + detect. Covariates that explain `rho2` save that part; customers who come in
    clusters cost `design_effect` = 1 + (size − 1)·(likeness within). `comparisons` arms against control share α.
    """
    arms = dict(shares or {"control": 0.5, "treated": 0.5})
    checked_shares(arms)
    first, second = list(arms.values())[:2]
    if (rate is None) == (spread is None):
        raise PlanUnclear(why="give either rate=… (a share) or spread=… (the standard deviation of an amount)")
    if rate is not None and not (0 < rate < 1 and 0 < rate + detect < 1):
        raise PlanUnclear(why=f"a rate of {rate:g} and {detect:g} more are not both between 0 and 1")
    if not 0 <= rho2 < 1 or design_effect <= 0 or comparisons < 1 or (spread is not None and spread <= 0):
        raise PlanUnclear(why="rho2 is below 1, design_effect and spread above 0, comparisons at least 1")

    def variance(effect: float) -> float:
        each = (spread or 0) ** 2
        v0, v1 = (each, each) if rate is None else (rate * (1 - rate), _of_share(rate + effect))
        return (v0 / first + v1 / second) * (1 - rho2) * design_effect

    reach = _reach(detect, power=power, level=1 - (1 - level) / comparisons)
    smallest = None if not so_far else _smallest(variance, reach, so_far)
    needed = math.ceil(reach**2 * variance(detect) / detect**2)
    return Plan(detect, needed, so_far, smallest, _per_day(per_day), power, level, rate is not None)


def plan_on(
    *, detect: float, se: float, so_far: int, per_day: float | None, power: float, level: float, is_share: bool
) -> Plan:
    """Plan on with the standard error that `so_far` customers have given: it shrinks with the root of their number."""
    reach = _reach(detect, power=power, level=level)
    needed = math.ceil(so_far * (reach * se / detect) ** 2)
    return Plan(detect, needed, so_far, reach * se, _per_day(per_day), power, level, is_share)


def _reach(detect: float, *, power: float, level: float) -> float:
    if detect == 0 or not 0 < power < 1:
        raise PlanUnclear(why="detect is an effect other than 0, and power a probability between 0 and 1")
    normal = NormalDist()
    return normal.inv_cdf(0.5 + checked_level(level) / 2) + normal.inv_cdf(power)


def _smallest(variance: Callable[[float], float], reach: float, so_far: int) -> float:
    """The effect at which its own standard error fits; a few rounds, since a share's variance follows the share."""
    effect = 0.0
    for _ in range(50):
        effect = reach * math.sqrt(variance(effect) / so_far)
    return effect


def _of_share(share: float) -> float:
    inside = min(max(share, 0.0), 1.0)
    return max(inside * (1 - inside), 1e-12)


def _per_day(per_day: float | None) -> float | None:
    if per_day is not None and per_day <= 0:
        raise PlanUnclear(why="per_day is how many customers enter each day, above 0")
    return per_day
