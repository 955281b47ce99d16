"""Drafts: what an agent is writing, kept as they type."""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction

from regulars.desk.errors import NoSuchConversation, TooLong
from regulars.desk.models import Attachment, Conversation, Draft, Message
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock, prepared
from regulars.kernel.actors import Actor

LONGEST = 500_000
_DISCARD: Final = "DELETE FROM desk_draft WHERE conversation_id = %s AND agent_id = %s AND kind = %s"


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
    is_sent: Callable[[], bool] = lambda: False,
) -> Draft | None:
    """Keep what is being written, per agent and conversation; an empty one is thrown away. What is None stays.

    `is_sent` is asked once nobody can be sending it: a draft that was kept too late would come back after its answer.
    """
    seen = visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=conversation_id)
    if seen.values_list("pk", flat=True).first() is None:
        raise NoSuchConversation
    if len(text) > LONGEST:
        raise TooLong
    if is_sent():
        return None
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
    with prepared.cursor() as cursor:
        cursor.execute(_DISCARD, [conversation_id, by.id, kind])


def keep_written(held: Conversation, message: Message, *, by: Actor) -> None:
    """Make a draft of a message that was taken back; what was begun meanwhile stays below it."""
    begun = Draft.objects.filter(conversation=held, agent=by.id, kind=Message.MESSAGE).first()
    is_another = begun is not None and begun.text.strip() not in ("", message.text.strip())
    text = f"{message.text}\n\n{begun.text}" if begun and is_another else message.text
    files = [
        {"digest": file.digest, "name": file.name, "type": file.type, "size": file.size}
        for file in Attachment.objects.filter(message=message).order_by("pk")
    ]
    save(
        held.pk, by=by, text=text, recipients=message.recipients,
        attachments=[*files, *(begun.attachments if begun else [])], doing=message.before.get("doing"),
    )  # fmt: skip
