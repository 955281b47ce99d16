"""How the desk is set up, as it looks from outside."""

from datetime import datetime
from typing import Any

from regulars.api.rest.shapes.base import Shape
from regulars.api.rest.shapes.conversations import Kind, Priority


class Agent(Shape):
    """A colleague who may answer."""

    example = {"id": 3, "name": "Ines"}

    id: int
    name: str


class Team(Shape):
    """A group of agents that shares conversations; a closed one's are seen by its agents only."""

    example = {"id": 2, "name": "Orders", "is_open": True, "agent_ids": [3]}

    id: int
    name: str
    is_open: bool
    agent_ids: list[int]


class Channel(Shape):
    """One way in and out, and whether it works.

    `trouble` is what keeps it from bringing what comes in, `out_trouble` what keeps it from sending; empty while it
    works. `waiting` came in and is not placed yet, `dead` could not be understood.
    """

    example = {
        "id": 1, "kind": "email", "name": "Care", "address": "care@shop.example", "team_id": None,
        "is_paused": False, "worked_at": "2026-11-20T10:00:00Z", "trouble": "", "trouble_at": None,
        "out_trouble": "", "out_trouble_at": None, "waiting": 0, "dead": 0,
    }  # fmt: skip

    id: int
    kind: str
    name: str
    address: str
    team_id: int | None
    is_paused: bool
    worked_at: datetime | None
    trouble: str
    trouble_at: datetime | None
    out_trouble: str
    out_trouble_at: datetime | None
    waiting: int
    dead: int


class Choice(Shape):
    """One value a field may have; a retired one is offered no more, and stays where it was chosen."""

    key: str
    label: str
    is_retired: bool


class FieldDefinition(Shape):
    """A field of the company's own. `key` is its name in `fields` of a conversation.

    `kind`: short text, long text, number, money, date, yes or no, choice, choices or link. A required one must be
    filled in before a conversation is resolved. Without `team_ids` every conversation has it.
    """

    example = {
        "id": 1, "key": "reason", "label": "Reason", "kind": "choice", "help": "", "is_required": True,
        "choices": [{"key": "late", "label": "Came late", "is_retired": False}], "team_ids": [], "is_retired": False,
    }  # fmt: skip

    id: int
    key: str
    label: str
    kind: str
    help: str
    choices: list[Choice]
    is_required: bool
    team_ids: list[int]
    is_retired: bool


class View(Shape):
    """A saved way of looking at the inbox, or one everybody has.

    `key` asks for its conversations. `conditions` is a tree of `all`, `any`, `not` and single conditions; a view that
    is built in may show some statuses only.
    """

    example = {
        "key": "view-4", "name": "Urgent", "conditions": {"field": "priority", "is": "in", "value": [1]},
        "statuses": None, "sort": "newest", "is_shared": True,
    }  # fmt: skip

    key: str
    name: str
    conditions: dict[str, Any]
    statuses: list[str] | None
    sort: str
    is_shared: bool


class ViewCount(Shape):
    """How many conversations a view has; 1,000 stands for more than 999.

    `count` is null where nothing can meet the conditions, or counting takes too long.
    """

    example = {"key": "view-4", "count": 12}

    key: str
    count: int | None


class Macro(Shape):
    """A saved text agents answer or note with, things it does, or both.

    `{{customer.first_name}}` and its like stand in for what is known. One of a team is its agents' only.
    """

    example = {
        "id": 6, "name": "Late parcel", "text": "Dear {{customer.first_name|customer}}, …", "is_note": False,
        "deeds": [{"deed": "label", "value": "Late"}], "team_id": None, "is_shared": True,
    }  # fmt: skip

    id: int
    name: str
    text: str
    is_note: bool
    deeds: list["Deed"]
    team_id: int | None
    is_shared: bool


class MacroPreview(Shape):
    """How a macro reads in one conversation; `missing` are the variables nothing was known for."""

    example = {"macro_id": 6, "text": "Dear Ada, …", "missing": []}

    macro_id: int
    text: str
    missing: list[str]


class SpecialDay(Shape):
    """A day that is not as its weekday is; without intervals it is closed."""

    on: str
    intervals: str
    name: str


class Hours(Shape):
    """When somebody is there: for each weekday from Monday its intervals, empty when closed."""

    name: str
    zone: str
    week: list[str]
    country: str
    subdivision: str
    special: list[SpecialDay]


class Target(Shape):
    """A promise: so many business seconds for a first response, a next response, a resolution.

    Conversations that fit all conditions have it; an empty condition fits all.
    """

    name: str
    hours: str
    first_seconds: int | None
    next_seconds: int | None
    resolution_seconds: int | None
    priorities: list[Priority]
    kinds: list[Kind]
    channel_ids: list[int]
    team_ids: list[int]
    labels: list[str]


class Policy(Shape):
    """The hours and targets in force; the first target that fits a conversation holds for it."""

    example = {
        "version": 3, "since": "2026-10-01T08:00:00Z", "usual_hours": "Office", "warn_seconds": 1800,
        "hours": [
            {
                "name": "Office", "zone": "Europe/Berlin", "week": ["09:00-17:00"] * 5 + ["", ""], "country": "DE",
                "subdivision": "BE", "special": [{"on": "2026-12-24", "intervals": "", "name": "Christmas Eve"}],
            }
        ],
        "targets": [
            {
                "name": "Everybody", "hours": "Office", "first_seconds": 14400, "next_seconds": 28800,
                "resolution_seconds": None, "priorities": [], "kinds": [], "channel_ids": [], "team_ids": [],
                "labels": [],
            }
        ],
    }  # fmt: skip

    version: int
    since: datetime | None
    usual_hours: str
    warn_seconds: int
    hours: list[Hours]
    targets: list[Target]


class Deed(Shape):
    """One thing a rule does, and with what."""

    deed: str
    value: str


class Rule(Shape):
    """What the desk does by itself: when one of these things happens where the conditions are met, these deeds."""

    example = {
        "id": 2, "name": "Late parcels", "triggers": ["started"], "is_last": False, "is_paused": False, "fired": 12,
        "conditions": {"all": [{"field": "subject", "is": "contains", "value": "late"}]},
        "deeds": [{"deed": "label", "value": "Late"}], "last_fired_at": "2026-11-20T09:12:00Z",
    }  # fmt: skip

    id: int
    name: str
    triggers: list[str]
    conditions: dict[str, Any]
    deeds: list[Deed]
    is_last: bool
    is_paused: bool
    fired: int
    last_fired_at: datetime | None


class Trial(Shape):
    """Which conversations a rule's conditions fit now, the latest first; nothing is done.

    `count` is of all the rule would see, ends at 1,000, and is null where counting takes too long. The ids are those
    the key's agent may see.
    """

    example = {"count": 1, "conversation_ids": [4711], "next": None}

    count: int | None
    conversation_ids: list[int]
    next: str | None


class Firing(Shape):
    """One time a rule fired: what it did, and what it could not do."""

    example = {
        "id": 90, "conversation_id": 4711, "trigger": "started", "at": "2026-11-20T09:12:00Z",
        "did": [{"deed": "label", "value": "Late"}], "trouble": "",
    }  # fmt: skip

    id: int
    conversation_id: int
    trigger: str
    at: datetime
    did: list[Deed]
    trouble: str
