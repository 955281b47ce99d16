"""Putting down together what a batch does: one statement for many rows, instead of several for each.

Inside `gathered()` messages, new conversations and what changes of held ones are kept in memory with
their steps, and written when it ends, in the order in which they were done, in the transaction around
it: all of it or nothing. Whoever asks the database meanwhile calls `put_down` first.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection

from regulars.customers.selectors import languages as languages_of
from regulars.desk.actions import clocks
from regulars.desk.events import ConversationChanged
from regulars.desk.languages import code_of
from regulars.desk.models import Attachment, Conversation, Message, Step
from regulars.desk.verbs import VERBS
from regulars.kernel import facts, live, prepared
from regulars.kernel.actors import Actor
from regulars.kernel.events import publish
from regulars.kernel.facts import NewFact

TOPIC: Final = "conversation"
HISTORY: Final = "desk-history:"  # begins the names of facts that tell of what was brought in: nobody acts on them

_KEPT: Final = {
    "status": "text", "snoozed_until": "timestamptz", "snoozed_by": "text", "resolved_at": "timestamptz",
    "resolved_by": "text", "waiting_since": "timestamptz", "last_at": "timestamptz", "message_count": "int",
    "has_attachments": "boolean", "preview": "text", "last_author": "text", "assignee_id": "bigint",
    "team_id": "bigint",
}  # fmt: skip
_WRITE = (
    "UPDATE desk_conversation AS kept SET "
    + ", ".join(f"{name} = new.{name}" for name in _KEPT)
    + " FROM unnest(%s::bigint[], "
    + ", ".join(f"%s::{kind}[]" for kind in _KEPT.values())
    + f") AS new (id, {', '.join(_KEPT)}) WHERE kept.id = new.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing done, as it goes down on record: the step or the message that shows it, and how all stood after."""

    conversation: Conversation
    shown_by: Step | Message
    verb: str
    by: Actor
    at: datetime
    properties: dict[str, Any]
    is_live: bool

    @property
    def message_id(self) -> str:
        """The fact's; known once what shows it is stored."""
        name = "step" if isinstance(self.shown_by, Step) else "message"
        return f"{'' if self.is_live else HISTORY}desk-{name}:{self.shown_by.pk}"


@dataclass(slots=True)
class Gathered:
    """What was done and is not written yet."""

    new: list[Conversation] = field(default_factory=list)
    changed: dict[int, Conversation] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # for new conversations, taken beforehand

    def number(self) -> int:
        """The number of the next new conversation."""
        if not self.numbers:
            self.take_numbers(1)
        return self.numbers.pop(0)

    def take_numbers(self, count: int) -> None:
        """Take numbers for so many conversations; one that is not needed is never given again."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('desk_conversation_id_seq') FROM generate_series(1, %s)", [count])
            self.numbers += [row[0] for row in cursor.fetchall()]

    def put_down(self) -> None:
        """Write it, in the present transaction."""
        _speak(self.new)
        Conversation.objects.bulk_create(self.new)
        new = {one.pk for one in self.new}
        _write([one for pk, one in sorted(self.changed.items()) if pk not in new])
        prepared.store(self.messages)
        Attachment.objects.bulk_create(self.files)
        entries = self.entries
        self.new, self.changed, self.messages, self.files, self.entries = [], {}, [], [], []
        if entries:
            record(entries)


_present: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def present() -> Gathered | None:
    """What is being gathered now; None where everything is written at once."""
    return _present.get()


@contextmanager
def gathered() -> Iterator[Gathered]:
    """Gather what is done meanwhile, and write it at the end; nothing is written when it ends with a fault."""
    batch = Gathered()
    token = _present.set(batch)
    try:
        yield batch
    finally:
        _present.reset(token)
    batch.put_down()


@contextmanager
def at_once(batch: Gathered) -> Iterator[None]:
    """Write what was gathered, and then everything that is done meanwhile as it is done."""
    batch.put_down()
    token = _present.set(None)
    try:
        yield
    finally:
        _present.reset(token)


def save(held: Conversation, *names: str) -> None:
    """Save what changed of a held conversation, at once or with the rest."""
    batch = present()
    if batch is None:
        held.save(update_fields=names)
    else:
        assert _KEPT.keys() >= set(names)
        batch.changed[held.pk] = held


def add_conversation(conversation: Conversation) -> Conversation:
    """Store a new conversation, at once or with the rest; its key is known either way."""
    batch = present()
    if batch is None:
        _speak([conversation])
        conversation.save(force_insert=True)
    else:
        conversation.pk = batch.number()
        batch.new.append(conversation)
    return conversation


def _speak(new: Sequence[Conversation]) -> None:
    """A new conversation in which no language was said has the customer's."""
    silent = [one for one in new if not one.language]
    spoken = languages_of.spoken_by([one.customer_id for one in silent]) if silent else {}
    for one in silent:
        one.language = code_of(spoken.get(one.customer_id, ""))


def add_message(message: Message, files: Sequence[Attachment]) -> None:
    """Store a message with its files, at once or with the rest: then it has its key only when all is written."""
    batch = present()
    if batch is None:
        message.save(force_insert=True)
        Attachment.objects.bulk_create(files)
    else:
        batch.messages.append(message)
        batch.files += files


def add_entry(entry: Entry) -> None:
    """Put one thing on record, at once or with the rest."""
    batch = present()
    if batch is None:
        record([entry])
    else:
        batch.entries.append(entry)


def record(entries: Sequence[Entry]) -> None:
    """Write the steps and their facts, tell open pages, publish the events, and bring the clocks up to it."""
    prepared.store([one.shown_by for one in entries if isinstance(one.shown_by, Step)])
    facts.record_all([_fact(one) for one in entries])
    told = [one for one in entries if one.is_live]
    live.tell_all(TOPIC, [one.conversation.pk for one in told])
    for one in told:
        _publish(one)
    clocks.follow_all((one.conversation, VERBS[one.verb].fact) for one in told)


def _fact(entry: Entry) -> NewFact:
    said = {}
    if isinstance(entry.shown_by, Message):
        said["message"] = entry.shown_by.pk
        if entry.shown_by.kind == Message.MESSAGE:
            said["automatic"] = entry.shown_by.is_automatic
    return NewFact(
        customer_id=entry.conversation.customer_id,
        name=VERBS[entry.verb].fact,
        occurred_at=entry.at,
        message_id=entry.message_id,
        properties={**entry.properties, **said},
    )


def _publish(entry: Entry) -> None:
    kind = VERBS[entry.verb].event
    common = {
        "conversation_id": entry.conversation.pk, "customer_id": entry.conversation.customer_id, "actor": entry.by,
    }  # fmt: skip
    if kind is None:
        publish(ConversationChanged(**common, verb=entry.verb))
        return
    if isinstance(entry.shown_by, Message):
        common["message_id"] = entry.shown_by.pk
        if entry.verb == "received":
            common["is_automatic"] = entry.shown_by.is_automatic
    publish(kind(**common))


def _write(changed: Sequence[Conversation]) -> None:
    if changed:
        columns = [[getattr(one, name) for one in changed] for name in ("pk", *_KEPT)]
        with prepared.cursor() as cursor:
            cursor.execute(_WRITE, columns)
