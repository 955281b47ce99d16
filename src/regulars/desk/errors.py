"""What the desk refuses, as the person reads it."""

from regulars.kernel.errors import DomainError, Invalid, NotFound


class NoSuchConversation(NotFound):
    """There is no such conversation, or it belongs to a team you are not in."""


class NoSuchMessage(NotFound):
    """There is no such message."""


class AlreadyResolved(DomainError):
    """Someone resolved this conversation a moment ago."""


class NotResolved(DomainError):
    """This conversation is not resolved."""


class UnseenMessage(DomainError):
    """A message or a note came that you have not seen. Nothing was sent: read it, then send or change yours."""


class NothingWritten(Invalid):
    """There is nothing to send: write something or attach a file."""


class TooLong(Invalid):
    """A message can be at most 500,000 letters long. Nothing was sent; shorten it or attach a file."""


class CannotSendHere(DomainError):
    """This channel cannot send messages. Nothing was sent; what you wrote is kept as a draft."""


class TooLateToUndo(DomainError):
    """This message has left already and cannot be called back."""


class NotYours(DomainError):
    """Only who wrote this can take it back."""


class SnoozeInThePast(Invalid):
    """Choose a time that is still to come."""


class NoSuchAgent(Invalid):
    """There is no such colleague, or their access has ended."""


class NoSuchLabel(NotFound):
    """There is no such label."""


class LabelNotUsable(Invalid):
    """A label is one line of 1 to 60 letters."""


class NotAStatus(Invalid):
    """A conversation is open, waiting, snoozed or resolved."""


class NotAPriority(Invalid):
    """A priority is urgent, high, normal or low."""


class NotAKind(Invalid):
    """A conversation is about an issue or about an account."""


class CannotMergeWithItself(Invalid):
    """A conversation cannot be merged with itself."""


class AlreadyMerged(DomainError):
    """One of the two was merged a moment ago. Open them again to see where they are now."""


class MergeAlreadyUndone(DomainError):
    """This merge was taken back already."""


class SubjectNotUsable(Invalid):
    """A subject is one line of at most 500 letters."""
