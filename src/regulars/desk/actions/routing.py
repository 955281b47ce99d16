"""Conversations find their agents: in turn, to the least busy, by skill; equal ones by the die.

Nobody gets more open conversations than their seat holds, nobody who is away or has not been seen for a
while gets any, and what finds nobody stays where everybody sees it until somebody comes.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Max

from regulars.accounts import permission
from regulars.accounts import selectors as accounts
from regulars.desk.actions import assignments, holding
from regulars.desk.errors import NoSuchRoute
from regulars.desk.models import Conversation, Route, Routed, Seat
from regulars.kernel import clock, one_by_one
from regulars.kernel.actors import SYSTEM, Actor

SEEN_WITHIN: Final = timedelta(minutes=15)
USUAL_CAPACITY: Final = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent who could take a conversation, and what decides between them."""

    agent_id: int
    open: int
    last_given: datetime | None
    skills: frozenset[str]


@transaction.atomic
def set_route(team_id: int | None, *, method: str, is_by_skill: bool, by: Actor) -> Route:
    """Say how the conversations of a team, or of none, find an agent."""
    permission.require("manage_desk", by=by)
    if method not in Route.METHODS or (team_id is not None and not accounts.is_team(team_id)):
        raise NoSuchRoute
    said = {"method": method, "is_by_skill": is_by_skill, "changed_at": clock.now(), "changed_by": str(by)}
    route, _ = Route.objects.update_or_create(team_id=team_id, defaults=said)
    return route


@transaction.atomic
def route(conversation_id: int) -> Routed | None:
    """Give an open conversation that nobody has to an agent; None when it has one, or nobody can take it.

    The route's row is held meanwhile, so that two workers never fill the last place of a seat twice.
    """
    held = holding.hold(conversation_id, by=SYSTEM)
    if held.assignee_id is not None or held.status != Conversation.OPEN or held.is_spam:
        return None
    way = Route.objects.select_for_update().filter(team=held.team_id).exclude(method=Route.BY_HAND).first()
    if way is None:
        return None
    best = equals(candidates(held.team_id), way, needed=_needed(held) if way.is_by_skill else frozenset())
    if not best:
        return None
    chosen = random.SystemRandom().choice(best)
    routed = Routed.objects.create(
        conversation=held, agent_id=chosen.agent_id, at=clock.now(), method=way.method, among=len(best),
        probability=1 / len(best),
    )  # fmt: skip
    why = {"routed": way.method, "among": len(best), "probability": 1 / len(best)}
    assignments.give_to_agent(held, chosen.agent_id, by=SYSTEM, why=why)
    return routed


def route_waiting() -> int:
    """Route whatever waits for somebody, the longest waiting first; returns how many found an agent."""
    teams = list(Route.objects.exclude(method=Route.BY_HAND).values_list("team_id", flat=True))
    waiting = Conversation.objects.filter(
        status=Conversation.OPEN, assignee=None, spam_at=None, merged_into=None, is_history=False
    ).order_by("waiting_since", "pk")
    rows = waiting.values_list("pk", "team_id")[:500]
    return one_by_one.each(route, [pk for pk, team_id in rows if team_id in teams], what="route")


def candidates(team_id: int | None) -> list[Candidate]:
    """Those of a team, or of all, who are here and have room, in order of their keys."""
    there = accounts.seen_since(clock.now() - SEEN_WITHIN, team_id=team_id)
    seats = {seat.agent_id: seat for seat in Seat.objects.filter(agent__in=there)}
    free = [pk for pk in there if pk not in seats or seats[pk].away_at is None]
    busy = _open_of(free)
    given = dict(
        Routed.objects.filter(agent__in=free).values("agent").annotate(last=Max("at")).values_list("agent", "last")
    )
    return [
        Candidate(pk, busy.get(pk, 0), given.get(pk), _skills(seats.get(pk)))
        for pk in sorted(free)
        if busy.get(pk, 0) < (seats[pk].capacity if pk in seats else USUAL_CAPACITY)
    ]


def equals(among: Sequence[Candidate], way: Route, *, needed: frozenset[str]) -> list[Candidate]:
    """The best of the candidates, all of them equal; those with the skills first, where somebody has them."""
    able = [one for one in among if one.skills >= needed] or list(among)
    if not able:
        return []
    if way.method == Route.LEAST_BUSY:
        least = min(one.open for one in able)
        return [one for one in able if one.open == least]
    new = [one for one in able if one.last_given is None]
    if new:
        return new
    longest_ago = min(one.last_given for one in able if one.last_given)
    return [one for one in able if one.last_given == longest_ago]


def _open_of(agent_ids: Sequence[int]) -> Mapping[int, int]:
    rows = Conversation.objects.filter(
        assignee__in=agent_ids, status=Conversation.OPEN, spam_at=None, merged_into=None
    ).order_by()
    return dict(rows.values("assignee").annotate(count=Count("pk")).values_list("assignee", "count"))


def _needed(held: Conversation) -> frozenset[str]:
    """What a conversation asks for: its language and those of its labels that are somebody's skill."""
    known = {skill.casefold() for skills in Seat.objects.values_list("skills", flat=True) for skill in skills}
    asked = {held.language.casefold(), *(label.name.casefold() for label in held.labels.all())}
    return frozenset(asked & known)


def _skills(seat: Seat | None) -> frozenset[str]:
    return frozenset(skill.casefold() for skill in seat.skills) if seat else frozenset()
