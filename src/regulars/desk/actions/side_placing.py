"""Mail that answers in a side conversation, put there: nobody becomes a customer, and it is our turn again."""

from collections.abc import Sequence

from regulars.channels.actions import returning, suppression
from regulars.channels.arrivals import DROPPED, PLACED, Arrived, Outcome
from regulars.channels.email.understanding import Bounce
from regulars.desk import side_threading, verbs, writings
from regulars.desk.actions import bounces, side_mail, states, steps
from regulars.desk.actions import side as sides
from regulars.desk.models import Conversation, SideConversation, SideMessage
from regulars.desk.recall import key_of
from regulars.desk.senders import OURSELVES, Sender
from regulars.desk.side_threading import Beside
from regulars.kernel import clock, people
from regulars.kernel.actors import SYSTEM


def place(one: Arrived, side_id: int, sender: Sender, *, key: str, beside: Beside) -> Outcome:
    """Add a mail to its side conversation, once; a report of a bounce goes to the message it is about."""
    held, side = sides.hold(side_id, by=SYSTEM)
    dropped = _why_dropped(one, sender, key, beside)
    if dropped:
        return Outcome(one.incoming_id, DROPPED, dropped)
    reported = side_threading.reported(one, beside)
    message = _add(side, one, sender, key=key, is_report=reported is not None)
    _tell(held, side, message, is_history=one.is_history)
    if reported is not None:
        _came_back(held, side, SideMessage.objects.get(pk=reported), one.mail.bounces)
    return Outcome(one.incoming_id, PLACED)


def _why_dropped(one: Arrived, sender: Sender, key: str, beside: Beside) -> str:
    own_id = key_of(one.mail.message_id) if one.mail.message_id else ""
    if sender.kind == OURSELVES and own_id in beside.from_here:
        return "It is a copy of what was sent from here."
    if SideMessage.objects.filter(key=key).exists():
        return "The same mail came before."
    if sender.address and people.suppressed([("email", sender.address)]):
        return "The sender was erased, and nothing more is kept of them."
    return ""


def _add(side: SideConversation, one: Arrived, sender: Sender, *, key: str, is_report: bool) -> SideMessage:
    """As said by whoever sent it; somebody new who has the signed address takes part from now on."""
    if not one.mail.is_automatic and sender.address and sender.kind != OURSELVES:
        sides.join(side, [{"name": sender.name, "address": sender.address, "came": True}])
    return sides.add(
        side,
        writings.written(one, key=key),
        author_kind=SideMessage.SYSTEM if is_report else SideMessage.OUTSIDE,
        author_name=sender.name,
        author_address=sender.address,
        at=min(one.received_at, clock.now()),
    )


def _tell(held: Conversation, side: SideConversation, message: SideMessage, *, is_history: bool) -> None:
    """On record, unread for whom it concerns, and their turn; what a machine wrote, and history, wait for nobody."""
    is_news = not message.is_automatic and not is_history
    if is_news:
        sides.to_open(held, side, by=SYSTEM)
        side_mail.to_unread(held, side)
    details = {"side": side.pk, "message": message.pk}
    steps.record(
        held, verbs.SIDE_RECEIVED, by=SYSTEM, details=details,
        properties={**details, "automatic": message.is_automatic}, is_live=not is_history,
    )  # fmt: skip
    if is_news:
        states.to_ours(held, side=side.pk)


def _came_back(held: Conversation, side: SideConversation, sent: SideMessage, failures: Sequence[Bounce]) -> None:
    """As with replies: the message failed, addresses it went to that are dead get nothing more, a person hears."""
    final = [one for one in failures if one.is_permanent]
    if not final:
        return
    written_to = {sides.normal(one["address"]) for role in ("to", "cc") for one in sent.recipients.get(role) or []}
    for one in final:
        address = sides.normal(one.recipient or "")
        if address in written_to and (one.status or "").startswith("5"):
            suppression.suppress(address, reason=bounces.words_of(one))
    sent.state = SideMessage.FAILED
    sent.trouble = "; ".join(dict.fromkeys(bounces.words_of(one) for one in final))[: bounces.LONGEST_TROUBLE]
    sent.save(update_fields=["state", "trouble"])
    returning.came_back(sent.external_id, trouble=sent.trouble)
    side_mail.to_undelivered(held, side, sent)
