"""What the desk refuses, as the person reads it."""

from collections.abc import Sequence

from django.utils.translation import gettext

from regulars.kernel.errors import DomainError, Invalid, NotFound


class NoSuchConversation(NotFound):
    """There is no such conversation, or it belongs to a team you are not in."""


class NoSuchMessage(NotFound):
    """There is no such message."""


class NoSuchSide(NotFound):
    """There is no such side conversation, or it belongs to a team you are not in."""


class NobodyToAsk(Invalid):
    """Say whom to ask: an e-mail address is missing. Nothing was sent; your text is still here."""


class AsksTheCustomer(Invalid):
    """This is the customer of this conversation: answer them in the conversation. Nothing was sent."""


class AsksOurselves(Invalid):
    """This is one of our own mailboxes; a note tells colleagues. Nothing was sent; your text is still here."""


class NoMailbox(DomainError):
    """There is no mailbox to ask from. Nothing was sent; connect one under Settings, Mailboxes."""


class NoSuchExport(NotFound):
    """There is no such export any more. Ask for a new one."""


class AlreadyExporting(DomainError):
    """An export is being written already. Wait for it, then ask again."""


class NoSuchFile(NotFound):
    """There is no such file."""


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


class CannotBeWritten(DomainError):
    """This mail still cannot be written. Nothing was sent; your text is kept here."""


class NothingToRetry(DomainError):
    """This message did leave, or is on its way. There is nothing to try again."""


class NotYours(DomainError):
    """Only who wrote this can take it back."""


class SnoozeInThePast(Invalid):
    """Choose a time that is still to come."""


class MomentTooFar(Invalid):
    """That is more than a hundred years away. Nothing was changed; choose a time that is nearer."""


class NoSuchAgent(Invalid):
    """There is no such colleague, or their access has ended."""


class NoSuchLabel(NotFound):
    """There is no such label."""


class LabelNotUsable(Invalid):
    """A label is one line of 1 to 60 letters."""


class LabelNameTaken(DomainError):
    """Another label has this name already. Nothing was changed; choose another one."""


class LabelJoinsItself(Invalid):
    """A label cannot be joined with itself. Nothing was changed; choose another one."""


class LabelInUse(DomainError):
    """Rules or forms put this label on by themselves. Nothing was changed; change them first."""

    def __init__(self, makers: Sequence[str]) -> None:
        words = gettext("These put the label on by themselves: %(names)s. Nothing was changed; change them first.")
        super().__init__(words % {"names": ", ".join(makers)})


class NotAStatus(Invalid):
    """A conversation is open, waiting, snoozed or resolved."""


class NotAPriority(Invalid):
    """A priority is urgent, high, normal or low."""


class NotALanguage(Invalid):
    """A language is said by its code, like "de" or "pt-BR". Nothing was changed."""


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


class ConditionNotUsable(Invalid):
    """One of the conditions cannot be read: its field, its way of asking or its value is unknown. Nothing was kept."""


class TooManyConditions(Invalid):
    """At most 100 conditions can be put together, in groups of at most six levels. Nothing was kept."""


class NoSuchView(NotFound):
    """There is no such view, or it is a colleague's own."""


class ViewNameNotUsable(Invalid):
    """A view's name is one line of 1 to 60 letters."""


class NoSuchSort(Invalid):
    """This order is not known."""


class TooManyViews(DomainError):
    """There are 50 views already. Delete one that nobody needs, then save this one."""


class NoSuchListPage(Invalid):
    """This part of the list is not there. Begin again from the top."""


class DetailNotUsable(Invalid):
    """A detail has a name of 1 to 60 letters and a value of at most 1,000; there can be 150 of them."""


class FieldNotUsable(Invalid):
    """A field has a name of 1 to 60 letters; one with choices has 1 to 200 of them, each called something else."""


class FieldKeyTaken(DomainError):
    """There is a field with this key already. Change that one, or choose another key."""


class TooManyFields(DomainError):
    """There are 100 fields already, the retired ones included. Use one of these."""


class NoSuchField(NotFound):
    """There is no such field."""


class FieldRetired(DomainError):
    """This field is retired and takes no more values. What is in it stays."""


class FieldValueNotUsable(Invalid):
    """This value is not of the field's kind. Nothing was changed."""


class FieldsMissing(DomainError):
    """Something must be filled in before this is resolved. Nothing was changed."""

    def __init__(self, told: str = "", *, keys: Sequence[str] = ()) -> None:
        super().__init__(*([told] if told else []))
        self.keys = tuple(keys)


class NoSuchMerge(NotFound):
    """There is no such merge."""


class NothingToSplit(Invalid):
    """Something must stay: a conversation cannot be begun with everything there is in the old one."""


class SplitAlreadyUndone(DomainError):
    """This was brought back already."""


class CannotLinkWithItself(Invalid):
    """A conversation cannot be linked to itself."""


class NoSuchMacro(NotFound):
    """There is no such macro, or it is a colleague's own."""


class MacroNotUsable(Invalid):
    """A macro has a name of 1 to 100 letters, and a text of at most 20,000, up to 20 things to do, or both."""


class NoSuchDeed(Invalid):
    """This cannot be done in several conversations at once."""


class NoSuchBulk(NotFound):
    """There is no such bulk action, or it is a colleague's."""


class NothingChosen(Invalid):
    """Nothing is chosen. Tick the conversations you mean."""


class TooManyChosen(Invalid):
    """These are more than 100,000 conversations. Nothing was changed; narrow the view and do it in parts."""


class TooManyToAnswer(Invalid):
    """One answer goes to at most 200 conversations at once. Nothing was sent; choose fewer."""


class AnswerNotSent(Invalid):
    """This answer was not sent here."""


class CannotBeUndone(DomainError):
    """This was taken back already, changed nothing, or is still being done."""


class SeatNotUsable(Invalid):
    """An agent takes 0 to 1,000 open conversations, and knows at most 50 things of 60 letters each."""


class NoSuchRoute(Invalid):
    """Conversations are given by hand, in turn, or to the least busy."""


class NoSuchRule(NotFound):
    """There is no such rule. Somebody may have thrown it away."""


class RuleNotUsable(Invalid):
    """A rule needs a name, something that makes it fire, and between one and 20 things to do."""


class OwnExport(Invalid):
    """This export was made by this very installation: what it holds is here already. Nothing was stored."""


class AnotherAccount(Invalid):
    """Its conversations have the numbers of others that moved in before, so it is another account. Nothing was stored.
    Give it a name of its own: --account NAME."""


class TakesTooLong(DomainError):
    """This view takes too long just now. Narrow it by a status, a team or a time, or try again in a moment."""

    status = 503
