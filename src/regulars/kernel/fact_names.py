"""The names of the product's own facts, and what each one's properties mean.

Product facts are lower case; tracked facts follow Segment's names in title case (`Order
Completed`). Names here are refused from outside. docs/reference/facts.md is held against this
table by a test.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProductFact:
    """One documented kind of fact the product records."""

    name: str
    sentence: str
    properties: dict[str, str] = field(default_factory=dict)


CONSENT_GIVEN = "consent given"
CONSENT_WITHDRAWN = "consent withdrawn"
CUSTOMERS_MERGED = "customers merged"
MERGE_UNDONE = "merge undone"
LABEL_ADDED = "label added"
LABEL_REMOVED = "label removed"

CONVERSATION_STARTED = "conversation started"
MESSAGE_RECEIVED = "message received"
REPLY_SENT = "reply sent"
NOTE_ADDED = "note added"
MESSAGE_NOT_DELIVERED = "message not delivered"
MESSAGE_SENT_AGAIN = "message sent again"
CONVERSATION_ASSIGNED = "conversation assigned"
CONVERSATION_OPENED = "conversation opened"
CONVERSATION_WAITING = "conversation waiting"
CONVERSATION_SNOOZED = "conversation snoozed"
CONVERSATION_WOKE = "conversation woke"
CONVERSATION_RESOLVED = "conversation resolved"
CONVERSATION_REOPENED = "conversation reopened"
PRIORITY_CHANGED = "priority changed"
CONVERSATION_LABELLED = "conversation labelled"
CONVERSATION_UNLABELLED = "conversation unlabelled"
CONVERSATION_CHANGED = "conversation changed"
MACRO_USED = "macro used"
CONVERSATION_MARKED_AS_SPAM = "conversation marked as spam"
CONVERSATION_NOT_SPAM = "conversation not spam"
CONVERSATIONS_MERGED = "conversations merged"
CONVERSATION_MERGE_UNDONE = "merge of conversations undone"
CONVERSATION_SPLIT = "conversation split"
CONVERSATIONS_LINKED = "conversations linked"
CONVERSATIONS_UNLINKED = "conversations unlinked"
CONVERSATION_WATCHED = "conversation watched"
CONVERSATION_UNWATCHED = "conversation unwatched"
TARGET_WARNED = "target warned"
TARGET_BREACHED = "target breached"
SIDE_BEGUN = "side conversation begun"
SIDE_MESSAGE_SENT = "side message sent"
SIDE_MESSAGE_RECEIVED = "side message received"
SIDE_MESSAGE_NOT_DELIVERED = "side message not delivered"
SIDE_DONE = "side conversation done"
SIDE_REOPENED = "side conversation reopened"

# What every fact about a conversation says: which, who did it, and how it stood afterwards.
_CONVERSATION = {
    "conversation_id": "which conversation",
    "by": "who did it: agent:3, customer:9, rule:2, key:1, bot or system",
    "channel_id": "the channel it came on",
    "kind": "issue or account",
    "status": "open, waiting, snoozed or resolved, after it",
    "priority": "1 urgent, 2 high, 3 normal, 4 low, after it",
    "team_id": "the team that has it, after it; absent when none",
    "agent_id": "the agent who has it, after it; absent when nobody",
}
_MESSAGE = {**_CONVERSATION, "message": "which message", "automatic": "true for what a machine wrote by itself"}


def _desk(name: str, sentence: str, **properties: str) -> ProductFact:
    return ProductFact(name, sentence, {**_CONVERSATION, **properties})


_TARGET = {
    "clock": "first, next or resolution: what was promised",
    "target": "the name of the target",
    "due_at": "when it was due",
}

_LINKED = {"linked": "the other one"}

_SIDE = {"side": "which side conversation", "message": "which of its messages"}

_DESK_FACTS = (
    _desk(CONVERSATION_STARTED, "A conversation with the customer began."),
    ProductFact(MESSAGE_RECEIVED, "The customer wrote.", _MESSAGE),
    ProductFact(REPLY_SENT, "The customer was answered, by an agent or the bot.", _MESSAGE),
    _desk(
        MESSAGE_NOT_DELIVERED,
        "An answer did not reach everybody it was for, or nobody knows whether it did.",
        message="which message",
        outcome="failed, unknown, or sent when others got it",
    ),
    _desk(MESSAGE_SENT_AGAIN, "What had not been delivered was sent once more, by hand.", message="which message"),
    _desk(NOTE_ADDED, "An agent wrote a note for colleagues.", message="which note"),
    _desk(
        CONVERSATION_ASSIGNED,
        "A conversation was given to an agent or a team, or taken from them.",
        routed="by which method a route chose the agent: in turn or least busy; absent when somebody gave it",
        among="how many agents were equally good, between whom the die decided; only with `routed`",
        probability="how probable it was that this agent was chosen; only with `routed`",
    ),
    _desk(CONVERSATION_OPENED, "It is our turn again: the customer wrote, or an agent opened it."),
    _desk(CONVERSATION_WAITING, "It is the customer's turn."),
    _desk(CONVERSATION_SNOOZED, "A conversation was put aside until later.", until="when it comes back"),
    _desk(CONVERSATION_WOKE, "A conversation that had been put aside came back."),
    _desk(CONVERSATION_RESOLVED, "The matter was settled."),
    _desk(CONVERSATION_REOPENED, "A settled matter was taken up again."),
    _desk(PRIORITY_CHANGED, "A conversation became more or less urgent."),
    _desk(CONVERSATION_LABELLED, "A label was put on a conversation.", label="its name", label_id="which label"),
    _desk(CONVERSATION_UNLABELLED, "A label was taken off a conversation.", label="its name", label_id="which label"),
    _desk(
        CONVERSATION_CHANGED,
        "The subject, the kind or a field of a conversation changed.",
        what="which of them",
        field="the key of the field; absent for the others",
    ),
    _desk(MACRO_USED, "An agent used a macro; its deeds have facts of their own.", macro="which", called="its name"),
    _desk(CONVERSATION_MARKED_AS_SPAM, "A conversation turned out to be spam."),
    _desk(CONVERSATION_NOT_SPAM, "A conversation turned out not to be spam."),
    _desk(CONVERSATIONS_MERGED, "Another conversation was joined to this one.", merged="the one that was joined"),
    _desk(CONVERSATION_MERGE_UNDONE, "A joined conversation was taken apart again.", merged="the one that was apart"),
    _desk(
        CONVERSATION_SPLIT,
        "A conversation was begun with messages of another one.",
        split_from="the other one",
        messages="which messages it took along",
    ),
    _desk(CONVERSATIONS_LINKED, "Two conversations were said to belong together; each has this fact.", **_LINKED),
    _desk(CONVERSATIONS_UNLINKED, "Two conversations do not belong together after all; each has this fact.", **_LINKED),
    _desk(CONVERSATION_WATCHED, "An agent hears of a conversation from now on.", watcher="which agent"),
    _desk(CONVERSATION_UNWATCHED, "An agent hears no more of a conversation.", watcher="which agent"),
    _desk(TARGET_WARNED, "A promise will be broken soon.", **_TARGET),
    _desk(TARGET_BREACHED, "A promise was not kept in time.", **_TARGET),
    _desk(
        SIDE_BEGUN,
        "Somebody else was asked by mail, beside a conversation; its customer does not see it.",
        side="which side conversation",
    ),
    _desk(SIDE_MESSAGE_SENT, "A message left in a side conversation.", **_SIDE),
    _desk(
        SIDE_MESSAGE_RECEIVED,
        "Somebody who is not the customer answered in a side conversation.",
        **_SIDE,
        automatic="true for what a machine wrote by itself",
    ),
    _desk(
        SIDE_MESSAGE_NOT_DELIVERED,
        "A message of a side conversation did not reach everybody it was for, or nobody knows whether it did.",
        **_SIDE,
        outcome="failed, unknown, or sent when others got it",
    ),
    _desk(SIDE_DONE, "A side conversation was closed.", side="which side conversation"),
    _desk(SIDE_REOPENED, "A closed side conversation goes on.", side="which side conversation"),
)

PRODUCT_FACTS: dict[str, ProductFact] = {
    fact.name: fact
    for fact in (
        ProductFact(
            CONSENT_GIVEN,
            "The customer agreed to be written to for one purpose.",
            {
                "purpose": "service, goodwill, news or sales",
                "source": "where they agreed",
                "text": "version of the text",
            },
        ),
        ProductFact(
            CONSENT_WITHDRAWN,
            "The customer no longer agrees to be written to for one purpose.",
            {"purpose": "service, goodwill, news or sales", "source": "where they said so"},
        ),
        ProductFact(
            CUSTOMERS_MERGED,
            "Another customer was found to be the same person and joined to this one.",
            {"merged_id": "the customer joined to this one", "by": "who did it"},
        ),
        ProductFact(
            MERGE_UNDONE,
            "A merge was taken back; the two are separate again.",
            {"merged_id": "the customer that is separate again", "by": "who did it"},
        ),
        ProductFact(LABEL_ADDED, "A label was put on the customer.", {"label": "its name", "by": "who did it"}),
        ProductFact(LABEL_REMOVED, "A label was taken off the customer.", {"label": "its name", "by": "who did it"}),
        *_DESK_FACTS,
    )
}

DESK_FACTS = frozenset(fact.name for fact in _DESK_FACTS)

ORDER_COMPLETED = "Order Completed"
ORDER_REFUNDED = "Order Refunded"
PAGE_VIEWED = "Page Viewed"
SCREEN_VIEWED = "Screen Viewed"
