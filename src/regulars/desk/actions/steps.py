"""The one place through which everything done in a conversation goes down on record.

One call writes the step for the thread, the fact for the log, tells open pages, and publishes the
event, all in the transaction that changed the state.
"""

from datetime import datetime
from typing import Any

from regulars.desk.actions import clocks
from regulars.desk.events import ConversationChanged
from regulars.desk.models import Conversation, Message, Step
from regulars.desk.verbs import VERBS
from regulars.kernel import clock, facts, live
from regulars.kernel.actors import Actor
from regulars.kernel.events import publish

TOPIC = "conversation"
HISTORY = "desk-history:"  # begins the names of facts that tell of what was brought in: nobody acts on them


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
    step = Step.objects.create(
        conversation=conversation,
        at=at,
        actor=str(by),
        actor_name=by.name,
        verb=verb,
        details=details or {},
        batch=batch,
    )
    _log(
        conversation,
        verb,
        by=by,
        at=at,
        message_id=f"desk-step:{step.pk}",
        properties=properties or {},
        is_live=is_live,
    )
    return step


def record_message(conversation: Conversation, message: Message, verb: str, *, by: Actor, is_live: bool = True) -> None:
    """Put a message, a reply or a note on record: the message itself stands in the thread, so there is no step."""
    properties: dict[str, Any] = {"message": message.pk}
    if message.kind == Message.MESSAGE:
        properties["automatic"] = message.is_automatic
    extra: dict[str, Any] = {"message_id": message.pk}
    if verb == "received":
        extra["is_automatic"] = message.is_automatic
    fact_id = f"desk-message:{message.pk}"
    _log(
        conversation, verb, by=by, at=message.at, message_id=fact_id, properties=properties, event=extra,
        is_live=is_live,
    )  # fmt: skip


def _log(
    conversation: Conversation,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    message_id: str,
    properties: dict[str, Any],
    event: dict[str, Any] | None = None,
    is_live: bool,
) -> None:
    kind = VERBS[verb]
    facts.record(
        kind.fact,
        customer_id=conversation.customer_id,
        occurred_at=at,
        message_id=message_id if is_live else f"{HISTORY}{message_id}",
        properties={**standing(conversation), "by": str(by), **properties},
    )
    if not is_live:
        return
    live.tell(TOPIC, conversation.pk)
    common = {"conversation_id": conversation.pk, "customer_id": conversation.customer_id, "actor": by}
    if kind.event is None:
        publish(ConversationChanged(**common, verb=verb))
    else:
        publish(kind.event(**common, **(event or {})))
    clocks.follow(conversation, kind.fact)


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
