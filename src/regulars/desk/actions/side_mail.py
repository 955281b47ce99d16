"""Mail of side conversations on its way out: let go, carried, what became of it, tried again."""

from django.db import transaction

from regulars.channels.actions import deliveries, packing
from regulars.channels.letters import Enclosure, Letter
from regulars.channels.selectors import deliveries as tried
from regulars.desk import verbs
from regulars.desk.actions import side as sides
from regulars.desk.actions import steps, summaries
from regulars.desk.errors import CannotBeWritten, NoSuchMessage, NothingToRetry
from regulars.desk.models import Conversation, SideConversation, SideFile, SideMessage
from regulars.desk.selectors.side import heard
from regulars.kernel import clock, live
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import may_pass
from regulars.kernel.said import phrase as gettext
from regulars.kernel.said import shown

ABOUT = "side:"


def let_go(message_id: int) -> SideMessage | None:
    """Send a message on its way once its time has come; None when it was taken back, has left, or cannot leave.

    One whose letter cannot be written fails, where people see it. Trouble that may pass is raised: it is tried again.
    """
    try:
        return _let_go(message_id)
    except Exception as fault:
        if may_pass(fault):
            raise
        _fail(message_id, packing.why_not(fault))
        return None


def compose(side: SideConversation, message: SideMessage) -> Letter:
    """The letter of a message; answers to it come back to the side conversation and nowhere else."""
    before = heard(side)
    files = SideFile.objects.filter(message=message).order_by("pk")
    return Letter(
        channel_id=side.channel_id,
        side_id=side.pk,
        to=message.recipients.get("to") or [],
        cc=message.recipients.get("cc") or [],
        subject=side.subject,
        text=message.text,
        html=message.html,
        author_name=message.author_name,
        in_reply_to=before[-1] if before else "",
        references=before,
        enclosures=[Enclosure(file.digest, file.name, file.type, file.content_id) for file in files],
        external_id=message.external_id,
    )


@transaction.atomic
def settle(about: str, state: str, *, trouble: str, delivery_id: int) -> SideMessage | None:
    """Put down how a delivery ended; None when it carried no side message, or newer news is known."""
    held, side, message = _held(about)
    if held is None or side is None or message is None:
        return None
    if message.state == SideMessage.SENT or tried.state(delivery_id) != state:
        return None
    if state != SideMessage.SENT and not tried.is_last(delivery_id, about=about):
        return None
    message.state, message.trouble = state, trouble
    message.save(update_fields=["state", "trouble"])
    if trouble or state != SideMessage.SENT:
        to_undelivered(held, side, message)
    else:
        live.tell(steps.TOPIC, held.pk)
    return message


@transaction.atomic
def came_back(about: str, *, trouble: str) -> SideMessage | None:
    """What was sent did not arrive after all; None when that is known, or it carried no side message."""
    held, side, message = _held(about)
    if held is None or side is None or message is None or message.state == SideMessage.FAILED:
        return None
    message.state, message.trouble = SideMessage.FAILED, trouble
    message.save(update_fields=["state", "trouble"])
    to_undelivered(held, side, message)
    return message


@transaction.atomic
def postpone(about: str, *, trouble: str) -> SideMessage | None:
    """Say on the message why it has not left yet; it is tried again by itself."""
    held, _side, message = _held(about)
    if held is None or message is None or message.state != SideMessage.LEAVING:
        return None
    message.trouble = gettext("%(trouble)s – it is tried again by itself.") % {"trouble": trouble}
    message.save(update_fields=["trouble"])
    live.tell(steps.TOPIC, held.pk)
    return message


@transaction.atomic
def again(message_id: int, *, by: Actor) -> SideMessage:
    """Send once more what failed, or of which nobody knows whether it arrived, because a person wants it."""
    found = SideMessage.objects.filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage
    held, side = sides.hold(found.side_id, by=by)
    message = SideMessage.objects.select_for_update().get(pk=message_id)
    if message.state not in (SideMessage.FAILED, SideMessage.UNKNOWN):
        raise NothingToRetry
    about, has_left = f"{ABOUT}{message.pk}", bool(message.external_id)
    if tried.attempts(about).exists():
        deliveries.retry(about)
        message.state, message.trouble = SideMessage.LEAVING, ""
        message.save(update_fields=["state", "trouble"])
    else:
        _write_again(side, message)
    if not has_left:
        _record(held, side, message)
    live.tell(steps.TOPIC, held.pk)
    return message


def to_undelivered(held: Conversation, side: SideConversation, message: SideMessage) -> None:
    """A message did not reach everybody: said on it, and the side conversation is unread again."""
    details = {"side": side.pk, "message": message.pk}
    steps.record(
        held, verbs.SIDE_NOT_DELIVERED, by=SYSTEM, details=details, properties={**details, "outcome": message.state}
    )
    to_unread(held, side)


def to_unread(held: Conversation, side: SideConversation) -> None:
    """Something is there for whom it concerns to read."""
    side.unread_since = side.unread_since or clock.now()
    side.save(update_fields=["unread_since"])
    summaries.count_sides(held)


@transaction.atomic
def _let_go(message_id: int) -> SideMessage | None:
    held, side, message = _due(message_id)
    if held is None or side is None or message is None:
        return None
    _to_leave(side, message)
    _record(held, side, message)
    return message


@transaction.atomic
def _fail(message_id: int, words: str) -> None:
    held, side, message = _due(message_id)
    if held is None or side is None or message is None:
        return
    message.state, message.trouble = SideMessage.FAILED, words
    message.save(update_fields=["state", "trouble"])
    to_undelivered(held, side, message)


def _due(message_id: int) -> tuple[Conversation | None, SideConversation | None, SideMessage | None]:
    found = SideMessage.objects.filter(pk=message_id).first()
    if found is None:
        return None, None, None
    held, side = sides.hold(found.side_id, by=SYSTEM)
    message = SideMessage.objects.select_for_update().get(pk=message_id)
    if message.state != SideMessage.QUEUED or (message.due_at and message.due_at > clock.now()):
        return None, None, None
    return held, side, message


def _to_leave(side: SideConversation, message: SideMessage) -> None:
    message.state, message.trouble = SideMessage.LEAVING, ""
    message.external_id = deliveries.queue(compose(side, message), about=f"{ABOUT}{message.pk}").external_id
    message.save(update_fields=["state", "trouble", "external_id"])


def _write_again(side: SideConversation, message: SideMessage) -> None:
    try:
        _to_leave(side, message)
    except Exception as fault:
        if may_pass(fault):
            raise
        raise CannotBeWritten(shown(packing.why_not(fault))) from fault


def _record(held: Conversation, side: SideConversation, message: SideMessage) -> None:
    by = Actor("agent", message.author_id, message.author_name)
    earlier = SideMessage.objects.filter(side=side, removed_at=None, pk__lt=message.pk)
    if not earlier.exists():
        steps.record(held, verbs.SIDE_BEGUN, by=by, details={"side": side.pk}, properties={"side": side.pk})
    details = {"side": side.pk, "message": message.pk}
    steps.record(held, verbs.SIDE_SENT, by=by, details=details, properties=details)


def _held(about: str) -> tuple[Conversation | None, SideConversation | None, SideMessage | None]:
    kind, _, number = about.partition(":")
    found = SideMessage.objects.filter(pk=int(number)).first() if _is_ours(kind, number) else None
    if found is None:
        return None, None, None
    held, side = sides.hold(found.side_id, by=SYSTEM)
    return held, side, SideMessage.objects.select_for_update().get(pk=found.pk)


def _is_ours(kind: str, number: str) -> bool:
    return f"{kind}:" == ABOUT and number.isdecimal()
