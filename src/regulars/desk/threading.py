"""Which conversation a mail belongs to. The order of the looks is the design's; each stays within the channel.

Signed plus-address; every In-Reply-To; References, newest first; our own Message-ID; a signed marker
in the text; mail that came before what it answers; and last a number in the subject, which anybody can
write, and which counts only from somebody who takes part in that conversation.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from regulars.channels.arrivals import Arrived
from regulars.channels.email import marks
from regulars.desk.models import Awaited, Conversation, Message
from regulars.desk.selectors.participants import takes_part

LONGEST_ID = 500  # bytes; a unique index cannot hold much more than a few of these
MOST_IDS = 200
MOST_ADDRESSES = 200


def find(arrived: Arrived, *, sender: str) -> int | None:
    """The conversation this mail goes on with, or none; `sender` is the normalised address of who wrote."""
    looks: tuple[Callable[[Arrived, str], int | None], ...] = (
        _by_address, _by_answered, _by_own_id, _by_marker, _by_awaited, _by_subject,
    )  # fmt: skip
    return next((found for look in looks if (found := look(arrived, sender)) is not None), None)


def key_of(external_id: str) -> str:
    """A Message-ID as it is kept and compared; one of absurd length by its digest."""
    encoded = external_id.encode("utf-8", "replace")
    return external_id if len(encoded) <= LONGEST_ID else f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def named_by(arrived: Arrived) -> list[str]:
    """The Message-IDs a mail answers or refers to, in the order in which they count."""
    mail = arrived.mail
    newest_first = [*mail.in_reply_to, *reversed(mail.references)]
    return list(dict.fromkeys(key_of(one) for one in newest_first))[:MOST_IDS]


def _by_address(arrived: Arrived, sender: str) -> int | None:
    mail = arrived.mail
    said = arrived.envelope.get("to") or []
    people = (one.address for one in (*mail.to[:MOST_ADDRESSES], *mail.cc[:MOST_ADDRESSES]))
    for address in (*mail.delivered_to, *said[:MOST_ADDRESSES], *people):
        named = marks.conversation_of_address(address or "", channel_id=arrived.channel_id)
        if named is not None and _is_there(named):
            return named
    return None


def _by_answered(arrived: Arrived, sender: str) -> int | None:
    ids = named_by(arrived)
    if not ids:
        return None
    rows = Message.objects.filter(channel=arrived.channel_id, external_id__in=ids).order_by("pk")
    found: dict[str, list[int]] = {}
    for external_id, conversation_id in rows.values_list("external_id", "conversation_id"):
        found.setdefault(external_id, []).append(conversation_id)
    for one in ids:
        if one in found:
            return _likeliest(found[one], sender)
    return None


def _by_own_id(arrived: Arrived, sender: str) -> int | None:
    named = (marks.conversation_of_message_id(one, channel_id=arrived.channel_id) for one in named_by(arrived))
    return next((one for one in named if one is not None and _is_there(one)), None)


def _by_marker(arrived: Arrived, sender: str) -> int | None:
    named = marks.conversations_of_body(arrived.mail.text, channel_id=arrived.channel_id)
    return next((one for one in named if _is_there(one)), None)


def _by_awaited(arrived: Arrived, sender: str) -> int | None:
    """Answers may come before what they answer; two that answer the same unknown mail only if one takes part in both.

    A thousand people may answer one newsletter that never came here: those are a thousand matters.
    """
    own = [key_of(arrived.mail.message_id)] if arrived.mail.message_id else []
    ids = [*own, *named_by(arrived)]
    if not ids:
        return None
    rows = Awaited.objects.filter(channel=arrived.channel_id, external_id__in=ids).order_by("pk")
    waiting = list(rows.values_list("external_id", "conversation_id"))
    for_this = list(dict.fromkeys(conversation_id for one, conversation_id in waiting if one in own))
    if len(for_this) == 1:
        return for_this[0]
    everyone = for_this or list(dict.fromkeys(conversation_id for _, conversation_id in waiting))
    return next((one for one in everyone[:MOST_IDS] if takes_part(sender, conversation_id=one)), None)


def _by_subject(arrived: Arrived, sender: str) -> int | None:
    for named in marks.conversations_of_subject(arrived.mail.subject or ""):
        if _is_on(named, arrived.channel_id) and takes_part(sender, conversation_id=named):
            return named
    return None


def _likeliest(conversation_ids: Sequence[int], sender: str) -> int:
    """Ids are reused and forged: of several, the one the sender takes part in, else the first."""
    different = list(dict.fromkeys(conversation_ids))
    if len(different) == 1:
        return different[0]
    return next((one for one in different if takes_part(sender, conversation_id=one)), different[0])


def _is_there(conversation_id: int) -> bool:
    return Conversation.objects.filter(pk=conversation_id).exists()


def _is_on(conversation_id: int, channel_id: int) -> bool:
    return Conversation.objects.filter(pk=conversation_id, channel=channel_id).exists()


def await_missing(arrived: Arrived, *, conversation_id: int) -> None:
    """Remember which of the mails it names are not here, and forget that it was awaited itself."""
    channel_id, mail = arrived.channel_id, arrived.mail
    if mail.message_id:
        Awaited.objects.filter(channel=channel_id, external_id=key_of(mail.message_id)).delete()
    missing = set(named_by(arrived)) - _here(channel_id, named_by(arrived))
    rows = [Awaited(channel_id=channel_id, conversation_id=conversation_id, external_id=one) for one in missing]
    if rows:
        Awaited.objects.bulk_create(rows, ignore_conflicts=True)


def _here(channel_id: int, ids: Iterable[str]) -> set[str]:
    rows = Message.objects.filter(channel=channel_id, external_id__in=list(ids))
    return set(rows.values_list("external_id", flat=True))
