"""What is said: messages from customers, replies, notes, and taking a reply back before it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from regulars.desk import verbs
from regulars.desk.actions import assignments, drafts, gathering, holding, states, steps, undoing, unseen
from regulars.desk.actions.summaries import beginning
from regulars.desk.errors import NoSuchMessage, NothingWritten, NotYours, TooLateToUndo, TooLong
from regulars.desk.models import Attachment, Conversation, Mention, Message
from regulars.desk.selectors import correspondence
from regulars.kernel import clock, jobs
from regulars.kernel.actors import Actor
from regulars.kernel.prepared import Compiled, Given

LONGEST = 500_000
TO_UNDO = timedelta(seconds=10)
LET_GO = "desk.let_go"
_WRITTEN: Final = Compiled(lambda: Message.objects.filter(key=Given("key")))


@dataclass(frozen=True, slots=True)
class File:
    """A file stored in `kernel.files`, as it hangs on a message."""

    digest: str
    name: str
    type: str
    size: int
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote, in the form every channel brings it.

    `recipients` has from, to, cc and bcc as lists of {name, address}. `key` makes writing it twice
    harmless: the second time the first message is returned.
    """

    text: str = ""
    quoted: str = ""
    signature: str = ""
    html: str = ""
    subject: str = ""
    recipients: dict[str, Any] = field(default_factory=dict)
    files: Sequence[File] = ()
    external_id: str = ""
    incoming_id: int | None = None
    is_automatic: bool = False
    automatic_reason: str = ""
    key: str | None = None


@transaction.atomic
def receive(
    conversation_id: int,
    written: Written,
    *,
    by: Actor,
    channel_id: int | None = None,
    at: datetime | None = None,
    is_history: bool = False,
) -> Message:
    """Take in what the customer wrote: it becomes our turn, unless a machine wrote it or it is history."""
    held = holding.hold(conversation_id, by=by)
    known = written_already(written.key)
    if known is not None:
        return known
    return take_in(held, written, by=by, channel_id=channel_id, at=at, is_history=is_history)


def take_in(
    held: Conversation,
    written: Written,
    *,
    by: Actor,
    channel_id: int | None = None,
    at: datetime | None = None,
    is_history: bool = False,
) -> Message:
    """Take in what somebody wrote in a held conversation; by mail that may be another than its customer."""
    at, is_news = at or clock.now(), not written.is_automatic and not is_history
    if is_news:
        held.waiting_since = held.waiting_since or at
    message = _add(held, written, by=by, channel_id=channel_id, at=at)
    if is_news:
        states.to_open(held, by=by, at=at)
    steps.record_message(held, message, verbs.RECEIVED, by=by, is_live=not is_history)
    return message


@transaction.atomic
def reply(
    conversation_id: int,
    written: Written,
    *,
    by: Actor,
    seen: int | None = None,
    then: str = Conversation.WAITING,
    until: datetime | None = None,
    due_at: datetime | None = None,
    channel_id: int | None = None,
    batch: str = "",
    doing: dict[str, Any] | None = None,
) -> Message:
    """Answer the customer; the reply leaves in ten seconds, or at `due_at`, and can be taken back until then.

    `seen` is the last message the writer had before their eyes: when somebody else added one since,
    nothing is sent (`UnseenMessage`). `then` is what becomes of the conversation: open, waiting,
    snoozed (`until`) or resolved. Whoever answers what nobody has, has it. `doing` is what a macro
    does beside it under the same `batch`: taken back with the reply, it is the draft's again.
    """
    held = holding.hold(conversation_id, by=by)
    known = written_already(written.key)
    if known is not None:
        return known
    _refuse_empty(written)
    for moment in (until, due_at):
        states.refuse_too_far(moment)
    if then == Conversation.SNOOZED and until:
        states.refuse_past(until)
    if seen is not None:
        unseen.refuse(held, after=seen, by=by)
    if not written.recipients.get("to"):
        written = _to_whom_it_is_said(held, written)
    now = clock.now()
    leaves_at = due_at if due_at and due_at > now else now + (TO_UNDO if by.kind == "agent" else timedelta())
    before = {**states.standing(held), "assignee_id": held.assignee_id, **({"doing": doing} if doing else {})}
    with gathering.gathered():
        message = _add(
            held, written, by=by, channel_id=channel_id, at=due_at if due_at and due_at > now else now,
            state=Message.QUEUED, due_at=leaves_at, before=before, batch=batch,
        )  # fmt: skip
        if not message.is_automatic:
            _after_answer(held, by=by, then=then, until=until, batch=batch)
        message.before["after"] = states.standing(held)  # it is written when all is
    if by.kind == "agent":
        drafts.discard(held.pk, by=by)
    jobs.defer(LET_GO, at=leaves_at, message_id=message.pk)
    return message


@transaction.atomic
def take_back(message_id: int, *, by: Actor, keeps_text: bool = True) -> Message:
    """Undo a reply that has not left: the conversation stands as before, the text becomes the draft again."""
    found = Message.objects.filter(pk=message_id, kind=Message.MESSAGE).first()
    if found is None:
        raise NoSuchMessage
    held = holding.hold(found.conversation_id, by=by)
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.author_kind != by.kind or message.author_id != by.id:
        raise NotYours
    if message.state != Message.QUEUED:
        raise TooLateToUndo
    message.state, message.removed_at, message.removed_by = Message.CANCELLED, clock.now(), str(by)
    message.save(update_fields=["state", "removed_at", "removed_by"])
    if message.before.get("batch"):
        undoing.take_back_beside(held, batch=message.before["batch"], by=by)
    elif by.kind == "agent" and held.assignee_id == by.id:
        assignments.give_to_agent(held, message.before.get("assignee_id"), by=by)
    _bring_back(held, message, by=by)
    _refresh(held)
    if by.kind == "agent" and keeps_text:
        drafts.keep_written(held, message, by=by)
    return message


@transaction.atomic
def note(
    conversation_id: int, written: Written, *, by: Actor, mentioned: Sequence[int] = (), batch: str = ""
) -> Message:
    """Add a note that only colleagues see; those it mentions watch the conversation from now on."""
    held = holding.hold(conversation_id, by=by)
    known = written_already(written.key)
    if known is not None:
        return known
    _refuse_empty(written)
    message = _add(held, written, by=by, channel_id=None, at=clock.now(), kind=Message.NOTE, batch=batch)
    Mention.objects.bulk_create([Mention(message=message, agent_id=agent_id) for agent_id in sorted(set(mentioned))])
    unseen.watch(held, agent_ids=mentioned)
    if by.kind == "agent":
        drafts.discard(held.pk, by=by, kind=Message.NOTE)
    steps.record_message(held, message, verbs.NOTED, by=by)
    return message


def _add(
    held: Conversation,
    written: Written,
    *,
    by: Actor,
    channel_id: int | None,
    at: datetime,
    kind: str = Message.MESSAGE,
    state: str = "",
    due_at: datetime | None = None,
    before: dict[str, Any] | None = None,
    batch: str = "",
) -> Message:
    if len(written.text) > LONGEST:
        raise TooLong
    message = Message(
        conversation=held,
        kind=kind,
        channel_id=(channel_id or held.channel_id) if kind == Message.MESSAGE else None,
        author_kind=by.kind,
        author_id=by.id,
        author_name=by.name,
        subject=written.subject.replace("\x00", ""),
        text=written.text.replace("\x00", ""),
        quoted=written.quoted.replace("\x00", ""),
        signature=written.signature.replace("\x00", ""),
        html=written.html.replace("\x00", ""),
        recipients=written.recipients,
        at=at,
        created_at=clock.now(),
        is_automatic=written.is_automatic,
        automatic_reason=written.automatic_reason,
        external_id=written.external_id,
        incoming_id=written.incoming_id,
        key=written.key,
        state=state,
        due_at=due_at,
        before={**(before or {}), **({"batch": batch} if batch else {})},
    )
    files = [
        Attachment(
            message=message, digest=file.digest, name=file.name, type=file.type, size=file.size,
            content_id=file.content_id, is_inline=file.is_inline,
        )
        for file in written.files
    ]  # fmt: skip
    gathering.add_message(message, files)
    _show(held, message, has_files=any(not file.is_inline for file in written.files))
    return message


def _show(held: Conversation, message: Message, *, has_files: bool) -> None:
    """What the list shows of it."""
    if message.author_kind != "rule":  # which may wait for this very silence
        held.last_at = max(held.last_at, message.at)
    held.message_count += 1
    held.has_attachments = held.has_attachments or has_files
    if not message.is_automatic:
        held.preview = beginning(message.text, by=message.author_kind)
        held.last_author = message.author_kind
    shown = ("last_at", "message_count", "has_attachments", "preview", "last_author", "waiting_since")
    gathering.save(held, *shown)


def _bring_back(held: Conversation, message: Message, *, by: Actor) -> None:
    """As it stood before the reply, unless that is not how the reply left it: what was said or done since stays.

    Joined to another meanwhile, it is the other that is our turn again.
    """
    if held.pk != message.conversation_id:
        states.to_open(held, by=by)
    elif states.stands_as(held, message.before.get("after")):
        states.restore(held, message.before, by=by)
    elif held.status != Conversation.RESOLVED:
        held.waiting_since = correspondence.unanswered_since(held)
        held.save(update_fields=["waiting_since"])


def _refresh(held: Conversation) -> None:
    """Show the conversation by its last message once one was taken back."""
    held.message_count -= 1
    last = Message.objects.filter(conversation=held, removed_at=None, is_automatic=False).order_by("-pk").first()
    held.preview = beginning(last.text, by=last.author_kind) if last else ""
    held.last_author = last.author_kind if last else ""
    held.save(update_fields=["message_count", "preview", "last_author"])


def _after_answer(held: Conversation, *, by: Actor, then: str, until: datetime | None, batch: str) -> None:
    held.waiting_since = None
    gathering.save(held, "waiting_since")
    if by.kind == "agent" and held.assignee_id is None:
        assignments.give_to_agent(held, by.id, by=by, batch=batch)
    if then == Conversation.RESOLVED:
        states.to_resolved(held, by=by, batch=batch)
    elif then == Conversation.SNOOZED and until:
        states.to_snoozed(held, until=until, by=by, batch=batch)
    elif then == Conversation.OPEN:
        states.to_open(held, by=by, batch=batch)
    else:
        states.to_waiting(held, by=by, batch=batch)


def _to_whom_it_is_said(held: Conversation, written: Written) -> Written:
    """Decided when it is written: when it leaves, somebody else may have spoken last, or it be joined to another's."""
    to = correspondence.reply_to(held)
    return replace(written, recipients={**written.recipients, "to": to}) if to else written


def written_already(key: str | None) -> Message | None:
    """What was written with this key before."""
    return _WRITTEN.first(key=key) if key else None


def _refuse_empty(written: Written) -> None:
    if not written.text.strip() and not written.files:
        raise NothingWritten
