"""The channels as every page of the desk needs them: what they are called, what kind they are."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from regulars.kernel.looking import Part


@dataclass(frozen=True)
class Way:
    """One channel, in use or put away."""

    pk: int
    kind: str
    name: str
    address: str
    is_archived: bool


@dataclass(frozen=True)
class Ways:
    """Every channel, by name."""

    all: tuple[Way, ...]

    @cached_property
    def by_id(self) -> dict[int, Way]:
        return {way.pk: way for way in self.all}

    @cached_property
    def present(self) -> tuple[Way, ...]:
        """Those that are not put away."""
        return tuple(way for way in self.all if not way.is_archived)


WAYS: Final = Part(
    "channels",
    "SELECT coalesce(json_agg(json_build_array(id, kind, name, address, archived_at IS NOT NULL)"
    " ORDER BY name, id), '[]') FROM channels_channel",
    lambda text: Ways(tuple(Way(*row) for row in json.loads(text))),
)


def ways() -> Ways:
    """Every channel there is or was."""
    return WAYS.now()
