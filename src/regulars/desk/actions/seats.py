"""Agents' seats: how many conversations they take, what they know, and being away."""

from collections.abc import Sequence

from django.db import transaction

from regulars.accounts import permission
from regulars.desk.errors import NotYours, SeatNotUsable
from regulars.desk.models import Seat
from regulars.kernel import clock
from regulars.kernel.actors import Actor

MOST = 1000
MOST_SKILLS, LONGEST_SKILL = 50, 60


@transaction.atomic
def set_up(agent_id: int, *, capacity: int, skills: Sequence[str], by: Actor) -> Seat:
    """Say how many open conversations an agent takes, and what they know."""
    permission.require("manage_desk", by=by)
    words = sorted({" ".join(skill.split()) for skill in skills if skill.strip()}, key=str.casefold)
    if not 0 <= capacity <= MOST or len(words) > MOST_SKILLS or any(len(word) > LONGEST_SKILL for word in words):
        raise SeatNotUsable
    seat, _ = Seat.objects.update_or_create(agent_id=agent_id, defaults={"capacity": capacity, "skills": words})
    return seat


@transaction.atomic
def go_away(*, by: Actor) -> None:
    """Take no new conversations until one is back."""
    Seat.objects.update_or_create(agent_id=_own(by), defaults={"away_at": clock.now()})


@transaction.atomic
def come_back(*, by: Actor) -> None:
    """Take conversations again."""
    Seat.objects.update_or_create(agent_id=_own(by), defaults={"away_at": None})


def _own(by: Actor) -> int:
    permission.require("answer", by=by)
    if by.kind != "agent" or by.id is None:
        raise NotYours
    return by.id
