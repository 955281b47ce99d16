"""Holding a conversation still while something in it is decided: fetch, permission and lock in one."""

from collections.abc import Sequence

from regulars.desk.errors import NoSuchConversation
from regulars.desk.models import Conversation
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor


def hold(conversation_id: int, *, by: Actor) -> Conversation:
    """Lock the conversation that is shown for this id, until the transaction ends."""
    while True:
        wanted = visible_to(by).filter(pk=conversation_id)
        held = wanted.select_for_update(of=("self",), no_key=True).first()
        if held is None:
            raise NoSuchConversation
        if held.merged_into_id is None:
            return held
        conversation_id = held.merged_into_id


def hold_all(conversation_ids: Sequence[int], *, by: Actor) -> list[Conversation]:
    """Lock those of these conversations that may be seen and are not merged away, in key order."""
    wanted = visible_to(by).filter(pk__in=conversation_ids, merged_into=None).order_by("pk")
    return list(wanted.select_for_update(of=("self",), no_key=True))
