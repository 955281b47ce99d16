"""Whose conversation it is."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from regulars.accounts import selectors as accounts
from regulars.desk import verbs
from regulars.desk.actions import gathering, holding, steps
from regulars.desk.errors import NoSuchAgent
from regulars.desk.models import Conversation
from regulars.kernel.actors import Actor


@transaction.atomic
def to_agent(conversation_id: int, agent_id: int | None, *, by: Actor, batch: str = "") -> Conversation:
    """Give a conversation to an agent, or to nobody; the same one changes nothing."""
    held = holding.hold(conversation_id, by=by)
    give_to_agent(held, agent_id, by=by, batch=batch)
    return held


@transaction.atomic
def to_team(conversation_id: int, team_id: int | None, *, by: Actor, batch: str = "") -> Conversation:
    """Give a conversation to a team, or to none; whoever has it keeps it."""
    held = holding.hold(conversation_id, by=by)
    give_to_team(held, team_id, by=by, batch=batch)
    return held


def give_to_agent(
    held: Conversation, agent_id: int | None, *, by: Actor, why: dict[str, Any] | None = None, batch: str = ""
) -> None:
    """Give a held conversation to an agent; `why` goes on record and into the fact (a route, with its odds)."""
    if agent_id == held.assignee_id:
        return
    if agent_id is not None and not accounts.can_answer(agent_id):
        raise NoSuchAgent
    details = {"what": "agent", "before": held.assignee_id, "after": agent_id, **(why or {})}
    held.assignee_id = agent_id  # type: ignore[assignment]  # Django's own name for the column
    gathering.save(held, "assignee_id")
    steps.record(held, verbs.ASSIGNED, by=by, details=details, properties=why, batch=batch)


def give_to_team(held: Conversation, team_id: int | None, *, by: Actor, batch: str = "") -> None:
    """Give a held conversation to a team."""
    if team_id == held.team_id:
        return
    if team_id is not None and not accounts.is_team(team_id):
        raise NoSuchAgent(gettext("There is no such team."))
    details = {"what": "team", "before": held.team_id, "after": team_id}
    held.team_id = team_id
    gathering.save(held, "team_id")
    steps.record(held, verbs.ASSIGNED, by=by, details=details, batch=batch)
