"""Whole conversations brought in at once: moved from another desk, or made up for a demonstration.

Times, authors and states are as they were; facts go into the log with them, and nobody is told. Each
conversation has a key of its own, so that bringing it in again adds nothing.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.desk import verbs
from regulars.desk.actions import clocks, labels
from regulars.desk.actions.messages import File
from regulars.desk.actions.steps import HISTORY, standing
from regulars.desk.actions.summaries import beginning
from regulars.desk.models import Attachment, Conversation, FarFile, Label, Mention, Message, Step
from regulars.desk.verbs import VERBS
from regulars.kernel import clock, facts
from regulars.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message or note of long ago."""

    at: datetime
    by: Actor
    text: str
    kind: str = Message.MESSAGE
    html: str = ""
    quoted: str = ""
    signature: str = ""
    recipients: dict[str, Any] = field(default_factory=dict)
    files: Sequence[File] = ()
    far: Sequence[FarFile] = ()  # files that are still elsewhere
    external_id: str = ""
    is_automatic: bool = False
    automatic_reason: str = ""
    number: str = ""  # what it was called where it came from
    # Where all is known: its key, its subject, what became of it, its channel, the agents it names.
    pk: int | None = None
    subject: str = ""
    state: str | None = None
    channel_id: int | None = None
    mentioned: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One step of long ago. `sets` are the conversation's columns as they stood after it."""

    at: datetime
    by: Actor
    verb: str
    sets: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    batch: str = ""
    is_told: bool = True  # false where its fact is told later, once what it names is here


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One conversation with all that was said and done in it, in order of time.

    Its state is what its steps and messages lead to: a customer's message opens it, an answer makes
    it wait, unless a step at the same place says otherwise. Of one that is whole every step is known, so that
    none follows from the words; `begins` and `stands` are its columns at the start and in the end.
    """

    key: str
    customer_id: int
    channel_id: int
    subject: str
    turns: Sequence[Said | Done]
    kind: str = Conversation.ISSUE
    priority: int = Conversation.NORMAL
    team_id: int | None = None
    labels: Sequence[str] = ()
    is_spam: bool = False
    is_history: bool = True
    fields: dict[str, Any] = field(default_factory=dict)
    is_whole: bool = False
    begins: dict[str, Any] = field(default_factory=dict)
    stands: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def bring_in(histories: Iterable[History]) -> int:
    """Store these conversations, those that are here already left out; returns how many are new."""
    wanted = {history.key: history for history in histories if history.turns}
    known = set(Conversation.objects.filter(key__in=wanted).values_list("key", flat=True))
    told = [_Telling(history) for key, history in wanted.items() if key not in known]
    for telling, pk in zip(told, numbers("desk_conversation", len(told)), strict=True):
        telling.conversation.pk = pk
        telling.go_through()
    Conversation.objects.bulk_create((telling.conversation for telling in told), batch_size=1_000)
    _store_said(told)
    _store_done(told)
    _put_labels(told)
    facts.append(_columns(told), source_id=facts.PRODUCT_SOURCE_ID)
    clocks.bring_all_up([telling.conversation for telling in told if telling.is_unfinished])
    return len(told)


def numbers(table: str, count: int) -> list[int]:
    """So many keys for rows of a table, taken beforehand because other rows and facts name them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"{table}_id_seq", count])
        return [row[0] for row in cursor.fetchall()]


class _Telling:
    """One history while it is gone through, with what its rows and facts will be."""

    def __init__(self, history: History) -> None:
        first = history.turns[0]
        self.history = history
        self.said: list[tuple[Message, Said]] = []
        self.done: list[Step] = []
        # Name, when, who, what else it says, and the row whose key names it.
        self.facts: list[tuple[str, datetime, dict[str, Any], Message | Step]] = []
        self.conversation = Conversation(
            key=history.key,
            customer_id=history.customer_id,
            channel_id=history.channel_id,
            subject=history.subject,
            kind=history.kind,
            priority=history.priority,
            team_id=history.team_id,
            status=Conversation.OPEN if first.by.kind == "customer" else Conversation.WAITING,
            created_at=first.at,
            last_at=first.at,
            spam_at=first.at if history.is_spam else None,
            spam_by="system" if history.is_spam else "",
            is_history=history.is_history,
            fields=history.fields,
        )

    @property
    def is_unfinished(self) -> bool:
        """Whether promises may still run in it."""
        held = self.conversation
        return not (held.is_history or held.spam_at or held.status == Conversation.RESOLVED)

    def go_through(self) -> None:
        """Tell it turn by turn; the conversation has its number by now."""
        first = self.history.turns[0]
        self._set(self.history.begins)
        if not self.history.is_whole:
            self._do(Done(at=first.at, by=first.by, verb=verbs.STARTED))
        for turn in self.history.turns:
            self._say(turn) if isinstance(turn, Said) else self._do(turn)
        self._set(self.history.stands)

    def _set(self, columns: dict[str, Any]) -> None:
        for column, value in columns.items():
            setattr(self.conversation, column, value)

    def _do(self, turn: Done) -> None:
        self._set(turn.sets)
        stood = {} if turn.is_told else {"stood": {**standing(self.conversation), "by": str(turn.by)}}
        step = Step(
            conversation=self.conversation, at=turn.at, actor=str(turn.by), actor_name=turn.by.name,
            verb=turn.verb, details={**turn.details, **stood}, batch=turn.batch,
        )  # fmt: skip
        self.done.append(step)
        if turn.is_told:
            self._log(turn.verb, turn, step, turn.properties)

    def _say(self, turn: Said) -> None:
        message = _message(self.conversation, turn)
        self.said.append((message, turn))
        verb = verbs.NOTED if turn.kind == Message.NOTE else verbs.RECEIVED
        if turn.kind == Message.MESSAGE and turn.by.kind != "customer":
            verb = verbs.REPLIED
        if not turn.is_automatic and turn.kind == Message.MESSAGE and not self.history.is_whole:
            self._take_turn(turn)
        self._show(turn)
        self._log(verb, turn, message, {"automatic": turn.is_automatic} if turn.kind == Message.MESSAGE else {})

    def _take_turn(self, turn: Said) -> None:
        held = self.conversation
        if turn.by.kind != "customer":
            held.waiting_since = None
            if held.status != Conversation.WAITING:
                self._do(Done(at=turn.at, by=turn.by, verb=verbs.WAITED, sets=_turned(Conversation.WAITING)))
            return
        if held.status != Conversation.OPEN:
            verb = verbs.REOPENED if held.status == Conversation.RESOLVED else verbs.OPENED
            self._do(Done(at=turn.at, by=turn.by, verb=verb, sets=_turned(Conversation.OPEN)))
        held.waiting_since = held.waiting_since or turn.at

    def _show(self, turn: Said) -> None:
        held = self.conversation
        held.last_at = max(held.last_at, turn.at)
        held.message_count += 1
        held.has_attachments = held.has_attachments or any(not file.is_inline for file in turn.files)
        if not turn.is_automatic:
            held.preview = beginning(turn.text, by=turn.by.kind)
            held.last_author = turn.by.kind

    def _log(self, verb: str, turn: Said | Done, row: Message | Step, properties: dict[str, Any]) -> None:
        said = {**standing(self.conversation), "by": str(turn.by), **properties}
        self.facts.append((VERBS[verb].fact, turn.at, said, row))


def resolved(at: datetime, *, by: Actor) -> Done:
    """The step that settles a conversation."""
    sets = {**_turned(Conversation.RESOLVED), "resolved_at": at, "resolved_by": str(by), "waiting_since": None}
    return Done(at=at, by=by, verb=verbs.RESOLVED, sets=sets)


def snoozed(at: datetime, *, until: datetime, by: Actor) -> Done:
    """The step that puts a conversation aside."""
    sets = {**_turned(Conversation.SNOOZED), "snoozed_until": until, "snoozed_by": str(by)}
    details = {"until": until.isoformat()}
    return Done(at=at, by=by, verb=verbs.SNOOZED, sets=sets, details=details, properties=details)


def given(at: datetime, *, agent_id: int | None, by: Actor) -> Done:
    """The step that gives a conversation to an agent."""
    details = {"what": "agent", "before": None, "after": agent_id}
    return Done(at=at, by=by, verb=verbs.ASSIGNED, sets={"assignee_id": agent_id}, details=details)


def _turned(status: str) -> dict[str, Any]:
    return {"status": status, "snoozed_until": None, "snoozed_by": "", "resolved_at": None, "resolved_by": ""}


def _message(conversation: Conversation, turn: Said) -> Message:
    is_message = turn.kind == Message.MESSAGE
    usual = Message.SENT if is_message and turn.by.kind != "customer" else ""
    return Message(
        pk=turn.pk,
        conversation=conversation,
        kind=turn.kind,
        channel_id=(turn.channel_id or conversation.channel_id) if is_message else None,
        author_kind=turn.by.kind,
        author_id=turn.by.id,
        author_name=turn.by.name,
        subject=turn.subject,
        text=turn.text,
        quoted=turn.quoted,
        signature=turn.signature,
        html=turn.html,
        recipients=turn.recipients,
        at=turn.at,
        created_at=clock.now(),
        is_automatic=turn.is_automatic,
        automatic_reason=turn.automatic_reason,
        external_id=turn.external_id,
        state=usual if turn.state is None else turn.state,
    )


def _store_said(told: Sequence[_Telling]) -> None:
    Message.objects.bulk_create((message for telling in told for message, _ in telling.said), batch_size=2_000)
    Attachment.objects.bulk_create(
        Attachment(
            message=message, digest=file.digest, name=file.name, type=file.type, size=file.size,
            content_id=file.content_id, is_inline=file.is_inline,
        )
        for telling in told for message, turn in telling.said for file in turn.files
    )  # fmt: skip
    FarFile.objects.bulk_create(list(_far(told)), ignore_conflicts=True)
    Mention.objects.bulk_create(
        Mention(message=message, agent_id=agent_id, seen_at=message.created_at)
        for telling in told for message, turn in telling.said for agent_id in turn.mentioned
    )  # fmt: skip


def _far(told: Sequence[_Telling]) -> Iterator[FarFile]:
    for telling in told:
        for message, turn in telling.said:
            for one in turn.far:
                one.message = message
                yield one


def _store_done(told: Sequence[_Telling]) -> None:
    Step.objects.bulk_create((step for telling in told for step in telling.done), batch_size=2_000)


def _put_labels(told: Sequence[_Telling]) -> None:
    names = sorted({name for telling in told for name in telling.history.labels})
    found: dict[str, Label] = {name: labels.find_or_make(name) for name in names}
    wearing = Conversation.labels.through
    wearing.objects.bulk_create(
        wearing(conversation_id=telling.conversation.pk, label_id=label_id)
        for telling in told
        for label_id in sorted({found[name].pk for name in telling.history.labels})
    )


def _columns(told: Sequence[_Telling]) -> facts.Columns:
    rows = list(_facts(told))
    return facts.Columns(
        customer_id=[row[0] for row in rows],
        name=[row[1] for row in rows],
        occurred_at=[row[2] for row in rows],
        recorded_at=[row[2] for row in rows],
        message_id=[row[3] for row in rows],
        properties=[row[4] for row in rows],
        is_trusted=[True] * len(rows),
    )


def _facts(told: Sequence[_Telling]) -> Iterator[tuple[int, str, datetime, str, str]]:
    for telling in told:
        for place, (name, at, said, row) in enumerate(telling.facts):
            extra = {"message": row.pk} if isinstance(row, Message) else {}
            # The log appends in order of these names, so that turns of one moment keep their order.
            message_id = f"{HISTORY}{telling.conversation.pk}:{place:06d}"
            properties = json.dumps({**said, **extra}, ensure_ascii=False)
            yield telling.conversation.customer_id, name, at, message_id, properties
