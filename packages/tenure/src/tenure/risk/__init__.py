"""Who is leaving: landmarks without a look ahead, guarded, calibrated, beside simpler models, and watched afterwards.

    from tenure import risk
    world = risk.landmarks(facts, recorded="recorded_at", activity=tenure.where(name="Order Completed"))
    model = risk.fit(world)                 # needs tenure[models]
    model.card                              # how good it is, on what, beside what
    scores = model.score(world.now)
    scores.reasons(1042)                    # associated with, never because

Contractual customers in a table: `risk.fit_table(table, label="Churn")`. Names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tenure.risk.cards import ModelCard
    from tenure.risk.definitions import Definition
    from tenure.risk.fitting import fit
    from tenure.risk.guarding import Guard
    from tenure.risk.hindsight_series import HindsightLine, HindsightSeries, hindsight_over_time
    from tenure.risk.hindsights import Hindsight, hindsight
    from tenure.risk.looking import Landmarks, landmarks, rows_at
    from tenure.risk.measures import Estimate, Measured
    from tenure.risk.models import Model
    from tenure.risk.reasons import Reason
    from tenure.risk.rows import Rows
    from tenure.risk.scores import Scores
    from tenure.risk.tabular import fit_table, rows_of_table
    from tenure.risk.watching import Drift, drift

_HOMES: Final = {
    "Definition": "definitions",
    "Drift": "watching",
    "Estimate": "measures",
    "Guard": "guarding",
    "Hindsight": "hindsights",
    "HindsightLine": "hindsight_series",
    "HindsightSeries": "hindsight_series",
    "Landmarks": "looking",
    "Measured": "measures",
    "Model": "models",
    "ModelCard": "cards",
    "Reason": "reasons",
    "Rows": "rows",
    "Scores": "scores",
    "drift": "watching",
    "fit": "fitting",
    "fit_table": "tabular",
    "hindsight": "hindsights",
    "hindsight_over_time": "hindsight_series",
    "landmarks": "looking",
    "rows_at": "looking",
    "rows_of_table": "tabular",
}

__all__ = [
    "Definition",
    "Drift",
    "Estimate",
    "Guard",
    "Hindsight",
    "HindsightLine",
    "HindsightSeries",
    "Landmarks",
    "Measured",
    "Model",
    "ModelCard",
    "Reason",
    "Rows",
    "Scores",
    "drift",
    "fit",
    "fit_table",
    "hindsight",
    "hindsight_over_time",
    "landmarks",
    "rows_at",
    "rows_of_table",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tenure.risk' has no attribute {name!r}")
    found = getattr(import_module(f"tenure.risk.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES))
