"""Agents who look at a conversation, or write in it, so that two do not answer at once."""

from django.db import transaction

from regulars.desk.errors import NoSuchConversation
from regulars.desk.models import Presence
from regulars.desk.selectors.present import LASTS
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock, live
from regulars.kernel.actors import Actor

TOPIC = "presence"


@transaction.atomic
def here(conversation_id: int, *, is_writing: bool, by: Actor) -> None:
    """Say that an agent looks at a conversation; colleagues are told when that is news."""
    if not visible_to(by).filter(pk=conversation_id).exists():
        raise NoSuchConversation
    now = clock.now()
    known = Presence.objects.filter(conversation=conversation_id, agent=by.id).first()
    Presence.objects.bulk_create(
        [Presence(conversation_id=conversation_id, agent_id=by.id, is_writing=is_writing, at=now)],
        update_conflicts=True, unique_fields=["conversation", "agent"], update_fields=["is_writing", "at"],
    )  # fmt: skip
    if known is None or known.at < now - LASTS or known.is_writing != is_writing:
        live.tell(TOPIC, conversation_id)


@transaction.atomic
def gone(conversation_id: int, *, by: Actor) -> None:
    """Say that an agent looks elsewhere now."""
    removed, _ = Presence.objects.filter(conversation=conversation_id, agent=by.id).delete()
    if removed:
        live.tell(TOPIC, conversation_id)


@transaction.atomic
def forget() -> int:
    """Remove those who have not been heard of for a while: a page that was shut does not say so."""
    left = Presence.objects.filter(at__lt=clock.now() - LASTS)
    gone = list(left.order_by("pk").values_list("pk", "conversation_id"))
    left.filter(pk__in=[pk for pk, _conversation in gone]).delete()
    live.tell_all(TOPIC, sorted({conversation for _pk, conversation in gone}))
    return len(gone)
