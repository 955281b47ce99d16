"""A policy as it is kept in a row."""

from collections.abc import Mapping
from typing import Any

from regulars.desk.hours import as_json, from_json
from regulars.desk.targets.policy import Policy, Target

_CONDITIONS = ("priorities", "channels", "teams", "kinds", "labels")


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """The form in which a version is kept; `policy_from_json` gives back an equal one."""
    return {
        "hours": {name: as_json(hours) for name, hours in policy.hours.items()},
        "targets": [_target_to_json(target) for target in policy.targets],
        "usual": policy.usual,
        "warn_seconds": policy.warn_seconds,
    }


def policy_from_json(kept: Mapping[str, Any]) -> Policy:
    """A version out of its row."""
    return Policy(
        hours={name: from_json(hours) for name, hours in kept.get("hours", {}).items()},
        targets=tuple(_target_from_json(target) for target in kept.get("targets", ())),
        usual=kept.get("usual", ""),
        warn_seconds=kept.get("warn_seconds", 1800),
    )


def _target_to_json(target: Target) -> dict[str, Any]:
    conditions = {name: sorted(getattr(target, name)) for name in _CONDITIONS if getattr(target, name)}
    return {"name": target.name, "hours": target.hours, "seconds": dict(target.seconds), **conditions}


def _target_from_json(kept: Mapping[str, Any]) -> Target:
    conditions = {name: frozenset(kept.get(name, ())) for name in _CONDITIONS}
    return Target(name=kept["name"], hours=kept["hours"], seconds=dict(kept["seconds"]), **conditions)
