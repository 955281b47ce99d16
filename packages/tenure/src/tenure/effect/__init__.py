"""What keeps them: experiments, holdouts, who to treat, and what was only observed, each with its interval and money.

    from tenure import effect
    answer = effect.experiment("holdout.parquet", customer="customer", arm="arm", outcome="retained", control="control")
    answer.sentence

Every answer names its evidence: randomised, adjusted or described. Names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tenure.effect.errors import EffectError
    from tenure.effect.evidence import EVIDENCE, Evidence

_HOMES: Final[dict[str, str]] = {
    "EVIDENCE": "evidence",
    "EffectError": "errors",
    "Evidence": "evidence",
}

__all__ = [
    "EVIDENCE",
    "EffectError",
    "Evidence",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tenure.effect' has no attribute {name!r}")
    found = getattr(import_module(f"tenure.effect.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES))
