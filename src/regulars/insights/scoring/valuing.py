"""What customers are worth: BG/NBD and Gamma–Gamma over everybody's orders, twelve months ahead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.kernel.arrow import pc
from regulars.kernel.fact_names import ORDER_COMPLETED
from tenure import TenureError, value
from tenure.value import BgNbd, CostOfLosing, GammaGamma, Histories, Worth

HORIZON_WEEKS = 52
DISCOUNT = 0.1  # a year
Spend = GammaGamma | float


@dataclass(frozen=True, slots=True)
class ValueModel:
    """What was learnt of how often people order and for how much; `notes` say what to be careful of."""

    purchases: BgNbd
    spend: Spend
    notes: tuple[str, ...] = ()

    def worth(self, histories: Histories) -> Worth:
        """What each customer is expected to order for in the next twelve months."""
        return value.worth(
            histories, purchases=self.purchases, spend=self.spend, discount=DISCOUNT, horizon=HORIZON_WEEKS
        )

    def stakes(self, histories: Histories, leaves: np.ndarray, *, within_days: int) -> CostOfLosing:
        """What is at stake with each: P(leaves) × what they would order for if they stay."""
        return value.cost_of_losing(
            histories,
            purchases=self.purchases,
            spend=self.spend,
            leaves=leaves,
            within=within_days / 7,
            discount=DISCOUNT,
            horizon=HORIZON_WEEKS,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        spend = _fitted(self.spend) if isinstance(self.spend, GammaGamma) else self.spend
        return {"purchases": _fitted(self.purchases), "spend": spend, "notes": list(self.notes)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "ValueModel":
        """Read what `to_dict` wrote."""
        spend = stored["spend"]
        return cls(
            BgNbd(**_arrays(stored["purchases"])),
            spend if isinstance(spend, float) else GammaGamma(**_arrays(spend)),
            tuple(stored["notes"]),
        )


def orders_of(facts: pa.Table) -> pa.Table:
    """The orders among facts."""
    return facts.filter(pc.equal(facts["name"], ORDER_COMPLETED))


def histories_of(facts: pa.Table, *, until: datetime, zone: str) -> Histories:
    """Everybody's orders by distinct days, watched until a moment's day."""
    return value.summarise(
        orders_of(facts), customer="customer_id", time="occurred_at", amount="amount", zone=zone, observed_until=until
    )


def learn(histories: Histories) -> ValueModel:
    """Learn from everybody's histories; raises a TenureError whose words say why nothing can be."""
    purchases = value.bg_nbd(histories)
    spend, notes = _spend(histories)
    return ValueModel(purchases, spend, (*purchases.notes, *notes))


def _spend(histories: Histories) -> tuple[Spend, tuple[str, ...]]:
    """How much people spend; one figure for everybody where it cannot be told apart."""
    try:
        spend = value.gamma_gamma(histories)
        spend.refuse_unbounded()
    except TenureError as refusal:
        amounts = np.zeros(0) if histories.mean_amount is None else histories.mean_amount
        known = amounts[np.isfinite(amounts) & (amounts > 0)]
        if not len(known):
            raise
        return float(known.mean()), (f"Everybody is taken to spend the same: {refusal}",)
    return spend, spend.notes


def _fitted(model: BgNbd | GammaGamma) -> dict[str, Any]:
    return {
        "estimates": model.estimates.tolist(),
        "covariance": model.covariance.tolist(),
        "log_likelihood": model.log_likelihood,
        "customers": model.customers,
        "unit": model.unit,
        "level": model.level,
        "notes": list(model.notes),
    }


def _arrays(stored: dict[str, Any]) -> dict[str, Any]:
    arrays = {name: np.array(stored[name], np.float64) for name in ("estimates", "covariance")}
    return {**stored, **arrays, "notes": tuple(stored["notes"])}
