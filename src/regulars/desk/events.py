"""What happened in conversations, told to whoever stands above, and to the desk's own rules."""

from dataclasses import dataclass

from regulars.kernel.actors import Actor
from regulars.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEvent(DomainEvent):
    """Something was done in one conversation."""

    conversation_id: int
    customer_id: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationStarted(ConversationEvent):
    """A conversation began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(ConversationEvent):
    """The customer wrote."""

    message_id: int
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySent(ConversationEvent):
    """An agent or the bot answered; the message may still be on its way."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(ConversationEvent):
    """An agent wrote a note."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAssigned(ConversationEvent):
    """It was given to an agent or a team, or taken from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationResolved(ConversationEvent):
    """The matter is settled, until somebody writes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReopened(ConversationEvent):
    """A resolved conversation is open again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWarned(ConversationEvent):
    """A promise will be broken soon. `clock` is first, next or resolution; `due_at` a moment in ISO 8601."""

    clock: str
    target: str
    due_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetBreached(ConversationEvent):
    """A promise was not kept in time."""

    clock: str
    target: str
    due_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationChanged(ConversationEvent):
    """Anything else: status, priority, labels, subject, kind, fields, spam, merge, split; `verb` says what."""

    verb: str
