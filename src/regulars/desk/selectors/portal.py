"""What a customer may read of their conversations: everything the portal shows is fetched through here.

Notes, side conversations, steps, labels and fields are between colleagues. Of a thread with several
people in it a customer reads what they wrote and what was addressed to them, because an agent may
write to somebody else in the same conversation; of a conversation that was merged, only parts that are
their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from regulars.customers import normalise
from regulars.customers.selectors import families, ways
from regulars.desk.errors import NoSuchConversation, NoSuchFile, NoSuchMessage
from regulars.desk.models import Attachment, Conversation, Message
from regulars.desk.selectors import threads
from regulars.desk.selectors.threads import Turn
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor

MOST, PAGE, LOOKED_AT = 100, 100, 20
# Replies that nobody can take back any more. One that did not arrive by mail is read here all the more.
LEFT: Final = (Message.LEAVING, Message.SENT, Message.FAILED, Message.UNKNOWN)
SOLVED, ANSWERED, ASKED = "solved", "answered", "asked"


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation in the customer's list. `state` is theirs: we answered, they asked, it is solved."""

    conversation: Conversation
    last: Message

    @property
    def state(self) -> str:
        if not self.conversation.is_open:
            return SOLVED
        return ASKED if self.last.author_kind == "customer" else ANSWERED

    @property
    def at(self) -> datetime:
        return self.last.at


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of a conversation. `earlier` is the message before which there is more."""

    turns: list[Turn]
    earlier: int | None


def visible_to_customer(customer_id: int) -> QuerySet[Conversation]:
    """Their conversations, and those of customers merged into them; spam and what is merged away left out.

    One that was merged into another's is shown by that one, and is nobody's but that one's.
    """
    return visible_to(Actor("customer", customer_id)).filter(merged_into=None)


def lines(customer_id: int) -> list[Line]:
    """Their list, what is not solved first, the latest first; a conversation without a word for them is not in it."""
    shown = list(visible_to_customer(customer_id).order_by("-last_at", "-pk")[:MOST])
    reader = _Reader(customer_id)
    heads = {row.pk: row.merged_into_id or row.pk for row in _parts(shown, reader)}
    last: dict[int, Message] = {}
    for message in reader.of(_latest(heads)):
        last.setdefault(heads[message.conversation_id], message)
    found = [Line(row, last[row.pk]) for row in shown if row.pk in last]
    return sorted(found, key=lambda line: (line.state == SOLVED, -line.at.timestamp()))


def conversation(conversation_id: int, *, customer_id: int) -> Conversation:
    """One of theirs, or the one it was merged into, if that is theirs as well."""
    shown = threads.shown(conversation_id, by=Actor("customer", customer_id))
    found = visible_to_customer(customer_id).filter(pk=shown.pk).first()
    if found is None:
        raise NoSuchConversation
    return found


def thread(found: Conversation, *, customer_id: int, before: int | None = None) -> Thread:
    """What was said in it, for them, oldest first: the latest, or what came before a message."""
    reader = _Reader(customer_id)
    said = _said(row.pk for row in _parts([found], reader))
    cursor = said.filter(pk=before).first() if before else None
    if cursor is not None:
        said = said.filter(Q(at__lt=cursor.at) | Q(at=cursor.at, pk__lt=cursor.pk))
    rows = list(said.order_by("-at", "-pk")[: PAGE + 1])
    earlier = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return Thread(threads.turns(list(reversed(list(reader.of(rows[:PAGE]))))), earlier)


def message(message_id: int, *, customer_id: int) -> Message:
    """One message they may read."""
    found = _mine(Message.objects.filter(pk=message_id), customer_id)
    if found is None:
        raise NoSuchMessage
    return found


def file(file_id: int, *, customer_id: int) -> Attachment:
    """A file of a message they may read."""
    found = Attachment.objects.filter(pk=file_id).select_related("message").first()
    if found is None or _mine(Message.objects.filter(pk=found.message_id), customer_id) is None:  # type: ignore[attr-defined]  # Django adds it
        raise NoSuchFile
    return found


def _mine(rows: QuerySet[Message], customer_id: int) -> Message | None:
    reader = _Reader(customer_id)
    seen = visible_to_customer(customer_id)
    own = Q(conversation__customer__in=reader.ids, conversation__spam_at=None)
    shown = Q(conversation__in=seen) | Q(conversation__merged_into__in=seen)
    parts = rows.filter(own, shown).values_list("conversation_id", flat=True)
    return next(iter(reader.of(_said(list(parts)).filter(pk__in=rows))), None)


def _parts(shown: Sequence[Conversation], reader: "_Reader") -> QuerySet[Conversation]:
    """These conversations and those merged into them, as far as they are the customer's own."""
    below = Q(pk__in=[row.pk for row in shown]) | Q(merged_into__in=[row.pk for row in shown])
    return Conversation.objects.filter(below, customer__in=reader.ids, spam_at=None)


def _said(conversation_ids: Iterable[int]) -> QuerySet[Message]:
    """Messages that came in or left; no note is among them."""
    rows = Message.objects.filter(conversation__in=list(conversation_ids), kind=Message.MESSAGE, removed_at=None)
    return rows.filter(Q(state="") | Q(state__in=LEFT)).select_related("channel")


def _latest(conversation_ids: Iterable[int]) -> QuerySet[Message]:
    """The last few messages of each, latest first."""
    place = Window(RowNumber(), partition_by=[F("conversation_id")], order_by=[F("at").desc(), F("id").desc()])
    return _said(conversation_ids).annotate(place=place).filter(place__lte=LOOKED_AT).order_by("-at", "-pk")


class _Reader:
    """The customer who reads: all their ids, and every address that is theirs."""

    def __init__(self, customer_id: int) -> None:
        person = families.family(customer_id)
        self.ids = person.ids
        self.addresses = {row.email.lower() for row in person.members if row.email} | set(ways.emails(person.ids))

    def of(self, rows: Iterable[Message]) -> Iterator[Message]:
        """Those of these messages that are theirs to read."""
        there = list(rows)
        for row in there:
            if self._is_own(row):  # they may have asked for answers elsewhere
                self.addresses |= _named(row.recipients, ("from", "reply_to"))
        return (row for row in there if self._may_read(row))

    def _may_read(self, row: Message) -> bool:
        if self._is_own(row):
            return not row.is_automatic  # their own machine's word is no news to them
        if not row.state and row.author_kind in ("customer", "system"):
            return not row.is_automatic and self._is_addressed(row.recipients)
        return not _named(row.recipients, ("to", "cc", "bcc")) or self._is_addressed(row.recipients)

    def _is_own(self, row: Message) -> bool:
        return row.author_kind == "customer" and row.author_id in self.ids

    def _is_addressed(self, recipients: dict[str, Any]) -> bool:
        return not self.addresses.isdisjoint(_named(recipients, ("to", "cc", "bcc")))


def _named(recipients: dict[str, Any], roles: Sequence[str]) -> set[str]:
    people = (one for role in roles for one in recipients.get(role) or [])
    return {normalise.email(str(one.get("address") or "")) or "" for one in people} - {""}
