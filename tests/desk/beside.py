"""Somebody else asked beside a conversation: a carrier, by mail."""

from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default

from regulars.accounts.models import Agent
from regulars.channels.email import marks
from regulars.channels.email.out import composing
from regulars.channels.email.out.wishes import Wishes
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery
from regulars.desk.actions import side, side_mail
from regulars.desk.actions.messages import TO_UNDO, File, Written
from regulars.desk.models import Conversation, SideConversation, SideMessage
from regulars.kernel import clock

CARRIER = "Parcel Express <depot@carrier.example>"
TO_CARRIER = {"to": [{"name": "Parcel Express", "address": "Depot@carrier.example"}]}


def ask_carrier(
    question: Conversation, by: Agent, text: str = "Where is parcel 7?", *, files: tuple[File, ...] = ()
) -> SideMessage:
    """Ask, and let it leave."""
    written = Written(text=text, recipients=TO_CARRIER, files=files)
    return leave(side.begin(question.pk, written, subject="Parcel 7", by=by.actor))


def leave(message: SideMessage) -> SideMessage:
    """Let the ten seconds pass."""
    with clock.frozen(clock.now() + TO_UNDO):
        side_mail.let_go(message.pk)
    message.refresh_from_db()
    return message


def address_of(asked: SideMessage) -> str:
    """The signed address answers go to."""
    found = SideConversation.objects.select_related("channel").get(pk=asked.side_id)
    return marks.side_address(found.channel.address, channel_id=found.channel_id, side_id=found.pk)


def as_mail(asked: SideMessage) -> Mail:
    """What the third party gets."""
    delivery = Delivery.objects.get(about=f"side:{asked.pk}")
    channel = Channel.objects.get(pk=delivery.channel_id)
    wishes = Wishes.of(channel.settings, address=channel.address, company="Shop")
    parcel = composing.compose(Letter.of_json(delivery.letter), wishes, at=delivery.created_at, read=lambda _: b"pdf")
    return message_from_bytes(parcel.raw, policy=default)
