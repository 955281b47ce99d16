"""What can be done in a conversation: under which fact it is logged, and which event tells of it."""

from dataclasses import dataclass
from typing import Final

from regulars.desk import events
from regulars.kernel import fact_names


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of step. `event` is None where `ConversationChanged` tells of it."""

    name: str
    fact: str
    event: type[events.ConversationEvent] | None = None


STARTED, RECEIVED, REPLIED, NOTED = "started", "received", "replied", "noted"
ASSIGNED = "assigned"
OPENED, WAITED, SNOOZED, WOKE, RESOLVED, REOPENED = "opened", "waited", "snoozed", "woke", "resolved", "reopened"
PRIORITISED, LABELLED, UNLABELLED, CHANGED = "prioritised", "labelled", "unlabelled", "changed"
MARKED_SPAM, UNMARKED_SPAM = "marked as spam", "marked as not spam"
MERGED, UNMERGED, SPLIT = "merged", "unmerged", "split"
LINKED, UNLINKED = "linked", "unlinked"
WATCHED, UNWATCHED = "watched", "unwatched"
TARGET_WARNED, TARGET_BREACHED = "target warned", "target breached"
NOT_DELIVERED, SENT_AGAIN = "not delivered", "sent again"
USED_MACRO = "used a macro"
SIDE_BEGUN, SIDE_SENT, SIDE_RECEIVED = "side begun", "side sent", "side received"
SIDE_NOT_DELIVERED, SIDE_DONE, SIDE_REOPENED = "side not delivered", "side done", "side reopened"

VERBS: Final[dict[str, Verb]] = {
    verb.name: verb
    for verb in (
        Verb(STARTED, fact_names.CONVERSATION_STARTED, events.ConversationStarted),
        Verb(RECEIVED, fact_names.MESSAGE_RECEIVED, events.MessageReceived),
        Verb(REPLIED, fact_names.REPLY_SENT, events.ReplySent),
        Verb(NOT_DELIVERED, fact_names.MESSAGE_NOT_DELIVERED),
        Verb(SENT_AGAIN, fact_names.MESSAGE_SENT_AGAIN),
        Verb(NOTED, fact_names.NOTE_ADDED, events.NoteAdded),
        Verb(ASSIGNED, fact_names.CONVERSATION_ASSIGNED, events.ConversationAssigned),
        Verb(OPENED, fact_names.CONVERSATION_OPENED),
        Verb(WAITED, fact_names.CONVERSATION_WAITING),
        Verb(SNOOZED, fact_names.CONVERSATION_SNOOZED),
        Verb(WOKE, fact_names.CONVERSATION_WOKE),
        Verb(RESOLVED, fact_names.CONVERSATION_RESOLVED, events.ConversationResolved),
        Verb(REOPENED, fact_names.CONVERSATION_REOPENED, events.ConversationReopened),
        Verb(PRIORITISED, fact_names.PRIORITY_CHANGED),
        Verb(LABELLED, fact_names.CONVERSATION_LABELLED),
        Verb(UNLABELLED, fact_names.CONVERSATION_UNLABELLED),
        Verb(CHANGED, fact_names.CONVERSATION_CHANGED),
        Verb(USED_MACRO, fact_names.MACRO_USED),
        Verb(MARKED_SPAM, fact_names.CONVERSATION_MARKED_AS_SPAM),
        Verb(UNMARKED_SPAM, fact_names.CONVERSATION_NOT_SPAM),
        Verb(MERGED, fact_names.CONVERSATIONS_MERGED),
        Verb(UNMERGED, fact_names.CONVERSATION_MERGE_UNDONE),
        Verb(SPLIT, fact_names.CONVERSATION_SPLIT),
        Verb(LINKED, fact_names.CONVERSATIONS_LINKED),
        Verb(UNLINKED, fact_names.CONVERSATIONS_UNLINKED),
        Verb(WATCHED, fact_names.CONVERSATION_WATCHED),
        Verb(UNWATCHED, fact_names.CONVERSATION_UNWATCHED),
        Verb(TARGET_WARNED, fact_names.TARGET_WARNED),
        Verb(TARGET_BREACHED, fact_names.TARGET_BREACHED),
        Verb(SIDE_BEGUN, fact_names.SIDE_BEGUN),
        Verb(SIDE_SENT, fact_names.SIDE_MESSAGE_SENT),
        Verb(SIDE_RECEIVED, fact_names.SIDE_MESSAGE_RECEIVED),
        Verb(SIDE_NOT_DELIVERED, fact_names.SIDE_MESSAGE_NOT_DELIVERED),
        Verb(SIDE_DONE, fact_names.SIDE_DONE),
        Verb(SIDE_REOPENED, fact_names.SIDE_REOPENED),
    )
}

# They change nothing of the conversation itself: whatever asks whether anything was done since passes over them.
QUIET: Final = (LINKED, UNLINKED, WATCHED, UNWATCHED)
