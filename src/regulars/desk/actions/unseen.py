"""Whether a writer has seen everything, and who wants to hear of a conversation."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from regulars.desk.actions import holding
from regulars.desk.errors import UnseenMessage
from regulars.desk.models import Conversation, Mention, Watch
from regulars.kernel import clock, prepared
from regulars.kernel.actors import Actor

# By their numbers: asked by an OR across both tables, the database reads all messages there are.
_UNSEEN: Final = """
SELECT EXISTS (
    SELECT FROM desk_message
     WHERE conversation_id = ANY (
               %(held)s::bigint || ARRAY(SELECT id FROM desk_conversation WHERE merged_into_id = %(held)s))
       AND id > %(after)s::bigint AND removed_at IS NULL AND NOT is_automatic
       AND NOT (author_kind = %(kind)s AND author_id IS NOT DISTINCT FROM %(id)s::bigint)
)
"""


def refuse(held: Conversation, *, after: int, by: Actor) -> None:
    """Stop a send when somebody else's message or note exists that the writer has not seen."""
    with prepared.cursor() as cursor:
        cursor.execute(_UNSEEN, {"held": held.pk, "after": after, "kind": by.kind, "id": by.id})
        if cursor.fetchone()[0]:
            raise UnseenMessage


def watch(held: Conversation, *, agent_ids: Sequence[int]) -> None:
    """Let these agents hear of a held conversation."""
    rows = [Watch(conversation=held, agent_id=agent_id, at=clock.now()) for agent_id in sorted(set(agent_ids))]
    Watch.objects.bulk_create(rows, ignore_conflicts=True)


def is_watching(held: Conversation, *, by: Actor) -> bool:
    """Whether this agent hears of a conversation already."""
    return by.kind == "agent" and Watch.objects.filter(conversation=held, agent=by.id).exists()


@transaction.atomic
def start_watching(conversation_id: int, *, by: Actor) -> None:
    """Hear of a conversation from now on."""
    held = holding.hold(conversation_id, by=by)
    if by.kind == "agent" and by.id:
        watch(held, agent_ids=[by.id])


@transaction.atomic
def stop_watching(conversation_id: int, *, by: Actor) -> None:
    """Hear no more of a conversation."""
    held = holding.hold(conversation_id, by=by)
    Watch.objects.filter(conversation=held, agent=by.id).delete()


@transaction.atomic
def forget_watcher(conversation_id: int, *, agent_id: int, by: Actor) -> None:
    """Let a colleague hear no more of a conversation."""
    held = holding.hold(conversation_id, by=by)
    Watch.objects.filter(conversation=held, agent=agent_id).delete()


def mentions_seen(conversation_id: int, *, by: Actor) -> None:
    """The agent has opened the conversation: what mentions them there is seen."""
    mine = Mention.objects.filter(agent=by.id, seen_at=None, message__conversation=conversation_id)
    mine.update(seen_at=clock.now())
