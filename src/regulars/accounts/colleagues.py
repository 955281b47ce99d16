"""Colleagues and teams as pages show them: who may answer, who is in which team, what is hidden from whom."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from regulars.accounts import roles
from regulars.kernel.looking import Part, Shared, SharedWords


@dataclass(frozen=True)
class Colleague:
    """One colleague, present or former."""

    pk: int
    name: str
    email: str
    role: str
    is_active: bool

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, capability: str) -> bool:
        """Whether they have access, and their role the capability."""
        return self.is_active and roles.is_allowed(self.role, capability)


@dataclass(frozen=True)
class Crew:
    """One team."""

    pk: int
    name: str
    is_open: bool
    is_archived: bool
    members: frozenset[int]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Colleagues:
    """All of them: those with access first, then by name."""

    all: tuple[Colleague, ...]

    @cached_property
    def by_id(self) -> dict[int, Colleague]:
        return {one.pk: one for one in self.all}

    @cached_property
    def names(self) -> dict[int, str]:
        return {one.pk: str(one) for one in self.all}

    @cached_property
    def answering(self) -> tuple[Colleague, ...]:
        """Those who may answer conversations."""
        return tuple(one for one in self.all if one.may("answer"))

    def answering_before(self, agent_id: int | None) -> Shared[Colleague]:
        """The same, by name after this one."""
        known = self._before.get(agent_id)
        if known is None:
            ordered = sorted(self.answering, key=lambda one: (one.pk != agent_id, str(one).casefold()))
            known = self._before[agent_id] = Shared(ordered)
        return known

    @cached_property
    def _before(self) -> dict[int | None, Shared[Colleague]]:
        return {}


@dataclass(frozen=True)
class Crews:
    """Every team by name, those put away too."""

    all: tuple[Crew, ...]

    @cached_property
    def present(self) -> tuple[Crew, ...]:
        """Those that are not put away."""
        return tuple(team for team in self.all if not team.is_archived)

    @cached_property
    def names(self) -> SharedWords[int, str]:
        """What the present ones are called, by key."""
        return SharedWords({team.pk: team.name for team in self.present})

    @cached_property
    def by_id(self) -> dict[int, Crew]:
        return {team.pk: team for team in self.all}

    def of(self, agent_id: int | None) -> tuple[Crew, ...]:
        """The present teams somebody is in."""
        return tuple(team for team in self.present if agent_id in team.members)

    def hidden_from(self, agent_id: int) -> list[int]:
        """The closed teams somebody is not in: their conversations are not shown to them."""
        return sorted(team.pk for team in self.all if not team.is_open and agent_id not in team.members)


COLLEAGUES: Final = Part(
    "colleagues",
    "SELECT coalesce(json_agg(json_build_array(id, name, email, role, deactivated_at IS NULL)"
    " ORDER BY deactivated_at NULLS FIRST, name, email), '[]') FROM accounts_agent",
    lambda text: Colleagues(tuple(Colleague(*row) for row in json.loads(text))),
)
TEAMS: Final = Part(
    "teams",
    "SELECT coalesce(json_agg(json_build_array(id, name, is_open, archived_at IS NOT NULL,"
    " (SELECT coalesce(json_agg(agent_id), '[]') FROM accounts_team_agents WHERE team_id = accounts_team.id))"
    " ORDER BY name, id), '[]') FROM accounts_team",
    lambda text: Crews(tuple(Crew(*row[:4], members=frozenset(row[4])) for row in json.loads(text))),
)


def colleagues() -> Colleagues:
    """Every colleague there is or was."""
    return COLLEAGUES.now()


def teams() -> Crews:
    """Every team there is or was."""
    return TEAMS.now()
