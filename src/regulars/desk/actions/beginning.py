"""An agent writes first."""

from datetime import datetime

from django.db import transaction

from regulars.accounts import permission
from regulars.channels import selectors as channels
from regulars.customers.selectors import families
from regulars.desk.actions import conversations, first_drafts, messages
from regulars.desk.actions.messages import Written
from regulars.desk.errors import CannotSendHere
from regulars.desk.models import Conversation, Message
from regulars.kernel.actors import Actor


@transaction.atomic
def write_first(
    customer_id: int,
    written: Written,
    *,
    channel_id: int,
    subject: str,
    by: Actor,
    kind: str = Conversation.ISSUE,
    due_at: datetime | None = None,
    ends_draft: bool = False,
) -> Message:
    """Begin a conversation with a message to the customer; it is theirs to answer, and the agent has it.

    The same form sent twice begins one conversation. With `ends_draft` it is what the agent had begun to write to them.
    """
    permission.require("answer", by=by)
    if ends_draft:
        first_drafts.hold(by=by)
    known = Message.objects.filter(key=written.key).first() if written.key else None
    if known is not None:
        return known
    if not channels.carries(channel_id) or channels.channels().filter(pk=channel_id).first() is None:
        raise CannotSendHere
    head = families.family(customer_id).head
    begun = conversations.start(head.pk, channel_id=channel_id, by=by, subject=subject, kind=kind)
    if ends_draft:
        first_drafts.to_sent(head.pk, by=by)
    return messages.reply(begun.pk, written, by=by, due_at=due_at)
