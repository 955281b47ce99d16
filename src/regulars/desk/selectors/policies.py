"""The hours and targets in force, and those of any moment before."""

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from regulars.desk.hours import ALWAYS, Hours, same_every_day
from regulars.desk.hours.week import ALL_DAY
from regulars.desk.models import Policy as Row
from regulars.desk.targets import Policy, policy_from_json
from regulars.kernel import page_settings
from regulars.kernel.looking import Part

NOTHING = Policy()


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version by its moment; only those that are asked for are read."""

    moments: tuple[datetime, ...]
    ids: tuple[int, ...]

    def at(self, moment: datetime) -> tuple[int, Policy] | None:
        """The version of a moment; nothing before the first."""
        place = bisect_right(self.moments, moment) - 1
        return (self.ids[place], _read(self.ids[place], self.moments[place])) if place >= 0 else None

    @property
    def is_empty(self) -> bool:
        return not self.ids


def versions() -> Versions:
    """All versions there are."""
    return VERSIONS.now()


def _versions(text: str) -> Versions:
    rows = json.loads(text)
    return Versions(tuple(datetime.fromisoformat(at) for at, _ in rows), tuple(pk for _, pk in rows))


VERSIONS: Final = Part(
    "versions of the policy",
    "SELECT coalesce(json_agg(json_build_array(at, id) ORDER BY at, id), '[]') FROM desk_policy",
    _versions,
)


@dataclass(frozen=True, slots=True)
class InForce:
    """The present version: its number (0 before the first), the policy, since when and by whom."""

    number: int
    policy: Policy
    since: datetime | None = None
    by: str = ""


def in_force() -> InForce:
    """What holds now."""
    row = Row.objects.order_by("-at", "-pk").first()
    return InForce(row.pk, _read(row.pk, row.at), row.at, row.by) if row else InForce(0, NOTHING)


def usual_hours_at(known: Versions) -> Callable[[datetime], Hours]:
    """By which hours a moment's conversations without a target are measured; round the clock before any were set."""
    zone = page_settings.value("time_zone")
    always = Hours(zone, same_every_day([ALL_DAY], days=range(7)))

    def usual(moment: datetime) -> Hours:
        version = known.at(moment)
        return version[1].hours.get(version[1].usual, always) if version else always

    return usual


def office_hours() -> Hours:
    """The company's usual hours now, for whoever says when somebody is there."""
    now = in_force().policy
    return now.hours.get(now.usual, ALWAYS)


@lru_cache(maxsize=256)
def _read(number: int, at: datetime) -> Policy:
    """A version never changes, so it is read once a process; its moment guards against a number used anew."""
    return policy_from_json(Row.objects.values_list("content", flat=True).get(pk=number))
