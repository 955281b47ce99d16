"""What a reply answers, and to whom it goes."""

from typing import Any

from regulars.customers.selectors import addresses
from regulars.desk.models import Conversation, Message


def heard(conversation: Conversation) -> list[str]:
    """The Message-IDs of a conversation that left or came, oldest first."""
    rows = Message.objects.filter(conversation=conversation, kind=Message.MESSAGE, removed_at=None)
    return list(rows.exclude(external_id="").order_by("pk").values_list("external_id", flat=True))


def reply_to(conversation: Conversation) -> list[dict[str, Any]]:
    """Where an answer goes: what the customer's last message asked for, else the customer's own address."""
    rows = Message.objects.filter(
        conversation=conversation, kind=Message.MESSAGE, author_kind="customer", is_automatic=False
    )
    last = rows.order_by("-pk").values_list("recipients", flat=True).first() or {}
    asked = last.get("reply_to") or last.get("from") or []
    return asked or addresses.of(conversation.customer_id)
