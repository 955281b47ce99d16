"""Sending once more what did not leave, because a person wants it."""

from django.db import transaction

from regulars.channels.actions import deliveries
from regulars.desk import verbs
from regulars.desk.actions import holding, steps
from regulars.desk.errors import NoSuchMessage, NothingToRetry
from regulars.desk.models import Message
from regulars.kernel.actors import Actor


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
    deliveries.retry(f"message:{message.pk}")
    message.state, message.trouble = Message.LEAVING, ""
    message.save(update_fields=["state", "trouble"])
    steps.record(held, verbs.SENT_AGAIN, by=by, details={"message": message.pk}, properties={"message": message.pk})
    return message
