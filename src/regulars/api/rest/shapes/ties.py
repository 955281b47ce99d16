"""Conversations that have to do with each other, and with whoever watches them, from outside."""

from datetime import datetime

from regulars.api.rest.shapes.base import Id, Shape
from regulars.api.rest.shapes.conversations import Status, Subject


class NewMerge(Shape):
    """Which conversation becomes part of this one."""

    example = {"merged_id": 4712}

    merged_id: Id


class Merge(Shape):
    """Two conversations joined into one: `merged_id` is shown as `kept_id` until it is undone."""

    example = {"id": 8, "kept_id": 4711, "merged_id": 4712, "at": "2026-11-20T10:00:00Z", "actor": "agent:3"}

    id: int
    kept_id: int
    merged_id: int
    at: datetime
    actor: str


class NewSplit(Shape):
    """Which message begins a conversation of its own, with all after it or alone."""

    example = {"message_id": 90210, "subject": "The other matter", "is_alone": False}

    message_id: Id
    subject: Subject = ""
    is_alone: bool = False


class Split(Shape):
    """A conversation begun with messages of another; `id` undoes it."""

    example = {"id": 513, "conversation_id": 4713, "split_from": 4711}

    id: int
    conversation_id: int
    split_from: int


class Link(Shape):
    """A conversation that belongs to this one, and why."""

    example = {"id": 5, "conversation_id": 4712, "why": "by hand", "subject": "Where is my order?", "status": "open"}

    id: int
    conversation_id: int
    why: str
    subject: str
    status: Status


class Watcher(Shape):
    """An agent who hears what happens in a conversation that is not theirs."""

    example = {"agent_id": 3, "at": "2026-11-20T09:41:00Z"}

    agent_id: int
    at: datetime
