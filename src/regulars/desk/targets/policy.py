"""A policy: hours by name and targets in order; the first target that fits a conversation holds for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from regulars.desk.hours import ALWAYS, Hours
from regulars.desk.targets.errors import TargetNotUsable, UnknownHours

FIRST, NEXT, RESOLUTION = "first", "next", "resolution"
KINDS = (FIRST, NEXT, RESOLUTION)
LONGEST = 366 * 24 * 3600


class Case(NamedTuple):
    """What a target may ask about a conversation. `labels` are its own and its customer's."""

    priority: int | None = None
    channel_id: int | None = None
    team_id: int | None = None
    kind: str = ""
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised to conversations that fit; empty conditions fit all, several in one mean any of them.

    Seconds are business seconds by `hours`; a kind that is absent from `seconds` is not promised.
    """

    name: str
    hours: str
    seconds: Mapping[str, int] = field(default_factory=dict)
    priorities: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for kind, seconds in self.seconds.items():
            if kind not in KINDS or not 60 <= seconds <= LONGEST:
                raise TargetNotUsable

    def fits(self, case: Case) -> bool:
        """Whether every condition that is given holds."""
        wanted = {label.casefold() for label in self.labels}
        return (
            (not self.priorities or case.priority in self.priorities)
            and (not self.channels or case.channel_id in self.channels)
            and (not self.teams or case.team_id in self.teams)
            and (not self.kinds or case.kind in self.kinds)
            and (not wanted or not wanted.isdisjoint(label.casefold() for label in case.labels))
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of all hours and targets; never changed, only followed by another.

    `usual` names the hours by which conversations without a target are measured. A warning comes
    `warn_seconds` of plain time before a breach, but not before half of the target.
    """

    hours: Mapping[str, Hours] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    usual: str = ""
    warn_seconds: int = 1800

    def __post_init__(self) -> None:
        named = {target.hours for target in self.targets} | ({self.usual} if self.usual else set())
        if named - self.hours.keys():
            raise UnknownHours
        if not 0 <= self.warn_seconds <= LONGEST:
            raise TargetNotUsable

    def target_for(self, case: Case) -> Target | None:
        """The first target that fits."""
        return next((target for target in self.targets if target.fits(case)), None)

    def hours_for(self, case: Case) -> Hours:
        """The hours of the target that fits, else the usual ones, else round the clock."""
        target = self.target_for(case)
        return self.hours.get(target.hours if target else self.usual, ALWAYS)

    def conditions(self) -> Iterator[str]:
        """Which conditions any target has, so that nobody looks up what no target asks."""
        for name in ("priorities", "channels", "teams", "kinds", "labels"):
            if any(getattr(target, name) for target in self.targets):
                yield name
