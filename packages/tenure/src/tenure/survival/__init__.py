"""Survival: how long customers stay, when some have not left yet.

`kaplan_meier` for the share still there, `log_rank` for whether groups differ, `cox` for what goes with leaving
sooner, `remaining_lifetime` for how much longer those who are still there will stay.
"""

from __future__ import annotations

from tenure.survival.comparing import LogRank, log_rank
from tenure.survival.curves import SurvivalCurve, curve_of
from tenure.survival.estimates import Survival, kaplan_meier
from tenure.survival.proportional import Cox, cox
from tenure.survival.remaining import RemainingLifetime, remaining_lifetime

__all__ = [
    "Cox",
    "LogRank",
    "RemainingLifetime",
    "Survival",
    "SurvivalCurve",
    "cox",
    "curve_of",
    "kaplan_meier",
    "log_rank",
    "remaining_lifetime",
]
