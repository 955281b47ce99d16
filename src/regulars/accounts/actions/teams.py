"""Teams: groups of agents that share conversations."""

from collections.abc import Sequence

from django.db import transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.accounts.errors import NoSuchTeam, TeamNameNotUsable, TeamNameTaken
from regulars.accounts.models import Agent, Team
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_NAME = 60


@transaction.atomic
def create(name: str, *, by: Actor, is_open: bool = True, agent_ids: Sequence[int] = ()) -> Team:
    """Make a team of these colleagues."""
    permission.require("manage_people", by=by)
    team = Team(name=_readable(name), is_open=is_open, created_at=clock.now())
    _refuse_taken(team)
    team.save()
    team.agents.set(Agent.objects.filter(pk__in=agent_ids))
    audit.note(audit_verbs.TEAM_CREATED, by=by, subject=f"team:{team.pk}", details={"name": team.name})
    return team


@transaction.atomic
def change(team_id: int, *, name: str, is_open: bool, agent_ids: Sequence[int], by: Actor) -> Team:
    """Rename a team, open or close it, and say who is in it."""
    permission.require("manage_people", by=by)
    team = _held(team_id)
    team.name, team.is_open = _readable(name), is_open
    _refuse_taken(team)
    team.save(update_fields=["name", "is_open"])
    team.agents.set(Agent.objects.filter(pk__in=agent_ids))
    audit.note(audit_verbs.TEAM_CHANGED, by=by, subject=f"team:{team.pk}", details={"name": team.name})
    return team


@transaction.atomic
def archive(team_id: int, *, by: Actor) -> None:
    """Put a team away: it takes no more conversations, those it had stay where they are."""
    permission.require("manage_people", by=by)
    team = _held(team_id)
    if team.archived_at is None:
        team.archived_at = clock.now()
        team.save(update_fields=["archived_at"])
        audit.note(audit_verbs.TEAM_ARCHIVED, by=by, subject=f"team:{team.pk}", details={"name": team.name})


def _held(team_id: int) -> Team:
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise NoSuchTeam
    return team


def _readable(name: str) -> str:
    word = " ".join(name.split())
    if not 1 <= len(word) <= LONGEST_NAME or "\x00" in word:
        raise TeamNameNotUsable
    return word


def _refuse_taken(team: Team) -> None:
    if Team.objects.filter(name__iexact=team.name).exclude(pk=team.pk).exists():
        raise TeamNameTaken
