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
    from tenure.effect.controls import NegativeControl, activity_before, next_treatment
    from tenure.effect.errors import EffectError
    from tenure.effect.evidence import EVIDENCE, Evidence
    from tenure.effect.experiments import experiment
    from tenure.effect.money import Gain, Worth, gain
    from tenure.effect.observed_effects import observed
    from tenure.effect.observed_results import NotIdentifiable, Observed
    from tenure.effect.observed_service import FirstConversations, first_conversations, service_on_retention
    from tenure.effect.overlap import Limits
    from tenure.effect.planning import Plan, plan
    from tenure.effect.ratio import RatioTest, sample_ratio
    from tenure.effect.results import Comparison, Experiment
    from tenure.effect.sensitivity import e_value, robustness_value
    from tenure.effect.sequences import Watch, watch
    from tenure.effect.uplift import who_to_treat
    from tenure.effect.uplift_results import Uplift

_HOMES: Final[dict[str, str]] = {
    "EVIDENCE": "evidence",
    "Allocation": "assignment",
    "Comparison": "results",
    "EffectError": "errors",
    "Evidence": "evidence",
    "Experiment": "results",
    "FirstConversations": "observed_service",
    "Gain": "money",
    "Limits": "overlap",
    "NegativeControl": "controls",
    "NotIdentifiable": "observed_results",
    "Observed": "observed_results",
    "Plan": "planning",
    "RatioTest": "ratio",
    "Uplift": "uplift_results",
    "Watch": "sequences",
    "Worth": "money",
    "activity_before": "controls",
    "e_value": "sensitivity",
    "experiment": "experiments",
    "first_conversations": "observed_service",
    "gain": "money",
    "next_treatment": "controls",
    "observed": "observed_effects",
    "plan": "planning",
    "robustness_value": "sensitivity",
    "sample_ratio": "ratio",
    "service_on_retention": "observed_service",
    "watch": "sequences",
    "who_to_treat": "uplift",
}

__all__ = [
    "EVIDENCE",
    "Allocation",
    "Comparison",
    "EffectError",
    "Evidence",
    "Experiment",
    "FirstConversations",
    "Gain",
    "Limits",
    "NegativeControl",
    "NotIdentifiable",
    "Observed",
    "Plan",
    "RatioTest",
    "Uplift",
    "Watch",
    "Worth",
    "activity_before",
    "e_value",
    "experiment",
    "first_conversations",
    "gain",
    "next_treatment",
    "observed",
    "plan",
    "robustness_value",
    "sample_ratio",
    "service_on_retention",
    "watch",
    "who_to_treat",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tenure.effect' has no attribute {name!r}")
    found = getattr(import_module(f"tenure.effect.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES))
