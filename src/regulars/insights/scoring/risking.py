"""Who is leaving: learnt from landmarks of the past, without a look ahead."""

from typing import Any

import pyarrow as pa

import tenure
from regulars.kernel.fact_names import ORDER_COMPLETED
from tenure import risk

HORIZON_DAYS, GAP_DAYS, ACTIVE_DAYS = 60, 14, 90
ACTIVITY = tenure.where(name=ORDER_COMPLETED)
_COLUMNS: dict[str, Any] = {
    "customer": "customer_id",
    "time": "occurred_at",
    "recorded": "recorded_at",
    "name": "name",
    "amount": "amount",
    "activity": ACTIVITY,
}


def learn(facts: pa.Table, *, as_of: Any, zone: str) -> tuple[risk.Model, risk.Rows]:
    """A model, and everybody it is asked about now. Raises a TenureError that says why nothing can be told."""
    world = risk.landmarks(
        facts, **_COLUMNS, horizon_days=HORIZON_DAYS, gap_days=GAP_DAYS, active_days=ACTIVE_DAYS, as_of=as_of,
        zone=zone, noun="order",
    )  # fmt: skip
    return risk.fit(world), world.now


def rows_at(facts: pa.Table, model: risk.Model, *, at: Any) -> risk.Rows:
    """Rows of the customers whose facts these are, as they looked at a moment."""
    definition = model.card.definition
    assert definition is not None  # landmarks always define what leaving is
    return risk.rows_at(facts, **_COLUMNS, definition=definition, at=at)
