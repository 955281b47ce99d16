"""What became of what was sent: shown on the message, and our turn again when it did not arrive."""

from django.db import transaction

from regulars.channels.selectors import deliveries as tried
from regulars.desk import verbs
from regulars.desk.actions import holding, states, steps
from regulars.desk.models import Conversation, Message
from regulars.desk.selectors import correspondence
from regulars.kernel import live
from regulars.kernel.actors import SYSTEM
from regulars.kernel.said import in_english
from regulars.kernel.said import phrase as gettext

ABOUT = "message:"


@transaction.atomic
def settle(about: str, state: str, *, trouble: str, delivery_id: int) -> Message | None:
    """Put down how a delivery ended; None when it carried no message, or newer news is known.

    That it was sent counts unless it came back since. That it failed does not, once another attempt is
    under way.
    """
    held, message = _held(about)
    if held is None or message is None or message.state == Message.SENT or tried.state(delivery_id) != state:
        return None
    if state != Message.SENT and not tried.is_last(delivery_id, about=about):
        return None
    message.state, message.trouble = state, trouble
    message.save(update_fields=["state", "trouble"])
    if trouble or state != Message.SENT:
        to_undelivered(held, message)
    else:
        live.tell(steps.TOPIC, held.pk)
    return message


@transaction.atomic
def came_back(about: str, *, trouble: str) -> Message | None:
    """What was sent did not arrive after all; None when that is known, or it carried no message."""
    held, message = _held(about)
    if held is None or message is None or message.state == Message.FAILED:
        return None
    message.state, message.trouble = Message.FAILED, trouble
    message.save(update_fields=["state", "trouble"])
    to_undelivered(held, message)
    return message


@transaction.atomic
def postpone(about: str, *, trouble: str) -> Message | None:
    """Say on the message why it has not left yet; it is tried again by itself."""
    held, message = _held(about)
    if held is None or message is None or message.state != Message.LEAVING:
        return None
    message.trouble = gettext("%(trouble)s – it is tried again by itself.") % {"trouble": trouble}
    message.save(update_fields=["trouble"])
    live.tell(steps.TOPIC, held.pk)
    return message


def to_undelivered(held: Conversation, message: Message) -> None:
    """Tell that a message did not reach everybody; if a person wrote it, the conversation is our turn again."""
    details = {"message": message.pk, "state": message.state, "trouble": in_english(message.trouble)}
    properties = {"message": message.pk, "outcome": message.state}
    steps.record(held, verbs.NOT_DELIVERED, by=SYSTEM, details=details, properties=properties)
    if message.is_automatic:
        return
    held.waiting_since = correspondence.unanswered_since(held)
    held.save(update_fields=["waiting_since"])
    states.to_open(held, by=SYSTEM)


def _held(about: str) -> tuple[Conversation | None, Message | None]:
    kind, _, number = about.partition(":")
    if f"{kind}:" != ABOUT or not number.isdecimal():
        return None, None
    found = Message.objects.filter(pk=int(number)).first()
    if found is None:
        return None, None
    held = holding.hold(found.conversation_id, by=SYSTEM)
    return held, Message.objects.select_for_update().get(pk=found.pk)
