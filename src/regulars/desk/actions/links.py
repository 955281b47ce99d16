"""Conversations that belong together and stay two."""

from django.db import transaction
from django.db.models import Q

from regulars.desk import verbs
from regulars.desk.actions import holding, steps
from regulars.desk.errors import CannotLinkWithItself
from regulars.desk.models import Conversation, Link
from regulars.kernel import clock
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
    _record(one, other, verbs.LINKED, by=by)
    return Link.objects.create(conversation=one, other=other, why=Link.BY_HAND, at=clock.now(), by=str(by))


@transaction.atomic
def take_away(conversation_id: int, link_id: int, *, by: Actor) -> None:
    """Say that they do not belong together after all; of what the actor may not see, nothing is taken."""
    shown = holding.shown_for(conversation_id, by=by)
    link = Link.objects.filter(Q(conversation=shown) | Q(other=shown), pk=link_id).first()
    if link is None:
        return
    across = link.other_id if link.conversation_id == shown else link.conversation_id
    one, other = holding.hold_both(shown, across, by=by)
    if Link.objects.filter(pk=link_id).delete()[0]:
        _record(one, other, verbs.UNLINKED, by=by)


def _record(one: Conversation, other: Conversation, verb: str, *, by: Actor) -> None:
    """Each of them tells of it: a link stands on both sides."""
    for held, linked in {one.pk: (one, other), other.pk: (other, one)}.values():
        said = {"linked": linked.pk}
        steps.record(held, verb, by=by, details=said, properties=said)
