"""Which contender is shipped: the simplest that is not beaten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tenure.risk.measures import Difference, Estimate, Measured
from tenure.risk.sentences import note

WORTH: Final = 0.005  # AUC; less is not worth a model that is harder to explain
_BETTER: Final = "better"


def choose(models: Sequence[str], differences: Sequence[Difference], *, worth: float = WORTH) -> tuple[str, str]:
    """The model to ship and why; `models` come simplest first.

    A more complex one takes over only when its AUC is higher by at least `worth` and the paired interval of the
    difference lies above zero.
    """
    found = {(difference.better, difference.than): difference.auc for difference in differences}
    shipped, why = models[0], []
    for model in models[1:]:
        gain = found[model, shipped]
        verdict = _verdict(gain, worth)
        figures = f"{gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"
        why.append(f"{_upper(model)} against {shipped}: AUC {figures}, {verdict}.")
        shipped = model if verdict == _BETTER else shipped
    return shipped, " ".join([*why, f"Shipped: {shipped}, the simplest that is not beaten."])


def chance_note(shipped: str, measures: Sequence[Measured]) -> tuple[str, ...]:
    """What must be said first of a model that cannot rank."""
    found = next(measured.auc for measured in measures if measured.model == shipped)
    if found.low > 0.5:
        return ()
    return (note("no-better-than-chance", auc=found),)


def _verdict(gain: Estimate, worth: float) -> str:
    if gain.low <= 0:
        return "not better beyond chance"
    return _BETTER if gain.value >= worth else f"less than the {worth:g} it would have to be worth"


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
