"""Scores: figures per customer with their intervals, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.value.delta import known
from tenure.value.fitted import Fitted
from tenure.value.histories import Histories, Opportunities, html_of
from tenure.value.units import checked_level, checked_span

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.value.leaving import Leaving
    from tenure.value.models.gamma_gamma import GammaGamma

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scores:
    """Per customer: P(alive) and the purchases expected in the next `within` units, with intervals.

    The intervals say how well these *expected* figures are known from the data; what one customer will do varies more.
    """

    customers: NDArray[Any]
    alive: Floats
    alive_low: Floats
    alive_high: Floats
    purchases: Floats
    purchases_low: Floats
    purchases_high: Floats
    within: float
    unit: str
    model: str
    level: float
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.alive)

    def table(self) -> pa.Table:
        """An Arrow table: customer, alive and purchases, each with low and high."""
        return columns_of(
            self, ("alive", "alive_low", "alive_high", "purchases", "purchases_low", "purchases_high")
        )  # fmt: skip

    def chart(self, **choices: Any) -> Any:
        """How many customers are how likely to be still there; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.alive(self, **choices)

    def _repr_html_(self) -> str:
        return html_of(self)

    def __repr__(self) -> str:
        there, bought = float(self.alive.sum()), float(self.purchases.sum())
        return (
            f"<Scores of {len(self):,} customers by {self.model}: {there:,.0f} still there, {bought:,.0f} purchases "
            f"expected in the next {self.within:g} {self.unit}s>"
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spend:
    """Per customer: the mean amount they are expected to spend a purchase, with its interval."""

    customers: NDArray[Any]
    spend: Floats
    spend_low: Floats
    spend_high: Floats
    level: float
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.spend)

    def table(self) -> pa.Table:
        """An Arrow table: customer, spend, spend_low, spend_high."""
        return columns_of(self, ("spend", "spend_low", "spend_high"))

    def chart(self, **choices: Any) -> Any:
        """How many customers are expected to spend how much a purchase; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.spends(self, **choices)

    def _repr_html_(self) -> str:
        return html_of(self)

    def __repr__(self) -> str:
        return f"<Spend of {len(self):,} customers: {float(self.spend.mean()):,.2f} a purchase>"


def score(model: Leaving, histories: Histories | Opportunities, *, within: float, level: float | None = None) -> Scores:
    """P(alive) and the purchases expected in the next `within` units of every customer, with intervals."""
    model.check_unit(histories)
    level = checked_level(model.level if level is None else level)
    span = checked_span(within, name="within")

    def figures(thetas: list[Floats]) -> dict[str, Floats]:
        alive = model.alive_at(thetas[0], histories)
        return {"alive": alive, "purchases": alive * model.if_there_at(thetas[0], histories, within=span, force=0.0)}

    found = known(figures, [model.block], scales={"alive": "logit", "purchases": "log"})
    alive, bought = found["alive"], found["purchases"]
    return Scores(
        histories.customers, alive.value, *alive.ends(level), bought.value, *bought.ends(level),
        within=span, unit=model.unit, model=model.MODEL, level=level, notes=(*model.notes, assumptions(model)),
    )  # fmt: skip


def score_spend(model: GammaGamma, histories: Histories, *, level: float | None = None) -> Spend:
    """The expected mean amount of every customer, with its interval."""
    level = checked_level(model.level if level is None else level)
    found = known(
        lambda thetas: {"spend": model.expected_at(thetas[0], histories)}, [model.block], scales={"spend": "log"}
    )["spend"]
    notes = (*model.notes, assumptions(model))
    return Spend(histories.customers, found.value, *found.ends(level), level=level, notes=notes)


def assumptions(*models: Fitted) -> str:
    """What has to be true for the figures to be, in a sentence."""
    return "Assumed: " + " ".join(model.ASSUMES for model in models)


def columns_of(shown: Any, names: tuple[str, ...]) -> pa.Table:
    """An Arrow table of the customer and the named columns."""
    import pyarrow as pa

    customers = shown.customers
    people = pa.array(customers.tolist() if customers.dtype == object else customers)
    return pa.table({"customer": people, **{name: pa.array(getattr(shown, name)) for name in names}})
