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
    from tenure.value.bg_nbd import BgNbd, bg_nbd
    from tenure.value.gamma_gamma import GammaGamma, gamma_gamma
    from tenure.value.histories import Histories, Opportunities
    from tenure.value.reading import read_histories, read_opportunities
    from tenure.value.scores import Scores, Spend
    from tenure.value.summarising import summarise
    from tenure.value.worth import CostOfLosing, Worth, cost_of_losing, worth

_HOMES: Final[dict[str, str]] = {
    "summarise": "summarising",
    "read_histories": "reading",
    "read_opportunities": "reading",
    "Histories": "histories",
    "Opportunities": "histories",
    "bg_nbd": "bg_nbd",
    "BgNbd": "bg_nbd",
    "gamma_gamma": "gamma_gamma",
    "GammaGamma": "gamma_gamma",
    "Scores": "scores",
    "Spend": "scores",
    "worth": "worth",
    "Worth": "worth",
    "cost_of_losing": "worth",
    "CostOfLosing": "worth",
}

__all__ = [
    "BgNbd",
    "CostOfLosing",
    "GammaGamma",
    "Histories",
    "Opportunities",
    "Scores",
    "Spend",
    "Worth",
    "bg_nbd",
    "cost_of_losing",
    "gamma_gamma",
    "read_histories",
    "read_opportunities",
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
