"""A policy with one thing changed; the policy itself stays as it is."""

from dataclasses import replace

from regulars.desk.hours import Hours
from regulars.desk.targets.errors import HoursInUse, NameTaken
from regulars.desk.targets.policy import Policy, Target


def with_hours(policy: Policy, *, name: str, hours: Hours, was: str = "") -> Policy:
    """Hours added, or in place of those called `was`; the first ones become the usual ones."""
    if name != was and name in policy.hours:
        raise NameTaken
    kept = {known: held for known, held in policy.hours.items() if known != was}
    targets = tuple(replace(one, hours=name) if one.hours == was else one for one in policy.targets)
    usual = name if policy.usual in ("", was) else policy.usual
    return replace(policy, hours={**kept, name: hours}, targets=targets, usual=usual)


def without_hours(policy: Policy, name: str) -> Policy:
    """Hours taken away that no target counts by and that are not the usual ones, unless they are the last."""
    if any(target.hours == name for target in policy.targets) or (policy.usual == name and len(policy.hours) > 1):
        raise HoursInUse
    kept = {known: hours for known, hours in policy.hours.items() if known != name}
    return replace(policy, hours=kept, usual=policy.usual if policy.usual in kept else "")


def with_target(policy: Policy, target: Target, *, place: int | None = None) -> Policy:
    """A target put at its place, or added at the end."""
    targets = list(policy.targets)
    if place is None:
        targets.append(target)
    else:
        targets[place] = target
    return replace(policy, targets=tuple(targets))


def without_target(policy: Policy, place: int) -> Policy:
    """A target taken away; clocks that run for it go on to their end."""
    return replace(policy, targets=tuple(one for number, one in enumerate(policy.targets) if number != place))


def moved_up(policy: Policy, place: int) -> Policy:
    """A target asked one place earlier; the first one stays first."""
    targets = list(policy.targets)
    if 0 < place < len(targets):
        targets[place - 1], targets[place] = targets[place], targets[place - 1]
    return replace(policy, targets=tuple(targets))
