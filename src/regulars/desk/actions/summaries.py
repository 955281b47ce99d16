"""What lists show of a conversation, counted again from its messages: after a merge, a split, or an undo."""

from datetime import datetime

from django.db.models import Count, Q

from regulars.desk.formatting import without_marks
from regulars.desk.models import Attachment, Conversation, Message, SideConversation

PREVIEW = 200


def beginning(text: str, *, by: str) -> str:
    """What lists show of a message; of a customer's as it was typed, of ours without the marks we write with."""
    begins = text[: PREVIEW * 3]
    return " ".join((begins if by == "customer" else without_marks(begins)).split())[:PREVIEW]


def count_again(held: Conversation) -> None:
    """Bring a held conversation's row up to the messages of it and of those merged into it."""
    family = [held.pk, *Conversation.objects.filter(merged_into=held).values_list("pk", flat=True)]
    there = Message.objects.filter(conversation__in=family, removed_at=None)
    last = there.filter(is_automatic=False).order_by("-at", "-pk").first()
    newest = there.order_by("-at").values_list("at", flat=True).first()
    held.message_count = there.count()
    held.last_at = newest or held.created_at
    held.preview = beginning(last.text, by=last.author_kind) if last else ""
    held.last_author = last.author_kind if last else ""
    held.has_attachments = Attachment.objects.filter(message__in=there, is_inline=False).exists()
    held.waiting_since = _waiting_since(held, family)
    fields = ["message_count", "last_at", "preview", "last_author", "has_attachments", "waiting_since"]
    held.save(update_fields=fields)
    count_sides(held)


def count_sides(held: Conversation) -> None:
    """How many side conversations it and those merged into it have, and in how many an answer waits to be read."""
    there = SideConversation.objects.filter(
        Q(conversation=held) | Q(conversation__merged_into=held), message_count__gt=0
    )
    counted = there.aggregate(side_count=Count("pk"), side_unread=Count("pk", filter=Q(unread_since__isnull=False)))
    held.side_count, held.side_unread = counted["side_count"], counted["side_unread"]
    held.save(update_fields=list(counted))


def _waiting_since(held: Conversation, family: list[int]) -> datetime | None:
    """When the customer's first message came that no person has answered; none waits in what is resolved."""
    if held.status == Conversation.RESOLVED:
        return None
    said = Message.objects.filter(
        conversation__in=family, kind=Message.MESSAGE, removed_at=None, is_automatic=False
    ).order_by("at", "pk")
    answered = said.filter(author_kind="agent").last()
    asked = said.filter(author_kind="customer")
    if answered is not None:
        asked = asked.filter(at__gt=answered.at)
    return asked.values_list("at", flat=True).first()
