"""Replies leave once nobody can take them back any more; the channel carries them from there."""

from django.db import transaction

from regulars.channels import selectors as channels
from regulars.channels.actions import deliveries, packing
from regulars.desk import verbs
from regulars.desk.actions import holding, letters, outcomes, steps
from regulars.desk.models import Conversation, Message
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import may_pass


def let_go(message_id: int) -> Message | None:
    """Send a reply on its way once its time has come; None when it was taken back, has left already, or cannot leave.

    One whose letter cannot be written fails, where people see it. Trouble that may pass is raised: it is tried again.
    """
    try:
        return _let_go(message_id)
    except Exception as fault:
        if may_pass(fault):
            raise
        _fail(message_id, packing.why_not(fault))
        return None


def to_leave(held: Conversation, message: Message) -> None:
    """Give a held reply to its channel; raises whatever is wrong with its letter."""
    message.state, message.before, message.trouble = Message.SENT, {}, ""
    if carrier := channels.carrier(message.channel_id):
        message.state, message.channel_id = Message.LEAVING, carrier  # answers come in where it left
        letter = letters.compose(held, message)
        delivery = deliveries.queue(letter, about=f"{outcomes.ABOUT}{message.pk}", customer_id=held.customer_id)
        message.external_id = delivery.external_id
    message.save(update_fields=["state", "before", "trouble", "external_id", "channel"])


def author(message: Message) -> Actor:
    """Who wrote a message."""
    return Actor(message.author_kind, message.author_id, message.author_name)  # type: ignore[arg-type]  # one of its kinds


@transaction.atomic
def _let_go(message_id: int) -> Message | None:
    held, message = _due(message_id)
    if held is None or message is None:
        return None
    to_leave(held, message)
    steps.record_message(held, message, verbs.REPLIED, by=author(message))
    return message


@transaction.atomic
def _fail(message_id: int, words: str) -> None:
    held, message = _due(message_id)
    if held is None or message is None:
        return
    message.state, message.before, message.trouble = Message.FAILED, {}, words
    message.save(update_fields=["state", "before", "trouble"])
    outcomes.to_undelivered(held, message)


def _due(message_id: int) -> tuple[Conversation | None, Message | None]:
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        return None, None
    held = holding.hold(found.conversation_id, by=SYSTEM)
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state != Message.QUEUED or (message.due_at and message.due_at > clock.now()):
        return None, None
    return held, message
