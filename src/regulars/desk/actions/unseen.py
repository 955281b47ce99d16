"""Whether a writer has seen everything, and who wants to hear of a conversation."""

from collections.abc import Sequence

from django.db import transaction

from regulars.desk.actions import holding
from regulars.desk.errors import UnseenMessage
from regulars.desk.models import Conversation, Mention, Watch
from regulars.desk.selectors import threads
from regulars.kernel import clock
from regulars.kernel.actors import Actor


def refuse(held: Conversation, *, after: int, by: Actor) -> None:
    """Stop a send when somebody else's message or note exists that the writer has not seen."""
    newer = threads.said_in(held).filter(pk__gt=after, removed_at=None, is_automatic=False)
    if newer.exclude(author_kind=by.kind, author_id=by.id).exists():
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
