"""Who takes part in a conversation."""

from regulars.customers.selectors import addresses
from regulars.desk.models import Conversation, Message
from regulars.desk.selectors import threads

MOST_MESSAGES = 200


def takes_part(address: str, *, conversation_id: int) -> bool:
    """Whether somebody with this normalised address is the customer, wrote, or was written to."""
    if not address:
        return False
    conversation = Conversation.objects.filter(pk=conversation_id).only("customer_id").first()
    if conversation is None:
        return False
    return address in _named(conversation) or any(
        one["address"].lower() == address for one in addresses.of(conversation.customer_id)
    )


def _named(conversation: Conversation) -> set[str]:
    rows = threads.said_in(conversation).filter(kind=Message.MESSAGE, removed_at=None).order_by("-pk")
    return {
        str(person.get("address") or "").lower()
        for recipients in rows.values_list("recipients", flat=True)[:MOST_MESSAGES]
        for role in ("from", "to", "cc", "reply_to")
        for person in recipients.get(role) or []
    }
