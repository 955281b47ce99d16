"""Sending once more what did not leave, because a person wants it."""

from django.db import transaction

from regulars.channels.actions import deliveries, packing
from regulars.channels.selectors import deliveries as tried
from regulars.desk import verbs
from regulars.desk.actions import holding, letting_go, outcomes, steps
from regulars.desk.errors import CannotBeWritten, NoSuchMessage, NothingToRetry
from regulars.desk.models import Conversation, Message
from regulars.kernel.actors import Actor
from regulars.kernel.errors import may_pass
from regulars.kernel.said import shown


@transaction.atomic
def again(message_id: int, *, by: Actor) -> Message:
    """Send a reply that failed, or of which nobody knows whether it arrived, once more."""
    found = Message.objects.filter(pk=message_id, kind=Message.MESSAGE).first()
    if found is None:
        raise NoSuchMessage
    held = holding.hold(found.conversation_id, by=by)
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state not in (Message.FAILED, Message.UNKNOWN):
        raise NothingToRetry
    has_left = bool(message.external_id)
    _send(held, message)
    if not has_left:
        steps.record_message(held, message, verbs.REPLIED, by=letting_go.author(message))
    steps.record(held, verbs.SENT_AGAIN, by=by, details={"message": message.pk}, properties={"message": message.pk})
    return message


def _send(held: Conversation, message: Message) -> None:
    """By another delivery of the same letter; by a new letter where there is none, as it could not be written."""
    about = f"{outcomes.ABOUT}{message.pk}"
    if tried.attempts(about).exists():
        deliveries.retry(about)
        message.state, message.trouble = Message.LEAVING, ""
        message.save(update_fields=["state", "trouble"])
        return
    try:
        letting_go.to_leave(held, message)
    except Exception as fault:
        if may_pass(fault):
            raise
        raise CannotBeWritten(shown(packing.why_not(fault))) from fault
