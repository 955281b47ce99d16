"""A conversation as it is read: messages, notes and steps in one order, the newest page first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Max, Q, QuerySet

from regulars.desk import verbs
from regulars.desk.errors import NoSuchConversation, NoSuchFile, NoSuchMessage
from regulars.desk.models import Attachment, Conversation, Draft, Label, Mention, Message, Step, Watch
from regulars.desk.selectors.around import around, with_around
from regulars.desk.selectors.label_list import LABELS
from regulars.desk.selectors.visible import BY, hidden_from, visible_hiding, visible_to
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

PAGE = 30
MOST_STEPS = 200

_PK: Final = Given("pk")
_OPENED: Final = Compiled(lambda *hidden: _with_all(with_around(visible_hiding(hidden), agent_id=BY)).filter(pk=_PK))
_SAID: Final = Compiled(lambda: _said_last(Message.objects.filter(conversation=_PK, removed_at=None)))
_DONE: Final = Compiled(lambda: _done_last(Step.objects.filter(conversation=_PK)))
_SAID_SINCE: Final = Compiled(
    lambda: Message.objects.filter(conversation=_PK, pk__gt=Given("after"), removed_at=None).order_by("pk")[:PAGE]
)
_DONE_SINCE: Final = Compiled(
    lambda: Step.objects.filter(conversation=_PK, pk__gt=Given("after")).order_by("pk")[:PAGE]
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message or note with its files and whom it names."""

    message: Message
    files: tuple[Attachment, ...] = ()
    mentioned: tuple[int, ...] = ()

    @property
    def at(self) -> datetime:
        return self.message.at


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of a thread, oldest first. `earlier` is the message before which there is more; `last` the newest of all.

    `numbers` are the conversation and those merged into it.
    """

    numbers: tuple[int, ...]
    lines: list[Turn | Step] = field(default_factory=list)
    earlier: int | None = None
    last: int = 0
    last_step: int = 0

    @property
    def turns(self) -> list[Turn]:
        return [line for line in self.lines if isinstance(line, Turn)]

    @property
    def steps(self) -> list[Step]:
        return [line for line in self.lines if isinstance(line, Step)]


def shown(conversation_id: int, *, by: Actor) -> Conversation:
    """The conversation that is shown for this id, if the actor may see it."""
    return _shown(conversation_id, visible_to(by).select_related("customer", "channel", "team", "assignee"))


def opened(conversation_id: int, *, by: Actor) -> Conversation:
    """The same, with what hangs on it: for a page that shows all of it."""
    hidden = hidden_from(by)
    found = _OPENED.first(*hidden, pk=conversation_id, by=by.id) if hidden is not None else None
    if found is not None and found.merged_into_id is None:
        return found
    return _shown(
        conversation_id, _with_all(with_around(visible_to(by), agent_id=by.id if by.kind == "agent" else None))
    )


def _with_all(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.select_related("customer__company", "channel", "team", "assignee")


def _shown(conversation_id: int, rows: QuerySet[Conversation]) -> Conversation:
    found = rows.filter(pk=conversation_id).first()
    while found is not None and found.merged_into_id is not None:
        found = rows.filter(pk=found.merged_into_id).first()
    if found is None:
        raise NoSuchConversation
    return found


def numbers(conversation: Conversation) -> tuple[int, ...]:
    """The shown conversation and those merged into it."""
    known = around(conversation)
    if known is not None:
        return (conversation.pk, *known.below)
    below = Conversation.objects.filter(merged_into=conversation).order_by("pk").values_list("pk", flat=True)
    return (conversation.pk, *below)


def said_in(conversation: Conversation) -> QuerySet[Message]:
    """The messages of a conversation and of those merged into it, taken back or not.

    By their numbers: asked by an OR across both tables, the database reads all messages there are.
    """
    return Message.objects.filter(conversation__in=numbers(conversation))


def thread(conversation: Conversation, *, before: int | None = None) -> Thread:
    """The newest page of a conversation that was fetched through permission, or the page before a message."""
    family = numbers(conversation)
    known = around(conversation)
    newest = known.newest if known is not None and known.is_alone else _newest(family)
    cursor = Message.objects.filter(conversation__in=family, pk=before).first() if before else None
    messages = _messages(family, cursor)
    page, more = messages[:PAGE], len(messages) > PAGE
    page.reverse()
    steps = _steps(family, after=page[0] if more else None, before=cursor)
    earlier = page[0].pk if more else None
    last_step = max((step.pk for step in steps), default=0)
    said = turns(page, has_files=_may_have_files(conversation))
    return Thread(family, _in_order(said, steps), earlier, newest, last_step)


def _may_have_files(conversation: Conversation) -> bool:
    known = around(conversation)
    return known is None or known.has_files or not known.is_alone


def _newest(family: Sequence[int]) -> int:
    return Message.objects.filter(conversation__in=family, removed_at=None).aggregate(last=Max("pk"))["last"] or 0


def newer(conversation: Conversation, *, after: int) -> list[Turn]:
    """What was said after this message, oldest first, notes too."""
    if (family := numbers(conversation)) == (conversation.pk,):
        found = _SAID_SINCE.rows(pk=conversation.pk, after=after)
    else:
        rows = Message.objects.filter(conversation__in=family, pk__gt=after, removed_at=None)
        found = list(rows.order_by("pk")[:PAGE])
    return turns(found, has_files=_may_have_files(conversation))


def turns(messages: Sequence[Message], *, has_files: bool = True) -> list[Turn]:
    """These messages with what belongs to them: a query for the files, and one for whom the notes name."""
    ids = [message.pk for message in messages]
    files: defaultdict[int, list[Attachment]] = defaultdict(list)
    mentioned: defaultdict[int, list[int]] = defaultdict(list)
    for file in Attachment.objects.filter(message__in=ids).order_by("pk") if has_files else ():
        files[file.message_id].append(file)  # type: ignore[attr-defined]  # Django adds it
    notes = [message.pk for message in messages if message.kind == Message.NOTE]
    named = Mention.objects.filter(message__in=notes).values_list("message_id", "agent_id") if notes else ()
    for message_id, agent_id in named:
        mentioned[message_id].append(agent_id)
    return [Turn(each, tuple(files[each.pk]), tuple(mentioned[each.pk])) for each in messages]


def _messages(family: Sequence[int], cursor: Message | None) -> list[Message]:
    if cursor is None and len(family) == 1:
        return _SAID.rows(pk=family[0])
    rows = Message.objects.filter(conversation__in=family, removed_at=None)
    if cursor is not None:
        rows = rows.filter(Q(at__lt=cursor.at) | Q(at=cursor.at, pk__lt=cursor.pk))
    return list(_said_last(rows))


def _said_last(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.select_related("channel").order_by("-at", "-pk")[: PAGE + 1]


def _steps(family: Sequence[int], *, after: Message | None, before: Message | None) -> list[Step]:
    if after is None and before is None and len(family) == 1:
        return _DONE.rows(pk=family[0])
    rows: QuerySet[Step] = Step.objects.filter(conversation__in=family)
    if after is not None:
        rows = rows.filter(at__gte=after.at)
    if before is not None:
        rows = rows.filter(at__lt=before.at)
    return list(_done_last(rows))


def _done_last(rows: QuerySet[Step]) -> QuerySet[Step]:
    return rows.order_by("-at", "-pk")[:MOST_STEPS]


class _Place(NamedTuple):
    at: datetime
    is_after: int  # of one moment: the beginning, what was said, what became of it
    number: int


def _in_order(said: Sequence[Turn], steps: Sequence[Step]) -> list[Turn | Step]:
    return sorted([*said, *steps], key=_place)


def _place(line: Turn | Step) -> _Place:
    if isinstance(line, Turn):
        return _Place(line.at, 1, line.message.pk)
    return _Place(line.at, 0 if line.verb == verbs.STARTED else 2, line.pk)


def message(message_id: int, *, by: Actor) -> Message:
    """One message or note of a conversation the actor may see, taken back or not."""
    found = Message.objects.select_related("channel").filter(_seen("conversation", by=by), pk=message_id).first()
    if found is None or (by.kind == "customer" and found.kind == Message.NOTE):
        raise NoSuchMessage
    return found


def attachment(attachment_id: int, *, by: Actor) -> Attachment:
    """One file of a conversation the actor may see."""
    rows = Attachment.objects.filter(_seen("message__conversation", by=by), pk=attachment_id)
    found = rows.exclude(message__kind=Message.NOTE).first() if by.kind == "customer" else rows.first()
    if found is None:
        raise NoSuchFile
    return found


def _seen(conversation: str, *, by: Actor) -> Q:
    """Whether the conversation that is shown for a row's own may be seen: of a merge, the kept one decides."""
    seen = visible_to(by)
    alone = Q(**{f"{conversation}__merged_into": None, f"{conversation}__in": seen})
    return alone | Q(**{f"{conversation}__merged_into__in": seen})


def drafts(conversation: Conversation, *, by: Actor) -> dict[str, Draft]:
    """What this agent is writing here, by kind: a reply, a note."""
    known = around(conversation)
    if known is not None and not known.has_drafts:
        return {}
    return {draft.kind: draft for draft in Draft.objects.filter(conversation=conversation, agent=by.id)}


def labels_of(conversation: Conversation) -> list[Label]:
    """The labels it wears, by name."""
    known = around(conversation)
    if known is not None:
        worn = [label for label in LABELS.now() if label.pk in known.label_ids]
        if len(worn) == len(known.label_ids):
            return worn
    return list(conversation.labels.order_by("name"))


def is_watched(conversation: Conversation, *, by: Actor) -> bool:
    """Whether this agent wants to hear of it."""
    known = around(conversation)
    if known is not None:
        return known.is_watched
    return Watch.objects.filter(conversation=conversation, agent=by.id).exists()


def is_written(key: str | None) -> bool:
    """Whether a form with this key was sent already."""
    return bool(key) and Message.objects.filter(key=key).exists()


def steps_after(conversation: Conversation, step_id: int) -> list[Step]:
    """What was done in a conversation since."""
    if (family := numbers(conversation)) == (conversation.pk,):
        return _DONE_SINCE.rows(pk=conversation.pk, after=step_id)
    return list(Step.objects.filter(conversation__in=family, pk__gt=step_id).order_by("pk")[:PAGE])


def on_their_way(conversation: Conversation) -> list[Message]:
    """The last messages that go or went out, the newest first: what became of them may be new."""
    rows = Message.objects.filter(conversation__in=numbers(conversation), removed_at=None).exclude(state="")
    return list(rows.order_by("-pk")[:5])
