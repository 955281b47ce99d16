"""Holding a conversation still while something in it is decided: fetch, permission and lock in one."""

from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet

from regulars.desk.errors import NoSuchConversation
from regulars.desk.models import Conversation
from regulars.desk.selectors.visible import hidden_from, visible_hiding, visible_to
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

_HELD: Final = Compiled(lambda *hidden: _locked(visible_hiding(hidden).filter(pk=Given("pk"))))


def hold(conversation_id: int, *, by: Actor) -> Conversation:
    """Lock the conversation that is shown for this id, until the transaction ends."""
    hidden = hidden_from(by)
    while True:
        if hidden is not None:
            held = _HELD.first(*hidden, pk=conversation_id, by=by.id)
        else:
            held = _locked(visible_to(by).filter(pk=conversation_id)).first()
        if held is None:
            raise NoSuchConversation
        if held.merged_into_id is None:
            return held
        conversation_id = held.merged_into_id


def _locked(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.select_for_update(of=("self",), no_key=True)


def hold_all(conversation_ids: Sequence[int], *, by: Actor) -> list[Conversation]:
    """Lock those of these conversations that may be seen and are not merged away, in key order."""
    wanted = visible_to(by).filter(pk__in=conversation_ids, merged_into=None).order_by("pk")
    return list(_locked(wanted))
