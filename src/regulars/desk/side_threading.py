"""Which side conversation a mail belongs to, if any: asked before anybody asks which conversation, or who wrote.

The looks are those of `threading`, in its order and within the channel. They come first, for the sake of who
writes: a supplier who answers must not become a customer. Where a mark of a conversation is found before one
of a side conversation, it is the conversation's. There is no look by subject: side conversations have no number
that people read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from regulars.channels.arrivals import Arrived
from regulars.channels.email import marks
from regulars.customers import normalise
from regulars.desk.models import SideConversation, SideMessage
from regulars.desk.recall import Recalled, key_of, named_by
from regulars.desk.threading import MOST_ADDRESSES


@dataclass(slots=True)
class Beside:
    """What is known of the mails a batch names: whose side conversations they are in, and which we sent."""

    channel_id: int
    said: dict[str, int] = field(default_factory=dict)
    from_here: dict[str, int] = field(default_factory=dict)  # Message-ID to the message itself
    people: dict[int, set[str]] = field(default_factory=dict)


def find_all(arrived: Sequence[Arrived], *, known: Recalled) -> tuple[list[int | None], Beside]:
    """The side conversation of each mail of one channel's batch, or none; a mail is known to those after it."""
    beside = _recall(arrived)
    found: list[int | None] = []
    for one in arrived:
        side_id = _find(one, known, beside)
        if side_id is not None and one.mail.message_id:
            beside.said.setdefault(key_of(one.mail.message_id), side_id)
        found.append(side_id)
    return found, beside


def reported(one: Arrived, beside: Beside) -> int | None:
    """The message of ours that a report of a bounce is about."""
    ids = (key_of(bounce.message_id) for bounce in one.mail.bounces if bounce.message_id)
    return next((beside.from_here[each] for each in ids if each in beside.from_here), None)


def _find(one: Arrived, known: Recalled, beside: Beside) -> int | None:
    own = key_of(one.mail.message_id) if one.mail.message_id else ""
    if own in beside.from_here:
        return beside.said[own]
    if (message_id := reported(one, beside)) is not None:
        return next(beside.said[key] for key, value in beside.from_here.items() if value == message_id)
    is_decided, side_id = _by_address(one)
    return side_id if is_decided else _by_answered(one, known, beside)


def _by_address(one: Arrived) -> tuple[bool, int | None]:
    said = one.envelope.get("to") or []
    people = (each.address for each in (*one.mail.to[:MOST_ADDRESSES], *one.mail.cc[:MOST_ADDRESSES]))
    for address in (*one.mail.delivered_to, *said[:MOST_ADDRESSES], *people):
        named = marks.side_of_address(address or "", channel_id=one.channel_id)
        if named is not None and _is_on(named, one.channel_id):
            return True, named
        if marks.conversation_of_address(address or "", channel_id=one.channel_id) is not None:
            return True, None
    return False, None


def _by_answered(one: Arrived, known: Recalled, beside: Beside) -> int | None:
    """By what it answers. What others wrote is no secret, so naming it alone lets nobody in who takes no part."""
    for named in named_by(one):
        if named in known.said or marks.conversation_of_message_id(named, channel_id=one.channel_id) is not None:
            return None
        if named in beside.from_here:
            return beside.said[named]
        own = marks.side_of_message_id(named, channel_id=one.channel_id)
        if own is not None and _is_on(own, one.channel_id):
            return own
        side_id = beside.said.get(named)
        if side_id is not None and _takes_part(one, side_id, beside):
            return side_id
    return None


def _takes_part(one: Arrived, side_id: int, beside: Beside) -> bool:
    if side_id not in beside.people:
        people = SideConversation.objects.values_list("participants", flat=True).get(pk=side_id)
        beside.people[side_id] = {normalise.email(each["address"]) or "" for each in people}
    sender = normalise.email(one.mail.author.address or "") if one.mail.author else ""
    return bool(sender) and sender in beside.people[side_id]


def _recall(arrived: Sequence[Arrived]) -> Beside:
    beside = Beside(arrived[0].channel_id)
    rows = SideMessage.objects.filter(external_id__in=_ids(arrived), side__channel=beside.channel_id)
    for pk, external_id, side_id, state in rows.order_by("pk").values_list("pk", "external_id", "side_id", "state"):
        beside.said.setdefault(external_id, side_id)
        if state:
            beside.from_here[external_id] = pk
    return beside


def _ids(arrived: Iterable[Arrived]) -> list[str]:
    found: dict[str, None] = {}
    for one in arrived:
        found.update(dict.fromkeys(named_by(one)))
        named = [one.mail.message_id, *(bounce.message_id for bounce in one.mail.bounces)]
        found.update(dict.fromkeys(key_of(each) for each in named if each))
    return list(found)


def _is_on(side_id: int, channel_id: int) -> bool:
    return SideConversation.objects.filter(pk=side_id, channel=channel_id).exists()
