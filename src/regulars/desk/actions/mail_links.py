"""Conversations that belong together because of their mail: one follows the other, or both got the same."""

from regulars.desk.models import Conversation, Link, Message
from regulars.desk.recall import Recalled, content_of
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM

MOST_COPIES = 10


def link_follower(held: Conversation, earlier_id: int) -> None:
    """A new conversation goes on where one closed long ago left off."""
    _link(held, earlier_id, Link.FOLLOWS)


def newest_follower(held: Conversation) -> int | None:
    """The latest conversation that followed this one, so that a second answer goes there as well."""
    rows = Link.objects.filter(other=held, why=Link.FOLLOWS).order_by("-conversation")
    return rows.values_list("conversation", flat=True).first()


def link_copies(held: Conversation, message: Message, *, known: Recalled) -> None:
    """The same mail in two mailboxes makes two conversations that know of each other."""
    for other_id, content in known.elsewhere.get(message.external_id, ())[:MOST_COPIES]:
        is_same = content == content_of(message.key or "")
        if is_same and not Link.objects.filter(conversation=other_id, other=held).exists():
            _link(held, other_id, Link.SAME_MAIL)


def _link(held: Conversation, other_id: int, why: str) -> None:
    if held.pk != other_id:
        link = Link(conversation=held, other_id=other_id, why=why, at=clock.now(), by=str(SYSTEM))
        Link.objects.bulk_create([link], ignore_conflicts=True)
