"""Who stays: five kinds of retention and the rates around them, from plain facts to frozen answers.

    import tenure
    answer = tenure.retention("orders.parquet", period="month", zone="Europe/London")
    answer.table("classic")

Names are imported when first used, so that `import tenure` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tenure.cohorts import retention, retention_of
    from tenure.conditions import Condition, Threshold, at_least, at_most, between, where
    from tenure.days import Days, reduce
    from tenure.errors import TenureError
    from tenure.intervals import wilson
    from tenure.kinds import KINDS, Kind
    from tenure.questions import Question
    from tenure.rates import (
        CustomerRetention,
        Rate,
        churn_rate,
        repeat_purchase_rate,
        retention_rate,
        retention_rate_of,
    )
    from tenure.results import Cells, Curve, Retention
    from tenure.survival import Survival, kaplan_meier
    from tenure.warming import warm

__version__ = "0.1.0"

_HOMES: Final[dict[str, str]] = {
    "retention": "cohorts",
    "retention_of": "cohorts",
    "Days": "days",
    "reduce": "days",
    "where": "conditions",
    "at_least": "conditions",
    "at_most": "conditions",
    "between": "conditions",
    "Condition": "conditions",
    "Threshold": "conditions",
    "wilson": "intervals",
    "kaplan_meier": "survival",
    "Survival": "survival",
    "retention_rate": "rates",
    "retention_rate_of": "rates",
    "churn_rate": "rates",
    "repeat_purchase_rate": "rates",
    "Rate": "rates",
    "CustomerRetention": "rates",
    "KINDS": "kinds",
    "Kind": "kinds",
    "Question": "questions",
    "Retention": "results",
    "Curve": "results",
    "Cells": "results",
    "TenureError": "errors",
    "warm": "warming",
}
_MODULES: Final = (
    "charts",
    "datasets",
    "effect",
    "engines",
    "errors",
    "lifecycle",
    "revenue",
    "risk",
    "survival",
    "value",
)

__all__ = [
    "KINDS",
    "Cells",
    "Condition",
    "Curve",
    "CustomerRetention",
    "Days",
    "Kind",
    "Question",
    "Rate",
    "Retention",
    "Survival",
    "TenureError",
    "Threshold",
    "at_least",
    "at_most",
    "between",
    "churn_rate",
    "kaplan_meier",
    "reduce",
    "repeat_purchase_rate",
    "retention",
    "retention_of",
    "retention_rate",
    "retention_rate_of",
    "warm",
    "where",
    "wilson",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"tenure.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'tenure' has no attribute {name!r}")
    found = getattr(import_module(f"tenure.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES))
