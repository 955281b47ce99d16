"""Mail that came back: the report goes to the message it is about, which failed, and a person hears of it."""

from collections.abc import Sequence

from regulars.channels.actions import returning, suppression
from regulars.channels.arrivals import Arrived
from regulars.channels.email.understanding import Bounce
from regulars.customers import normalise
from regulars.customers.selectors import addresses
from regulars.desk.actions import outcomes
from regulars.desk.models import Conversation, Message
from regulars.desk.recall import key_of

LONGEST_TROUBLE = 1_000


def reported(one: Arrived) -> Message | None:
    """The message a report is about, by the Message-ID inside it, if it went out from this channel."""
    for bounce in one.mail.bounces:
        if bounce.message_id and (found := _sent(one.channel_id, bounce.message_id)):
            return found
    return None


def came_back(held: Conversation, sent: Message, failures: Sequence[Bounce]) -> None:
    """What a report changes: the message failed, dead addresses get nothing more, and it is our turn.

    A report is mail, and anybody can write one: an address is only given up when this very message went
    to it. A report that somebody keeps trying changes nothing.
    """
    final = [one for one in failures if one.is_permanent]
    if not final:
        return
    written_to = _written_to(held, sent)
    for one in final:
        address = normalise.email(one.recipient or "")
        if address and address in written_to and (one.status or "").startswith("5"):
            suppression.suppress(address, reason=words_of(one), about=f"message:{sent.pk}")
    sent.state = Message.FAILED
    sent.trouble = "; ".join(dict.fromkeys(words_of(one) for one in final))[:LONGEST_TROUBLE]
    sent.save(update_fields=["state", "trouble"])
    returning.came_back(sent.external_id, trouble=sent.trouble)
    outcomes.to_undelivered(held, sent)


def _written_to(held: Conversation, sent: Message) -> set[str]:
    said = [one.get("address", "") for role in ("to", "cc", "bcc") for one in sent.recipients.get(role) or []]
    own = [one["address"] for one in addresses.of(held.customer_id)]
    heard = Message.objects.filter(conversation=held, author_kind="customer", pk__lt=sent.pk).order_by("-pk")
    for recipients in heard.values_list("recipients", flat=True)[:20]:
        said += [one.get("address", "") for role in ("from", "reply_to") for one in recipients.get(role) or []]
    return {address.lower() for address in [*said, *own] if address}


def words_of(failure: Bounce) -> str:
    """Why a mail came back, as its report says it."""
    said = [failure.recipient, failure.status, failure.diagnostic]
    return " ".join(normalise.clean(one) for one in said if one)[:500] or "It came back."


def _sent(channel_id: int, message_id: str) -> Message | None:
    rows = Message.objects.filter(channel=channel_id, external_id=key_of(message_id))
    return rows.exclude(author_kind="customer").order_by("-pk").first()
