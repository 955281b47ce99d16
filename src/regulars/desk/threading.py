"""Which conversation a mail belongs to. The order of the looks is the design's; each stays within the channel.

Signed plus-address; every In-Reply-To; References, newest first; our own Message-ID; a signed marker
in the text; mail that came before what it answers; and last a number in the subject, which anybody can
write, and which counts only from somebody who takes part in that conversation.
"""

from collections.abc import Callable, Iterator, Sequence

from regulars.channels.arrivals import Arrived
from regulars.channels.email import marks
from regulars.desk.models import Conversation, Message
from regulars.desk.recall import MOST_IDS, Recalled, key_of, named_by
from regulars.desk.selectors.participants import takes_part

MOST_ADDRESSES = 200


Look = Callable[[Arrived, str, Recalled], int | None]


def find(arrived: Arrived, *, sender: str, known: Recalled) -> int | None:
    """The conversation this mail goes on with, or none; `sender` is the normalised address of who wrote."""
    looks: tuple[Look, ...] = (_by_address, _by_answered, _by_own_id, _by_marker, _by_awaited, _by_subject)
    return next((found for look in looks if (found := look(arrived, sender, known)) is not None), None)


def likely(arrived: Arrived, known: Recalled) -> Iterator[int]:
    """What it probably goes on with, before anybody looks closely."""
    said = arrived.envelope.get("to") or []
    for address in (*arrived.mail.delivered_to[:5], *said[:5], *(one.address for one in arrived.mail.to[:5])):
        named = marks.conversation_of_address(address or "", channel_id=arrived.channel_id)
        if named is not None:
            yield named
    for one in named_by(arrived):
        yield from known.said.get(one, ())[:1]


def _by_address(arrived: Arrived, sender: str, known: Recalled) -> int | None:
    mail = arrived.mail
    said = arrived.envelope.get("to") or []
    people = (one.address for one in (*mail.to[:MOST_ADDRESSES], *mail.cc[:MOST_ADDRESSES]))
    for address in (*mail.delivered_to, *said[:MOST_ADDRESSES], *people):
        named = marks.conversation_of_address(address or "", channel_id=arrived.channel_id)
        if named is not None and _is_there(named):
            return named
    return None


def _by_answered(arrived: Arrived, sender: str, known: Recalled) -> int | None:
    found = next((one for one in named_by(arrived) if one in known.said), None)
    return None if found is None else _likeliest(known.said[found], sender, known)


def _by_own_id(arrived: Arrived, sender: str, known: Recalled) -> int | None:
    named = (marks.conversation_of_message_id(one, channel_id=arrived.channel_id) for one in named_by(arrived))
    return next((one for one in named if one is not None and _is_there(one)), None)


def _by_marker(arrived: Arrived, sender: str, known: Recalled) -> int | None:
    named = marks.conversations_of_body(arrived.mail.text, channel_id=arrived.channel_id)
    return next((one for one in named if _is_there(one)), None)


def _by_awaited(arrived: Arrived, sender: str, known: Recalled) -> int | None:
    """Answers may come before what they answer; two that answer the same unknown mail only if one takes part in both.

    A thousand people may answer one newsletter that never came here: those are a thousand matters.
    """
    own = key_of(arrived.mail.message_id) if arrived.mail.message_id else ""
    for_this = list(dict.fromkeys(known.awaited.get(own, ())))
    if len(for_this) == 1:
        return for_this[0]
    beside = [each for one in named_by(arrived) for each in known.awaited.get(one, ())]
    everyone = for_this or list(dict.fromkeys(beside))
    return next((one for one in everyone[:MOST_IDS] if _takes_part(sender, one, known)), None)


def _by_subject(arrived: Arrived, sender: str, known: Recalled) -> int | None:
    for named in marks.conversations_of_subject(arrived.mail.subject or ""):
        if _is_on(named, arrived.channel_id) and _takes_part(sender, named, known):
            return named
    return None


def _likeliest(conversation_ids: Sequence[int], sender: str, known: Recalled) -> int:
    """Ids are reused and forged: of several, the one the sender takes part in, else the first."""
    different = list(dict.fromkeys(conversation_ids))
    if len(different) == 1:
        return different[0]
    return next((one for one in different if _takes_part(sender, one, known)), different[0])


def _takes_part(sender: str, conversation_id: int, known: Recalled) -> bool:
    """Mail of the same batch counts as well, so it is written before anybody asks."""
    known.before_asking()
    return takes_part(sender, conversation_id=conversation_id)


def _is_there(conversation_id: int) -> bool:
    return Conversation.objects.filter(pk=conversation_id).exists()


def _is_on(conversation_id: int, channel_id: int) -> bool:
    """Whether it came in on this channel, or an answer in it left there, as answers to a form do."""
    if Conversation.objects.filter(pk=conversation_id, channel=channel_id).exists():
        return True
    left = Message.objects.filter(conversation=conversation_id, channel=channel_id, kind=Message.MESSAGE)
    return left.exclude(author_kind="customer").exists()
