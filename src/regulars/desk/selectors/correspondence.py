"""What a reply answers, and to whom it goes."""

import json
from datetime import datetime
from typing import Any, Final

from regulars.channels import selectors as channels
from regulars.channels.letters import Quote
from regulars.customers.selectors import addresses
from regulars.desk.models import Conversation, Message
from regulars.desk.selectors import threads
from regulars.kernel import prepared

LONGEST_QUOTE = 20_000
# Of each conversation the last: asked for the last of several at once, the database may read all messages there are.
_LAST: Final = """
SELECT said.recipients::text
  FROM unnest(%(conversations)s::bigint[]) AS own (id) CROSS JOIN LATERAL (
           SELECT id, recipients FROM desk_message
            WHERE conversation_id = own.id AND kind = 'message' AND author_kind = 'customer' AND NOT is_automatic
            ORDER BY id DESC LIMIT 1) AS said
 ORDER BY said.id DESC LIMIT 1
"""


def heard(conversation: Conversation) -> list[str]:
    """The Message-IDs of a conversation, and of those merged into it, that left or came, oldest first."""
    rows = threads.said_in(conversation).filter(kind=Message.MESSAGE, removed_at=None)
    return list(rows.exclude(external_id="").order_by("pk").values_list("external_id", flat=True))


def reply_to(conversation: Conversation) -> list[dict[str, Any]]:
    """Where an answer goes: what the customer's last message asked for, else the customer's own address."""
    return _to(conversation, _last_recipients(conversation))


def answering(conversation: Conversation) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Where an answer goes, and who else goes on reading."""
    last = _last_recipients(conversation)
    return _to(conversation, last), _others(last)


def copied(conversation: Conversation) -> list[dict[str, Any]]:
    """Who else the customer's last message went to, ourselves left out: they go on reading."""
    return _others(_last_recipients(conversation))


def _to(conversation: Conversation, last: dict[str, Any]) -> list[dict[str, Any]]:
    asked = last.get("reply_to") or last.get("from") or []
    return asked or addresses.of(conversation.customer_id)


def _others(last: dict[str, Any]) -> list[dict[str, Any]]:
    others = last.get("cc") or []
    ours = {channel.address.casefold() for channel in channels.channels()} if others else set()
    return [one for one in others if one.get("address", "").casefold() not in ours]


def _last_recipients(conversation: Conversation) -> dict[str, Any]:
    with prepared.cursor() as cursor:
        cursor.execute(_LAST, {"conversations": list(threads.numbers(conversation))})
        found = cursor.fetchone()
    return json.loads(found[0]) if found else {}


def unanswered_since(conversation: Conversation) -> datetime | None:
    """When the customer's first message came that no answer which left has followed; None when all are answered."""
    said = Message.objects.filter(
        conversation=conversation, kind=Message.MESSAGE, removed_at=None, is_automatic=False
    ).order_by("pk")
    lost = (Message.FAILED, Message.UNKNOWN, Message.CANCELLED)
    answers = said.exclude(author_kind="customer").exclude(state__in=lost)
    last = answers.values_list("pk", flat=True).last() or 0
    return said.filter(author_kind="customer", pk__gt=last).values_list("at", flat=True).first()


def quote(conversation: Conversation) -> Quote | None:
    """The customer's last message, for channels that show it below the answer."""
    said = Message.objects.filter(conversation=conversation, kind=Message.MESSAGE, author_kind="customer")
    last = said.filter(removed_at=None, is_automatic=False).order_by("-pk").first()
    if last is None:
        return None
    author = last.author_name or next((one["name"] for one in last.recipients.get("from") or [] if one.get("name")), "")
    return Quote(author=author, at=last.at.isoformat(), text=last.text[:LONGEST_QUOTE])
