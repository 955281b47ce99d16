"""Asking somebody else by mail, beside a conversation: begin, write on, take back, close, read.

None of this is said to the customer, is anybody's turn, starts or ends a clock, or counts anywhere: the
conversation's own row only keeps how many side conversations there are, and how many have an answer
that waits to be read.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from regulars.channels import selectors as channels
from regulars.channels.selectors import addresses as own_addresses
from regulars.customers import normalise
from regulars.customers.selectors import addresses, families
from regulars.desk import verbs
from regulars.desk.actions import drafts, holding, steps, summaries, unseen
from regulars.desk.actions.conversations import one_line
from regulars.desk.actions.messages import LONGEST, TO_UNDO, Written
from regulars.desk.errors import (
    AsksOurselves,
    AsksTheCustomer,
    NobodyToAsk,
    NoMailbox,
    NoSuchMessage,
    NoSuchSide,
    NothingWritten,
    NotYours,
    SubjectNotUsable,
    TooLateToUndo,
    TooLong,
)
from regulars.desk.models import Conversation, Draft, SideConversation, SideFile, SideMessage
from regulars.desk.selectors.side import NEW_DRAFT
from regulars.kernel import clock, jobs, live
from regulars.kernel.actors import Actor

LET_GO = "desk.let_go_side"
LONGEST_SUBJECT = 500

Person = dict[str, Any]


@transaction.atomic
def begin(
    conversation_id: int, written: Written, *, subject: str, by: Actor, channel_id: int | None = None
) -> SideMessage:
    """Ask somebody who is not the customer; the mail leaves in ten seconds and can be taken back until then.

    The same form sent twice asks once. Whoever asks hears of the answer.
    """
    held = holding.hold(conversation_id, by=by)
    known = _written_already(written.key)
    if known is not None:
        return known
    _refuse(held, written)
    subject = one_line(subject)
    if len(subject) > LONGEST_SUBJECT:
        raise SubjectNotUsable
    at = clock.now()
    side = SideConversation.objects.create(
        conversation=held, channel_id=_mailbox(held, channel_id), subject=subject or held.subject,
        participants=_people(written), created_at=at, created_by=str(by), last_at=at,
    )  # fmt: skip
    _discard(NEW_DRAFT, by=by, conversation=held)
    return _send(held, side, written, by=by)


@transaction.atomic
def write(side_id: int, written: Written, *, by: Actor) -> SideMessage:
    """Write on in a side conversation; one that was closed goes on."""
    held, side = hold(side_id, by=by)
    known = _written_already(written.key)
    if known is not None:
        return known
    _refuse(held, written)
    to_open(held, side, by=by)
    join(side, _people(written))
    _discard(f"side:{side.pk}", by=by)
    return _send(held, side, written, by=by)


@transaction.atomic
def take_back(message_id: int, *, by: Actor) -> SideMessage:
    """Undo a message that has not left: its text is the draft again, and one that only began is gone."""
    found = SideMessage.objects.filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage
    held, side = hold(found.side_id, by=by)
    message = SideMessage.objects.select_for_update().get(pk=message_id)
    if message.author_kind != SideMessage.AGENT or message.author_id != by.id:
        raise NotYours
    if message.state != SideMessage.QUEUED:
        raise TooLateToUndo
    message.state, message.removed_at, message.removed_by = SideMessage.CANCELLED, clock.now(), str(by)
    message.save(update_fields=["state", "removed_at", "removed_by"])
    side.message_count -= 1
    side.save(update_fields=["message_count"])
    _keep_written(held, side, message, by=by)
    summaries.count_sides(held)
    live.tell(steps.TOPIC, held.pk)
    return message


@transaction.atomic
def close(side_id: int, *, by: Actor) -> SideConversation:
    """Nothing more is expected of it; an answer opens it again."""
    held, side = hold(side_id, by=by)
    if not side.is_done:
        side.done_at, side.done_by, side.unread_since = clock.now(), str(by), None
        side.save(update_fields=["done_at", "done_by", "unread_since"])
        summaries.count_sides(held)
        steps.record(held, verbs.SIDE_DONE, by=by, details={"side": side.pk}, properties={"side": side.pk})
    return side


@transaction.atomic
def reopen(side_id: int, *, by: Actor) -> SideConversation:
    """Take a closed one up again."""
    held, side = hold(side_id, by=by)
    to_open(held, side, by=by)
    return side


@transaction.atomic
def see(side_id: int, *, by: Actor) -> SideConversation:
    """Somebody looks at it: read, if they are whom the answer is for.

    That is whoever has the conversation, and whoever wrote here; where nobody has it, anybody.
    """
    held, side = hold(side_id, by=by)
    if side.unread_since is not None and _concerns(held, side, by=by):
        side.unread_since = None
        side.save(update_fields=["unread_since"])
        summaries.count_sides(held)
        live.tell(steps.TOPIC, held.pk)
    return side


def hold(side_id: int, *, by: Actor) -> tuple[Conversation, SideConversation]:
    """Lock the conversation that is shown for it, then itself; a customer never gets one."""
    found = SideConversation.objects.filter(pk=side_id).first()
    if found is None or by.kind == "customer":
        raise NoSuchSide
    held = holding.hold(found.conversation_id, by=by)
    return held, SideConversation.objects.select_for_update(no_key=True).get(pk=side_id)


def to_open(held: Conversation, side: SideConversation, *, by: Actor) -> None:
    """A closed one goes on; an open one stays as it is."""
    if side.is_done:
        side.done_at, side.done_by = None, ""
        side.save(update_fields=["done_at", "done_by"])
        steps.record(held, verbs.SIDE_REOPENED, by=by, details={"side": side.pk}, properties={"side": side.pk})


def join(side: SideConversation, people: Sequence[Person]) -> list[Person]:
    """Add who takes part from now on; returns those who are new."""
    there = {normal(one["address"]) for one in side.participants}
    new = [one for one in people if normal(one["address"]) not in there]
    if new:
        side.participants = [*side.participants, *new]
        side.save(update_fields=["participants"])
    return new


def add(side: SideConversation, written: Written, **said: Any) -> SideMessage:
    """Put a message into a held side conversation, with its files."""
    message = SideMessage.objects.create(
        side=side,
        text=written.text.replace("\x00", ""),
        quoted=written.quoted.replace("\x00", ""),
        signature=written.signature.replace("\x00", ""),
        html=written.html.replace("\x00", ""),
        recipients=written.recipients,
        is_automatic=written.is_automatic,
        automatic_reason=written.automatic_reason,
        external_id=written.external_id,
        incoming_id=written.incoming_id,
        key=written.key,
        **said,
    )
    SideFile.objects.bulk_create(
        SideFile(
            message=message, digest=file.digest, name=file.name, type=file.type, size=file.size,
            content_id=file.content_id, is_inline=file.is_inline,
        )
        for file in written.files
    )  # fmt: skip
    side.last_at, side.message_count = max(side.last_at, message.at), side.message_count + 1
    side.save(update_fields=["last_at", "message_count"])
    return message


def normal(address: str) -> str:
    """By what two spellings of one address are compared."""
    return normalise.email(address) or address.strip().lower()


def _send(held: Conversation, side: SideConversation, written: Written, *, by: Actor) -> SideMessage:
    now = clock.now()
    message = add(
        side, written, author_kind=SideMessage.AGENT, author_id=by.id, author_name=by.name, at=now,
        state=SideMessage.QUEUED, due_at=now + TO_UNDO,
    )  # fmt: skip
    if by.kind == "agent" and by.id and held.assignee_id != by.id:
        unseen.watch(held, agent_ids=[by.id])
    summaries.count_sides(held)
    jobs.defer(LET_GO, at=message.due_at, message_id=message.pk)
    live.tell(steps.TOPIC, held.pk)
    return message


def _refuse(held: Conversation, written: Written) -> None:
    """What cannot be sent: to nobody, with nothing in it, to ourselves, or to the very customer it is kept from."""
    asked = [normal(one["address"]) for one in _people(written)]
    if not asked:
        raise NobodyToAsk
    if not written.text.strip() and not written.files:
        raise NothingWritten
    if len(written.text) > LONGEST:
        raise TooLong
    own = own_addresses.own()
    if any(own_addresses.is_own(one, own) for one in asked):
        raise AsksOurselves
    if set(asked) & _of_customer(held):
        raise AsksTheCustomer


def _of_customer(held: Conversation) -> set[str]:
    return addresses.every(families.family(held.customer_id).ids)


def _people(written: Written) -> list[Person]:
    """Everybody the message goes to, each once."""
    named = [one for role in ("to", "cc") for one in written.recipients.get(role) or [] if one.get("address")]
    known = {normal(one["address"]): one.get("name", "") for one in named}
    return [{"name": name, "address": address} for address, name in known.items()]


def _mailbox(held: Conversation, channel_id: int | None) -> int:
    """The mailbox asked for, else the conversation's own, else the first there is."""
    boxes: list[int] = [box.pk for box in channels.channels() if box.kind == "email" and box.address]
    if not boxes or (channel_id is not None and channel_id not in boxes):
        raise NoMailbox
    return next((one for one in (channel_id, held.channel_id) if one in boxes), None) or boxes[0]


def _concerns(held: Conversation, side: SideConversation, *, by: Actor) -> bool:
    if held.assignee_id in (None, by.id):
        return True
    return SideMessage.objects.filter(side=side, author_kind=SideMessage.AGENT, author_id=by.id).exists()


def _keep_written(held: Conversation, side: SideConversation, message: SideMessage, *, by: Actor) -> None:
    files = [
        {"digest": file.digest, "name": file.name, "type": file.type, "size": file.size}
        for file in SideFile.objects.filter(message=message).order_by("pk")
    ]
    is_begun = side.message_count > 0
    recipients = message.recipients if is_begun else {**message.recipients, "subject": side.subject}
    kind = f"side:{side.pk}" if is_begun else NEW_DRAFT
    drafts.save(held.pk, by=by, text=message.text, kind=kind, recipients=recipients, attachments=files)


def _discard(kind: str, *, by: Actor, conversation: Conversation | None = None) -> None:
    rows = Draft.objects.filter(agent=by.id, kind=kind)
    (rows.filter(conversation=conversation) if conversation else rows).delete()


def _written_already(key: str | None) -> SideMessage | None:
    return SideMessage.objects.filter(key=key).first() if key else None
