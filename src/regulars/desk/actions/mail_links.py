"""Conversations that belong together because of their mail: one follows the other, or both got the same."""

from regulars.channels.arrivals import Arrived
from regulars.desk.models import Conversation, Link, Message
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM


def link_follower(held: Conversation, earlier_id: int) -> None:
    """A new conversation goes on where one closed long ago left off."""
    _link(held, earlier_id, Link.FOLLOWS)


def newest_follower(held: Conversation) -> int | None:
    """The latest conversation that followed this one, so that a second answer goes there as well."""
    rows = Link.objects.filter(other=held, why=Link.FOLLOWS).order_by("-conversation")
    return rows.values_list("conversation", flat=True).first()


def link_copies(held: Conversation, one: Arrived, message: Message) -> None:
    """The same mail in two mailboxes makes two conversations that know of each other."""
    if not message.external_id or not message.key:
        return
    content = message.key.rpartition(":")[2]
    others = Message.objects.filter(external_id=message.external_id, key__endswith=f":{content}")
    for other_id in others.exclude(channel=one.channel_id).order_by("pk").values_list("conversation", flat=True)[:10]:
        if not Link.objects.filter(conversation=other_id, other=held).exists():
            _link(held, other_id, Link.SAME_MAIL)


def _link(held: Conversation, other_id: int, why: str) -> None:
    if held.pk != other_id:
        link = Link(conversation=held, other_id=other_id, why=why, at=clock.now(), by=str(SYSTEM))
        Link.objects.bulk_create([link], ignore_conflicts=True)
