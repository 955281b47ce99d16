"""What the desk knows of the mails that a batch brings and names: asked once, and kept up while the batch is placed."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Coalesce

from regulars.channels.arrivals import Arrived
from regulars.desk.models import Awaited, Message

LONGEST_ID = 500  # bytes; a unique index cannot hold much more than a few of these
MOST_IDS = 200


@dataclass(slots=True)
class Recalled:
    """Of one channel: which keys are taken, whose conversations have which Message-ID, and which still wait for it."""

    channel_id: int
    keys: set[str] = field(default_factory=set)
    said: dict[str, list[int]] = field(default_factory=dict)
    from_here: set[str] = field(default_factory=set)  # Message-IDs of what was written here, not by customers
    elsewhere: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # on other channels, with the content
    awaited: dict[str, list[int]] = field(default_factory=dict)
    before_asking: Callable[[], None] = lambda: None  # writes what is known and not stored yet

    def remember(
        self, *, external_id: str, conversation_id: int, where: int, author_kind: str, kind: str, key: str | None
    ) -> None:
        """A message that has one of the ids."""
        if where == self.channel_id:
            self.said.setdefault(external_id, []).append(conversation_id)
            if author_kind != "customer" and kind == Message.MESSAGE:
                self.from_here.add(external_id)
        elif key:
            self.elsewhere.setdefault(external_id, []).append((conversation_id, content_of(key)))

    def placed(self, one: Arrived, *, conversation_id: int, key: str) -> None:
        """A mail found its place: those after it know it, and what it names and is not here is awaited."""
        self.keys.add(key)
        if one.mail.message_id:
            own = key_of(one.mail.message_id)
            self.said.setdefault(own, []).append(conversation_id)
            if self.awaited.pop(own, None):
                Awaited.objects.filter(channel=self.channel_id, external_id=own).delete()
        self._await(one, conversation_id)

    def _await(self, one: Arrived, conversation_id: int) -> None:
        missing = [
            each
            for each in named_by(one)
            if each not in self.said and conversation_id not in self.awaited.get(each, ())
        ]
        common = {"channel_id": self.channel_id, "conversation_id": conversation_id}
        if missing:
            rows = [Awaited(**common, external_id=each) for each in missing]
            Awaited.objects.bulk_create(rows, ignore_conflicts=True)
        for each in missing:
            self.awaited.setdefault(each, []).append(conversation_id)


def recall(arrived: Sequence[Arrived], *, keys: Sequence[str]) -> Recalled:
    """Ask for everything a batch of one channel needs, in three questions."""
    known = Recalled(arrived[0].channel_id)
    known.keys = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    ids = _ids(arrived)
    rows = Message.objects.filter(external_id__in=ids).order_by("pk")
    where = Coalesce("channel_id", "conversation__channel_id")  # a note belongs to its conversation's channel
    for said in rows.annotate(where=where).values(
        "external_id", "conversation_id", "where", "author_kind", "kind", "key"
    ):
        known.remember(**said)
    waiting = Awaited.objects.filter(channel=known.channel_id, external_id__in=ids).order_by("pk")
    for external_id, conversation_id in waiting.values_list("external_id", "conversation_id"):
        known.awaited.setdefault(external_id, []).append(conversation_id)
    return known


def key_of(external_id: str) -> str:
    """A Message-ID as it is kept and compared; one of absurd length by its digest."""
    encoded = external_id.encode("utf-8", "replace")
    return external_id if len(encoded) <= LONGEST_ID else f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def named_by(arrived: Arrived) -> list[str]:
    """The Message-IDs a mail answers or refers to, in the order in which they count."""
    mail = arrived.mail
    newest_first = [*mail.in_reply_to, *reversed(mail.references)]
    return list(dict.fromkeys(key_of(one) for one in newest_first))[:MOST_IDS]


def content_of(key: str) -> str:
    """The part of a message's key that is the same on every channel."""
    return key.rpartition(":")[2]


def _ids(arrived: Iterable[Arrived]) -> list[str]:
    found: dict[str, None] = {}
    for one in arrived:
        if one.mail.message_id:
            found[key_of(one.mail.message_id)] = None
        found.update(dict.fromkeys(named_by(one)))
    return list(found)
