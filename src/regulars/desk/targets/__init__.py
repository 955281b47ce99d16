"""Targets: what is promised to everybody, and when it comes due. Pure values; rows are made elsewhere."""

from regulars.desk.targets.due import Running, falls_due, running_spans
from regulars.desk.targets.policy import FIRST, KINDS, NEXT, RESOLUTION, Case, Policy, Target
from regulars.desk.targets.promising import Promised, promised
from regulars.desk.targets.words import policy_from_json, policy_to_json

__all__ = [
    "FIRST",
    "KINDS",
    "NEXT",
    "RESOLUTION",
    "Case",
    "Policy",
    "Promised",
    "Running",
    "Target",
    "falls_due",
    "policy_from_json",
    "policy_to_json",
    "promised",
    "running_spans",
]
