"""Beginning conversations, and what they are called and about."""

from datetime import datetime

from django.db import transaction

from regulars.channels import selectors as channels
from regulars.desk import languages, verbs
from regulars.desk.actions import gathering, holding, steps
from regulars.desk.errors import NotAKind, NotALanguage, NotAPriority, SubjectNotUsable
from regulars.desk.models import Conversation
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_SUBJECT = 500


@transaction.atomic
def start(
    customer_id: int,
    *,
    channel_id: int,
    by: Actor,
    subject: str = "",
    kind: str = Conversation.ISSUE,
    priority: int = Conversation.NORMAL,
    team_id: int | None = None,
    assignee_id: int | None = None,
    at: datetime | None = None,
    is_history: bool = False,
    language: str = "",
) -> Conversation:
    """Begin a conversation; its first message follows in the same transaction.

    Without a team it goes to its channel's, without a language it has the customer's, where that is known. `at` is
    when it began, if that was earlier.
    """
    _refuse_unknown(kind, priority)
    return begin(
        customer_id, channel_id=channel_id, by=by, subject=subject, kind=kind, priority=priority,
        team_id=team_id or channels.team_of(channel_id), assignee_id=assignee_id, at=at, is_history=is_history,
        language=read_language(language),
    )  # fmt: skip


def begin(
    customer_id: int,
    *,
    channel_id: int,
    by: Actor,
    subject: str,
    team_id: int | None,
    kind: str = Conversation.ISSUE,
    priority: int = Conversation.NORMAL,
    assignee_id: int | None = None,
    at: datetime | None = None,
    is_history: bool = False,
    language: str = "",
) -> Conversation:
    """Begin a conversation within something larger, for a team that is known."""
    at = at or clock.now()
    conversation = Conversation(
        customer_id=customer_id,
        channel_id=channel_id,
        kind=kind,
        priority=priority,
        subject=one_line(subject)[:LONGEST_SUBJECT],
        team_id=team_id,
        assignee_id=assignee_id,
        status=Conversation.OPEN if by.kind == "customer" else Conversation.WAITING,
        created_at=at,
        last_at=at,
        is_history=is_history,
        language=language,
    )
    gathering.add_conversation(conversation)
    steps.record(conversation, verbs.STARTED, by=by, at=at, is_live=not is_history)
    return conversation


@transaction.atomic
def rename(conversation_id: int, subject: str, *, by: Actor, batch: str = "") -> Conversation:
    """Give a conversation another subject; the same one changes nothing."""
    word = one_line(subject)
    if len(word) > LONGEST_SUBJECT:
        raise SubjectNotUsable
    return _change(conversation_id, "subject", word, by=by, batch=batch)


@transaction.atomic
def change_kind(conversation_id: int, kind: str, *, by: Actor, batch: str = "") -> Conversation:
    """Say whether it is about an issue or about an account."""
    _refuse_unknown(kind, Conversation.NORMAL)
    return _change(conversation_id, "kind", kind, by=by, batch=batch)


@transaction.atomic
def prioritise(conversation_id: int, priority: int, *, by: Actor, batch: str = "") -> Conversation:
    """Make a conversation more or less urgent."""
    _refuse_unknown(Conversation.ISSUE, priority)
    return _change(conversation_id, "priority", priority, by=by, batch=batch)


@transaction.atomic
def change_language(conversation_id: int, said: str, *, by: Actor, batch: str = "") -> Conversation:
    """Say in which language the customer writes, by its code; empty where nobody knows."""
    return _change(conversation_id, "language", read_language(said), by=by, batch=batch)


def read_language(said: str) -> str:
    """Its code, as conversations keep it; what is none is refused."""
    code = languages.code_of(said)
    if said and not code:
        raise NotALanguage
    return code


def one_line(text: str) -> str:
    """The text on one line, without what no database or header takes."""
    return " ".join(text.replace("\x00", " ").split())


def _change(conversation_id: int, field: str, value: object, *, by: Actor, batch: str) -> Conversation:
    held = holding.hold(conversation_id, by=by)
    before = getattr(held, field)
    if before == value:
        return held
    setattr(held, field, value)
    held.save(update_fields=[field])
    verb = verbs.PRIORITISED if field == "priority" else verbs.CHANGED
    properties = {} if field == "priority" else {"what": field}
    details = {"what": field, "before": before, "after": value}
    steps.record(held, verb, by=by, details=details, properties=properties, batch=batch)
    return held


def _refuse_unknown(kind: str, priority: int) -> None:
    if kind not in Conversation.KINDS:
        raise NotAKind
    if priority not in Conversation.PRIORITIES:
        raise NotAPriority
