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
    from tenure.effect.assignment import Allocation
    from tenure.effect.errors import EffectError
    from tenure.effect.evidence import EVIDENCE, Evidence
    from tenure.effect.experiments import experiment
    from tenure.effect.money import Gain, Worth, gain
    from tenure.effect.ratio import RatioTest, sample_ratio
    from tenure.effect.results import Comparison, Experiment
    from tenure.effect.sequences import Watch, watch

_HOMES: Final[dict[str, str]] = {
    "Allocation": "assignment",
    "Comparison": "results",
    "EVIDENCE": "evidence",
    "EffectError": "errors",
    "Evidence": "evidence",
    "Experiment": "results",
    "Gain": "money",
    "RatioTest": "ratio",
    "Watch": "sequences",
    "Worth": "money",
    "experiment": "experiments",
    "gain": "money",
    "sample_ratio": "ratio",
    "watch": "sequences",
}

__all__ = [
    "EVIDENCE",
    "Allocation",
    "Comparison",
    "EffectError",
    "Evidence",
    "Experiment",
    "Gain",
    "RatioTest",
    "Watch",
    "Worth",
    "experiment",
    "gain",
    "sample_ratio",
    "watch",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tenure.effect' has no attribute {name!r}")
    found = getattr(import_module(f"tenure.effect.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES))
