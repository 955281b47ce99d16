"""What a customer is worth: who is still there, how often they will buy, for how much, and what losing one costs.

    from tenure import value
    histories = value.summarise("orders.parquet", amount="total", observed_until="2026-06-30")
    purchases, spend = value.bg_nbd(histories), value.gamma_gamma(histories)
    value.worth(histories, purchases=purchases, spend=spend, margin=0.3, discount=0.1).table()

Names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tenure.value.histories import Histories, Opportunities
    from tenure.value.models.bg_bb import BgBb, bg_bb
    from tenure.value.models.bg_nbd import BgNbd, bg_nbd
    from tenure.value.models.gamma_gamma import GammaGamma, gamma_gamma
    from tenure.value.models.pareto_nbd import ParetoNbd, pareto_nbd
    from tenure.value.models.sbg import Sbg, sbg, sbg_of
    from tenure.value.reading import read_histories, read_opportunities
    from tenure.value.scores import Scores, Spend
    from tenure.value.summarising import summarise
    from tenure.value.valuing import CostOfLosing, Worth, cost_of_losing, worth

_HOMES: Final[dict[str, str]] = {
    "summarise": "summarising",
    "read_histories": "reading",
    "read_opportunities": "reading",
    "Histories": "histories",
    "Opportunities": "histories",
    "bg_bb": "models.bg_bb",
    "BgBb": "models.bg_bb",
    "bg_nbd": "models.bg_nbd",
    "BgNbd": "models.bg_nbd",
    "pareto_nbd": "models.pareto_nbd",
    "ParetoNbd": "models.pareto_nbd",
    "gamma_gamma": "models.gamma_gamma",
    "GammaGamma": "models.gamma_gamma",
    "sbg": "models.sbg",
    "sbg_of": "models.sbg",
    "Sbg": "models.sbg",
    "Scores": "scores",
    "Spend": "scores",
    "worth": "valuing",
    "Worth": "valuing",
    "cost_of_losing": "valuing",
    "CostOfLosing": "valuing",
}

__all__ = [
    "BgBb",
    "BgNbd",
    "CostOfLosing",
    "GammaGamma",
    "Histories",
    "Opportunities",
    "ParetoNbd",
    "Sbg",
    "Scores",
    "Spend",
    "Worth",
    "bg_bb",
    "bg_nbd",
    "cost_of_losing",
    "gamma_gamma",
    "pareto_nbd",
    "read_histories",
    "read_opportunities",
    "sbg",
    "sbg_of",
    "summarise",
    "worth",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tenure.value' has no attribute {name!r}")
    found = getattr(import_module(f"tenure.value.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES))
