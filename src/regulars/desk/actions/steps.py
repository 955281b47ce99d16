"""The one place through which everything done in a conversation goes down on record.

One call writes the step for the thread, the fact for the log, tells open pages, and publishes the
event, all in the transaction that changed the state.
"""

from datetime import datetime
from typing import Any

from regulars.desk.actions import gathering
from regulars.desk.actions.gathering import HISTORY, TOPIC, Entry
from regulars.desk.models import Conversation, Message, Step
from regulars.kernel import clock
from regulars.kernel.actors import Actor

__all__ = ["HISTORY", "TOPIC", "record", "record_message", "standing"]


def record(
    conversation: Conversation,
    verb: str,
    *,
    by: Actor,
    details: dict[str, Any] | None = None,
    properties: dict[str, Any] | None = None,
    at: datetime | None = None,
    batch: str = "",
    is_live: bool = True,
) -> Step:
    """Put one step on record; call it after the conversation is saved, while it is held.

    `details` are for the thread and for undoing, `properties` go with the fact. What is not live
    (history that is brought in) is logged, but nobody is told.
    """
    at = at or clock.now()
    step = Step(
        conversation=conversation,
        at=at,
        actor=str(by),
        actor_name=by.name,
        verb=verb,
        details=details or {},
        batch=batch,
    )
    _put(conversation, step, verb, by=by, at=at, properties=properties or {}, is_live=is_live)
    return step


def record_message(conversation: Conversation, message: Message, verb: str, *, by: Actor, is_live: bool = True) -> None:
    """Put a message, a reply or a note on record: the message itself stands in the thread, so there is no step."""
    _put(conversation, message, verb, by=by, at=message.at, properties={}, is_live=is_live)


def _put(
    conversation: Conversation,
    shown_by: Step | Message,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    properties: dict[str, Any],
    is_live: bool,
) -> None:
    """How the conversation stands is said now: it may go on before all is written."""
    said = {**standing(conversation), "by": str(by), **properties}
    entry = Entry(
        conversation=conversation, shown_by=shown_by, verb=verb, by=by, at=at, properties=said, is_live=is_live
    )
    gathering.add_entry(entry)


def standing(conversation: Conversation) -> dict[str, Any]:
    """How a conversation stands, as its facts say it; what is absent is left out."""
    known = {
        "conversation_id": conversation.pk,
        "channel_id": conversation.channel_id,
        "kind": conversation.kind,
        "status": conversation.status,
        "priority": conversation.priority,
        "team_id": conversation.team_id,
        "agent_id": conversation.assignee_id,
    }
    return {name: value for name, value in known.items() if value is not None}
