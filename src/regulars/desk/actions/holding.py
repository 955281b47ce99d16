"""Holding a conversation still while something in it is decided: fetch, permission and lock in one.

What is merged away is locked by nobody but who holds the conversation it is shown in, and several that are shown
are locked in the order of their keys: so of those who merge, split and write at once, none wait in a circle.
"""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from regulars.desk.errors import NoSuchConversation
from regulars.desk.models import Conversation
from regulars.desk.selectors.visible import hidden_from, visible_hiding, visible_to
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

_HELD: Final = Compiled(lambda *hidden: _locked(visible_hiding(hidden).filter(pk=Given("pk"), merged_into=None)))


def hold(conversation_id: int, *, by: Actor) -> Conversation:
    """Lock the conversation that is shown for this id, until the transaction ends."""
    hidden = hidden_from(by)
    while True:
        if hidden is not None:
            held = _HELD.first(*hidden, pk=conversation_id, by=by.id)
        else:
            held = _locked(visible_to(by).filter(pk=conversation_id, merged_into=None)).first()
        if held is not None:
            return held
        conversation_id = _followed(conversation_id, by=by)


def hold_both(first_id: int, second_id: int, *, by: Actor) -> tuple[Conversation, Conversation]:
    """Lock what is shown for each of two ids, which may be one and the same."""
    while True:
        first, second = shown_for(first_id, by=by), shown_for(second_id, by=by)
        point = transaction.savepoint()
        held = {row.pk: row for row in hold_all([first, second], by=by)}
        if first in held and second in held:
            transaction.savepoint_commit(point)
            return held[first], held[second]
        transaction.savepoint_rollback(point)  # one was merged away meanwhile: let go of the other, and look again


def shown_for(conversation_id: int, *, by: Actor) -> int:
    """The number of what is shown for this one, not locked."""
    while (followed := _followed(conversation_id, by=by)) != conversation_id:
        conversation_id = followed
    return conversation_id


def _followed(conversation_id: int, *, by: Actor) -> int:
    """Where this one is merged into; itself where it is shown."""
    rows = visible_to(by).filter(pk=conversation_id).values_list("pk", "merged_into_id")
    if not rows:
        raise NoSuchConversation
    own, merged_into = rows[0]
    return merged_into or own


def _locked(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.select_for_update(of=("self",), no_key=True)


def hold_all(conversation_ids: Sequence[int], *, by: Actor) -> list[Conversation]:
    """Lock those of these conversations that may be seen and are not merged away, in key order."""
    wanted = visible_to(by).filter(pk__in=conversation_ids, merged_into=None).order_by("pk")
    return list(_locked(wanted))
