"""Replies leave once nobody can take them back any more; the channel carries them from there."""

from django.db import transaction

from regulars.channels import selectors as channels
from regulars.channels.actions import deliveries
from regulars.desk import verbs
from regulars.desk.actions import holding, letters, steps
from regulars.desk.models import Message
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor


@transaction.atomic
def let_go(message_id: int) -> Message | None:
    """Send a reply on its way once its time has come; None when it was taken back or has left already."""
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        return None
    held = holding.hold(found.conversation_id, by=SYSTEM)
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state != Message.QUEUED or (message.due_at and message.due_at > clock.now()):
        return None
    message.state, message.before = Message.SENT, {}
    if carrier := channels.carrier(message.channel_id):
        message.state, message.channel_id = Message.LEAVING, carrier  # answers come in where it left
        letter = letters.compose(held, message)
        delivery = deliveries.queue(letter, about=f"message:{message.pk}", customer_id=held.customer_id)
        message.external_id = delivery.external_id
    message.save(update_fields=["state", "before", "external_id", "channel"])
    steps.record_message(held, message, verbs.REPLIED, by=author(message))
    return message


def author(message: Message) -> Actor:
    """Who wrote a message."""
    return Actor(message.author_kind, message.author_id, message.author_name)  # type: ignore[arg-type]  # one of its kinds
