"""What a webhook can be told of, in groups of what it is about."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.kernel import fact_names as facts
from regulars.web.customers import desk_words

GROUPS: Final[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = (
    (
        gettext_lazy("What is said"),
        (
            facts.MESSAGE_RECEIVED,
            facts.REPLY_SENT,
            facts.NOTE_ADDED,
            facts.MESSAGE_NOT_DELIVERED,
            facts.MESSAGE_SENT_AGAIN,
        ),
    ),
    (
        gettext_lazy("How a conversation goes"),
        (
            facts.CONVERSATION_STARTED,
            facts.CONVERSATION_OPENED,
            facts.CONVERSATION_WAITING,
            facts.CONVERSATION_SNOOZED,
            facts.CONVERSATION_WOKE,
            facts.CONVERSATION_RESOLVED,
            facts.CONVERSATION_REOPENED,
        ),
    ),
    (
        gettext_lazy("Who has it, and how it is filed"),
        (
            facts.CONVERSATION_ASSIGNED,
            facts.PRIORITY_CHANGED,
            facts.CONVERSATION_LABELLED,
            facts.CONVERSATION_UNLABELLED,
            facts.CONVERSATION_CHANGED,
            facts.MACRO_USED,
            facts.CONVERSATION_WATCHED,
            facts.CONVERSATION_UNWATCHED,
        ),
    ),
    (gettext_lazy("Promises"), (facts.TARGET_WARNED, facts.TARGET_BREACHED)),
    (
        gettext_lazy("Joined, split, linked and spam"),
        (
            facts.CONVERSATIONS_MERGED,
            facts.CONVERSATION_MERGE_UNDONE,
            facts.CONVERSATION_SPLIT,
            facts.CONVERSATIONS_LINKED,
            facts.CONVERSATIONS_UNLINKED,
            facts.CONVERSATION_MARKED_AS_SPAM,
            facts.CONVERSATION_NOT_SPAM,
        ),
    ),
    (
        gettext_lazy("Side conversations"),
        (
            facts.SIDE_BEGUN,
            facts.SIDE_MESSAGE_SENT,
            facts.SIDE_MESSAGE_RECEIVED,
            facts.SIDE_MESSAGE_NOT_DELIVERED,
            facts.SIDE_DONE,
            facts.SIDE_REOPENED,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """One kind: its name as a program reads it, what it means, and whether it is ticked."""

    name: str
    meaning: str
    is_ticked: bool


def groups(ticked: Collection[str]) -> list[tuple[str, list[Offered]]]:
    """Every kind once; what no group names comes last, so that nothing new is out of reach."""
    grouped = {name for _heading, names in GROUPS for name in names}
    rest = tuple(sorted(facts.DESK_FACTS - grouped))
    every = (*GROUPS, (_("Other"), rest)) if rest else GROUPS
    return [(str(heading), [_offered(name, ticked) for name in names]) for heading, names in every]


def _offered(name: str, ticked: Collection[str]) -> Offered:
    meaning = desk_words.SENTENCES[name][1] if name in desk_words.SENTENCES else ""
    return Offered(name, str(meaning), name in ticked)
