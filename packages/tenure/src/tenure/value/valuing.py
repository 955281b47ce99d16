"""Residual lifetime value, and what losing a customer costs: purchases to come × what they spend × the margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.errors import LengthsDiffer
from tenure.value.delta import Blocks, known
from tenure.value.errors import ChoiceBad
from tenure.value.fitted import Fitted
from tenure.value.histories import Histories, html_of
from tenure.value.leaving import Leaving
from tenure.value.models.gamma_gamma import GammaGamma
from tenure.value.scores import assumptions, columns_of
from tenure.value.units import checked_level, checked_span

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Worth:
    """Per customer, in the money of the amounts: `residual` = alive × `if_they_stay`, both with intervals.

    `if_they_stay` is the expected discounted margin of what a customer will still buy, given that they have not left
    by the end of watching; `purchases` are the discounted purchases in it and `spend` the mean amount of each.
    Intervals say how well the expected figures are known; what one customer will do varies more.
    """

    customers: NDArray[Any]
    alive: Floats
    purchases: Floats
    spend: Floats
    if_they_stay: Floats
    if_they_stay_low: Floats
    if_they_stay_high: Floats
    residual: Floats
    residual_low: Floats
    residual_high: Floats
    total: float
    total_low: float
    total_high: float
    margin: float
    discount: float
    horizon: float | None
    unit: str
    level: float
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.residual)

    def table(self) -> pa.Table:
        """An Arrow table, a line per customer."""
        return columns_of(
            self,
            ("alive", "purchases", "spend", "if_they_stay", "if_they_stay_low", "if_they_stay_high",
             "residual", "residual_low", "residual_high"),
        )  # fmt: skip

    def chart(self, **choices: Any) -> Any:
        """Which share of the residual value how few customers hold; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.concentration(self, **choices)

    def _repr_html_(self) -> str:
        return html_of(self)

    def __repr__(self) -> str:
        return (
            f"<Worth of {len(self):,} customers: {self.total:,.0f} in all ({self.level:.0%} interval "
            f"{self.total_low:,.0f} to {self.total_high:,.0f}), {_terms(self)}>"
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CostOfLosing:
    """Per customer, in the money of the amounts: `stake` = P(leaves within the horizon) × `if_they_stay`.

    `total` is what is expected to be lost within the horizon if nothing is done.
    """

    customers: NDArray[Any]
    leaves: Floats
    if_they_stay: Floats
    if_they_stay_low: Floats
    if_they_stay_high: Floats
    stake: Floats
    stake_low: Floats
    stake_high: Floats
    total: float
    total_low: float
    total_high: float
    within: float
    unit: str
    level: float
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.stake)

    def table(self) -> pa.Table:
        """An Arrow table, a line per customer."""
        return columns_of(
            self,
            ("leaves", "if_they_stay", "if_they_stay_low", "if_they_stay_high", "stake", "stake_low", "stake_high"),
        )

    def chart(self, **choices: Any) -> Any:
        """The largest stakes with their intervals; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.stakes(self, **choices)

    def _repr_html_(self) -> str:
        return html_of(self)

    def __repr__(self) -> str:
        return (
            f"<CostOfLosing {len(self):,} customers: {self.total:,.0f} at stake within {self.within:g} {self.unit}s "
            f"({self.level:.0%} interval {self.total_low:,.0f} to {self.total_high:,.0f})>"
        )


def worth(
    histories: Histories,
    *,
    purchases: Leaving,
    spend: GammaGamma | float | Any,
    margin: float = 1.0,
    discount: float = 0.1,
    horizon: float | None = None,
    level: float | None = None,
) -> Worth:
    """Residual lifetime value of every customer, with intervals.

    `purchases` is a fitted bg_nbd, pareto_nbd or bg_bb; `spend` a fitted gamma_gamma, one amount for everybody, or an
    array of one per customer; `margin` the share of an amount that is gained. Money later is worth less by `discount`
    a year. `horizon=None` looks ahead without end (and needs a discount), else that many of the histories' units.
    """
    question = _Question(histories, purchases, spend, margin, purchases.ahead(horizon, discount))
    level = checked_level(purchases.level if level is None else level)
    found = known(question.figures, question.blocks, scales=_SCALES, weight=histories.weight)
    there, residual = found["if_they_stay"], found["residual"]
    return Worth(
        histories.customers, *question.now(), question.spent(question.thetas),
        there.value, *there.ends(level), residual.value, *residual.ends(level),
        residual.total, *residual.total_ends(level), margin=margin, discount=discount, horizon=horizon,
        unit=purchases.unit, level=level, notes=question.notes,
    )  # fmt: skip


def cost_of_losing(
    histories: Histories,
    *,
    purchases: Leaving,
    spend: GammaGamma | float | Any,
    within: float,
    leaves: Any = None,
    margin: float = 1.0,
    discount: float = 0.1,
    horizon: float | None = None,
    level: float | None = None,
) -> CostOfLosing:
    """What each customer's leaving within the next `within` units would cost: the stake, with its interval.

    The stake is P(leaves within) × residual value if they stay, where "if they stay" means that they have not left by
    the end of watching. `leaves` may be given by a risk model, one probability per customer, and is then taken as
    exact; left out, it is the purchase model's P(still there now, gone `within` units later). Whoever has left
    already costs nothing more. The other choices are those of `worth`.
    """
    question = _Question(histories, purchases, spend, margin, purchases.ahead(horizon, discount))
    level = checked_level(purchases.level if level is None else level)
    span = checked_span(within, name="within")
    given = None if leaves is None else _probabilities(leaves, len(histories))

    def figures(thetas: list[Floats]) -> dict[str, Floats]:
        there = question.if_they_stay(thetas)
        gone = question.leaves(thetas, within=span) if given is None else given
        return {"leaves": gone, "if_they_stay": there, "stake": gone * there}

    scales = {"leaves": "logit", "if_they_stay": "log", "stake": "log"}
    found = known(figures, question.blocks, scales=scales, weight=histories.weight)
    there, stake = found["if_they_stay"], found["stake"]
    return CostOfLosing(
        histories.customers, found["leaves"].value, there.value, *there.ends(level),
        stake.value, *stake.ends(level), stake.total, *stake.total_ends(level),
        within=span, unit=purchases.unit, level=level, notes=question.notes,
    )  # fmt: skip


_SCALES = {"if_they_stay": "log", "residual": "log"}


class _Question:
    """The models and terms of one question, as functions of the parameters."""

    def __init__(self, histories: Histories, purchases: Leaving, spend: Any, margin: float, ahead: Any) -> None:
        purchases.check_unit(histories)
        if not (isinstance(margin, (int, float)) and np.isfinite(margin) and margin > 0):
            raise ChoiceBad(name="margin", value=margin, why="it is a share above 0, such as 0.3")
        self.histories, self.purchases, self.spend, self.margin, self.ahead = histories, purchases, spend, margin, ahead
        models: list[Fitted] = [purchases]
        if isinstance(spend, GammaGamma):
            models.append(spend)
            spend.expected(histories)  # refuse before the work
        else:
            self.spend = _amounts(spend, len(histories))
        self.blocks: Blocks = [model.block for model in models]
        self.thetas = [model.estimates for model in models]
        self.notes = (*dict.fromkeys(note for model in models for note in model.notes), assumptions(*models))
        self._kept: dict[str, Floats] = {}

    def spent(self, thetas: list[Floats]) -> Floats:
        if isinstance(self.spend, GammaGamma):
            return self.spend.expected_at(thetas[1], self.histories)
        return self.spend

    def bought(self, theta: Floats) -> Floats:
        return self._once("bought", theta, lambda: self.purchases.if_there_at(theta, self.histories, **self.ahead))

    def alive(self, theta: Floats) -> Floats:
        return self._once("alive", theta, lambda: self.purchases.alive_at(theta, self.histories))

    def if_they_stay(self, thetas: list[Floats]) -> Floats:
        return self.bought(thetas[0]) * self.spent(thetas) * self.margin

    def leaves(self, thetas: list[Floats], *, within: float) -> Floats:
        stays = self._once(
            "stays", thetas[0], lambda: self.purchases.stays_at(thetas[0], self.histories, within=within)
        )
        return self.alive(thetas[0]) * (1 - stays)

    def figures(self, thetas: list[Floats]) -> dict[str, Floats]:
        there = self.if_they_stay(thetas)
        return {"if_they_stay": there, "residual": self.alive(thetas[0]) * there}

    def now(self) -> tuple[Floats, Floats]:
        """P(alive) and the purchases to come at the estimates, which are told without intervals of their own."""
        return self.alive(self.thetas[0]), self.bought(self.thetas[0])

    def _once(self, name: str, theta: Floats, work: Any) -> Floats:
        """Worked out once where only the spend model's parameters move."""
        if not np.array_equal(theta, self.thetas[0]):
            return work()
        if name not in self._kept:
            self._kept[name] = work()
        return self._kept[name]


def _amounts(spend: Any, count: int) -> Floats:
    amounts = np.asarray(spend, np.float64)
    if amounts.ndim and len(amounts) != count:
        raise LengthsDiffer(left="spend", left_length=len(amounts), right="the histories", right_length=count)
    if not np.isfinite(amounts).all() or (amounts < 0).any():
        raise ChoiceBad(name="spend", value="an amount", why="amounts are finite and 0 or more")
    return np.broadcast_to(amounts, (count,))


def _probabilities(leaves: Any, count: int) -> Floats:
    chances = np.asarray(leaves, np.float64)
    if chances.shape != (count,):
        raise LengthsDiffer(left="leaves", left_length=chances.size, right="the histories", right_length=count)
    if not ((chances >= 0) & (chances <= 1)).all():
        raise ChoiceBad(name="leaves", value="a probability", why="probabilities are from 0 to 1")
    return chances


def _terms(shown: Worth) -> str:
    ahead = "without end" if shown.horizon is None else f"over the next {shown.horizon:g} {shown.unit}s"
    return f"{ahead}, {shown.discount:.0%} a year off, margin {shown.margin:.0%}"
