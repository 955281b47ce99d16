"""Whether a writer has seen everything, and who wants to hear of a conversation."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from regulars.accounts import selectors as accounts
from regulars.desk import verbs
from regulars.desk.actions import holding, steps
from regulars.desk.errors import NoSuchAgent, UnseenMessage
from regulars.desk.models import Conversation, Mention, Watch
from regulars.desk.selectors.visible import visible_to
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
    """Let these agents hear of a held conversation, beside what tells of it already: a note, mail they sent."""
    rows = [Watch(conversation=held, agent_id=agent_id, at=clock.now()) for agent_id in sorted(set(agent_ids))]
    Watch.objects.bulk_create(rows, ignore_conflicts=True)


def is_watching(held: Conversation, *, by: Actor) -> bool:
    """Whether this agent hears of a conversation already."""
    return by.kind == "agent" and Watch.objects.filter(conversation=held, agent=by.id).exists()


def start_watching(conversation_id: int, *, by: Actor, batch: str = "") -> None:
    """Hear of a conversation from now on."""
    if by.kind == "agent" and by.id:
        let_watch(conversation_id, agent_id=by.id, by=by, batch=batch)


def stop_watching(conversation_id: int, *, by: Actor, batch: str = "") -> None:
    """Hear no more of a conversation."""
    if by.kind == "agent" and by.id:
        forget_watcher(conversation_id, agent_id=by.id, by=by, batch=batch)


@transaction.atomic
def let_watch(conversation_id: int, *, agent_id: int, by: Actor, batch: str = "") -> None:
    """Let an agent hear of a conversation who may see it; one who does already changes nothing."""
    held = holding.hold(conversation_id, by=by)
    if not accounts.can_answer(agent_id):
        raise NoSuchAgent
    if not visible_to(Actor("agent", agent_id)).filter(pk=held.pk).exists():
        raise NoSuchAgent(gettext("This colleague may not see this conversation. Nothing was changed."))
    _, is_new = Watch.objects.get_or_create(conversation=held, agent_id=agent_id, defaults={"at": clock.now()})
    if is_new:
        _record(held, verbs.WATCHED, agent_id, by=by, batch=batch)


@transaction.atomic
def forget_watcher(conversation_id: int, *, agent_id: int, by: Actor, batch: str = "") -> None:
    """Let an agent hear no more of a conversation; one who does not changes nothing."""
    held = holding.hold(conversation_id, by=by)
    if Watch.objects.filter(conversation=held, agent=agent_id).delete()[0]:
        _record(held, verbs.UNWATCHED, agent_id, by=by, batch=batch)


def _record(held: Conversation, verb: str, agent_id: int, *, by: Actor, batch: str) -> None:
    steps.record(held, verb, by=by, details={"agent": agent_id}, properties={"watcher": agent_id}, batch=batch)


def mentions_seen(conversation_id: int, *, by: Actor) -> None:
    """The agent has opened the conversation: what mentions them there is seen."""
    mine = Mention.objects.filter(agent=by.id, seen_at=None, message__conversation=conversation_id)
    mine.update(seen_at=clock.now())
