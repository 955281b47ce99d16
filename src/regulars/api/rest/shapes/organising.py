"""Who works how, in which order things are asked, what mail is held back: as it looks from outside."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from regulars.api.rest.shapes.base import Id, MaybeId, Shape

TeamName = Annotated[str, Field(min_length=1, max_length=60)]
Agents = Annotated[list[Id], Field(max_length=1_000)]
Method = Literal["by hand", "in turn", "least busy"]


class NewTeam(Shape):
    """A team of these agents; a closed one's conversations are seen by them and by whoever has them."""

    example = {"name": "Orders", "is_open": True, "agent_ids": [3]}

    name: TeamName
    is_open: bool = True
    agent_ids: Agents = []


class ChangedTeam(Shape):
    """What is to be different about a team."""

    example = {"agent_ids": [3, 4]}

    name: TeamName | None = None
    is_open: bool | None = None
    agent_ids: Agents | None = None


class Route(Shape):
    """How the conversations of a team find somebody; of no team where `team_id` is null."""

    example = {"team_id": 2, "method": "in turn", "is_by_skill": True}

    team_id: MaybeId
    method: Method
    is_by_skill: bool


class Seat(Shape):
    """How many open conversations an agent takes, what they know, and whether they are away."""

    example = {"agent_id": 3, "capacity": 20, "skills": ["de", "returns"], "away_at": None, "open": 4}

    agent_id: int
    capacity: int
    skills: list[str]
    away_at: datetime | None
    open: int


class ChangedSeat(Shape):
    """How many, and what they know."""

    example = {"capacity": 20, "skills": ["de", "returns"]}

    capacity: int = Field(ge=0, le=1_000)
    skills: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=50)] = []


class Away(Shape):
    """Whether the key's agent takes no new conversations."""

    example = {"is_away": True}

    is_away: bool


class Place(Shape):
    """Where in the order, counted from 0; past the end is the end."""

    example = {"place": 0}

    place: int = Field(ge=0, le=10_000)


class ViewOrder(Shape):
    """Keys of saved views in their new order; those not named keep theirs, behind."""

    example = {"keys": ["view-4"]}

    keys: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=100)]


class NewLabel(Shape):
    """A word to put on conversations; it is as well made by putting it on one.

    `hue` is its colour in degrees; without one it gets one of its name's. A label that is there keeps its own.
    """

    example = {"name": "Late", "hue": 30}

    name: str = Field(min_length=1, max_length=60)
    hue: int | None = Field(None, ge=0, lt=360)


class SuppressedAddress(Shape):
    """An address that gets no mail, and why."""

    example = {"address": "gone@example.com", "reason": "550 No such user", "at": "2026-11-20T09:12:00Z"}

    address: str
    reason: str
    at: datetime


class NewSuppressedAddress(Shape):
    """An address that is to get no mail, and why."""

    example = {"address": "gone@example.com", "reason": "Asked us by telephone"}

    address: str = Field(min_length=3, max_length=320)
    reason: str = Field("", max_length=1_000)


class DeadLetter(Shape):
    """Something that came in and could not be understood or placed."""

    example = {
        "id": 12, "channel_id": 1, "received_at": "2026-11-20T09:12:00Z", "trouble": "It is no mail.",
        "sender": "ada@example.com", "size": 4711,
    }  # fmt: skip

    id: int
    channel_id: int
    received_at: datetime
    trouble: str
    sender: str
    size: int


class ChannelStanding(Shape):
    """Whether a channel rests: nothing comes or goes on it, and nothing is lost."""

    example = {"is_paused": True}

    is_paused: bool


class Draft(Shape):
    """What the key's agent is writing in a conversation; nobody else sees it."""

    example = {"kind": "message", "text": "Dear Ada, …", "changed_at": "2026-11-20T09:12:00Z"}

    kind: Literal["message", "note"]
    text: str
    changed_at: datetime


class NewDraft(Shape):
    """What is written so far."""

    example = {"text": "Dear Ada, …"}

    text: str = Field(min_length=1, max_length=500_000)
