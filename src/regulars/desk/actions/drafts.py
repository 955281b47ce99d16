"""Drafts: what an agent is writing, kept as they type."""

from typing import Any

from django.db import transaction

from regulars.desk.errors import NoSuchConversation, TooLong
from regulars.desk.models import Attachment, Conversation, Draft, Message
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST = 500_000


@transaction.atomic
def save(
    conversation_id: int,
    *,
    by: Actor,
    text: str,
    kind: str = Message.MESSAGE,
    recipients: dict[str, Any] | None = None,
    attachments: list[dict[str, Any]] | None = None,
    doing: dict[str, Any] | None = None,
) -> Draft | None:
    """Keep what is being written, per agent and conversation; an empty one is thrown away. What is None stays."""
    if not visible_to(by).filter(pk=conversation_id).exists():
        raise NoSuchConversation
    if len(text) > LONGEST:
        raise TooLong
    given: dict[str, Any] = {"text": text.replace("\x00", ""), "changed_at": clock.now()}
    if recipients is not None:
        given["recipients"] = recipients
    if attachments is not None:
        given["attachments"] = attachments
    if doing is not None:
        given["doing"] = doing
    draft, _ = Draft.objects.update_or_create(
        conversation_id=conversation_id, agent_id=by.id, kind=kind, defaults=given
    )
    if not draft.text.strip() and not draft.attachments:
        draft.delete()
        return None
    return draft


def discard(conversation_id: int, *, by: Actor, kind: str = Message.MESSAGE) -> None:
    """Throw a draft away, because it was sent or is not wanted."""
    Draft.objects.filter(conversation=conversation_id, agent=by.id, kind=kind).delete()


def keep_written(held: Conversation, message: Message, *, by: Actor) -> None:
    """Make a draft of a message that was taken back; what was begun meanwhile stays below it."""
    begun = Draft.objects.filter(conversation=held, agent=by.id, kind=Message.MESSAGE).first()
    text = f"{message.text}\n\n{begun.text}" if begun and begun.text.strip() else message.text
    files = [
        {"digest": file.digest, "name": file.name, "type": file.type, "size": file.size}
        for file in Attachment.objects.filter(message=message).order_by("pk")
    ]
    save(
        held.pk, by=by, text=text, recipients=message.recipients,
        attachments=[*files, *(begun.attachments if begun else [])], doing=message.before.get("doing"),
    )  # fmt: skip
