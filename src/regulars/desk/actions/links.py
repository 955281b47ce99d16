"""Conversations that belong together and stay two."""

from django.db import transaction
from django.db.models import Q

from regulars.desk.actions import holding
from regulars.desk.errors import CannotLinkWithItself
from regulars.desk.models import Link
from regulars.kernel import clock, live
from regulars.kernel.actors import Actor


@transaction.atomic
def put(conversation_id: int, other_id: int, *, by: Actor) -> Link:
    """Say that two conversations belong together; once is enough, from whichever side."""
    one, other = holding.hold_both(conversation_id, other_id, by=by)
    if one.pk == other.pk:
        raise CannotLinkWithItself
    known = Link.objects.filter(Q(conversation=one, other=other) | Q(conversation=other, other=one)).first()
    if known is not None:
        return known
    live.tell("conversation", one.pk)
    return Link.objects.create(conversation=one, other=other, why=Link.BY_HAND, at=clock.now(), by=str(by))


@transaction.atomic
def take_away(conversation_id: int, link_id: int, *, by: Actor) -> None:
    """Say that they do not belong together after all."""
    held = holding.hold(conversation_id, by=by)
    Link.objects.filter(Q(conversation=held) | Q(other=held), pk=link_id).delete()
    live.tell("conversation", held.pk)
