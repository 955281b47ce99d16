"""The desk's facts as the fold reads them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from regulars.kernel import fact_names

# Facts that cannot change an episode (notes) are left out where facts are fetched.
NAMES = (
    fact_names.CONVERSATION_STARTED,
    fact_names.MESSAGE_RECEIVED,
    fact_names.REPLY_SENT,
    fact_names.CONVERSATION_ASSIGNED,
    fact_names.CONVERSATION_WAITING,
    fact_names.CONVERSATION_OPENED,
    fact_names.CONVERSATION_SNOOZED,
    fact_names.CONVERSATION_WOKE,
    fact_names.CONVERSATION_RESOLVED,
    fact_names.CONVERSATION_REOPENED,
    fact_names.PRIORITY_CHANGED,
    fact_names.CONVERSATION_CHANGED,
    fact_names.CONVERSATION_LABELLED,
    fact_names.CONVERSATION_UNLABELLED,
    fact_names.CONVERSATION_MARKED_AS_SPAM,
    fact_names.CONVERSATION_NOT_SPAM,
    fact_names.CONVERSATIONS_MERGED,
    fact_names.CONVERSATION_MERGE_UNDONE,
    fact_names.CONVERSATION_SPLIT,
    fact_names.MESSAGE_NOT_DELIVERED,
    fact_names.MESSAGE_SENT_AGAIN,
)


_AT_ONCE = {
    name: turn
    for turn, name in enumerate((fact_names.CONVERSATION_STARTED, fact_names.MESSAGE_RECEIVED, fact_names.REPLY_SENT))
}


class DeskFact(NamedTuple):
    """One fact about one conversation."""

    name: str
    at: datetime
    conversation_id: int
    customer_id: int
    properties: Mapping[str, Any]

    @property
    def by(self) -> str:
        """The actor, as text: “agent:3”."""
        return self.properties.get("by", "")

    @property
    def is_from_customer(self) -> bool:
        """Whether the customer wrote, a person and not their machine."""
        return self.name == fact_names.MESSAGE_RECEIVED and not self.properties.get("automatic")

    @property
    def is_from_agent(self) -> bool:
        """Whether a person here answered: neither the bot, nor a rule, nor anything automatic."""
        return (
            self.name == fact_names.REPLY_SENT and self.by.startswith("agent") and not self.properties.get("automatic")
        )

    @property
    def is_undelivered(self) -> bool:
        """Whether an answer surely reached nobody; of one that may have arrived nobody can say so."""
        return self.name == fact_names.MESSAGE_NOT_DELIVERED and self.properties.get("outcome") == "failed"

    @property
    def is_from_bot(self) -> bool:
        return self.name == fact_names.REPLY_SENT and self.by.startswith("bot")


def in_order(facts: Iterable[DeskFact]) -> list[DeskFact]:
    """By when they happened, in UTC; of one instant, what was said before what became of it, then as logged.

    A reply is logged when it leaves, ten seconds after it was written and the conversation resolved
    with it; it happened when it was written.
    """
    utc = (fact._replace(at=fact.at.astimezone(UTC)) for fact in facts)
    return sorted(utc, key=lambda fact: (fact.at, _AT_ONCE.get(fact.name, len(_AT_ONCE))))


def without_undone_merges(facts: list[DeskFact]) -> list[DeskFact]:
    """A merge that was taken back never happened: the separated conversation's clock ran on all the time."""
    left: list[DeskFact] = []
    standing: dict[Any, int] = {}  # where the merge of each conversation that is merged now was told
    for fact in facts:
        merged = fact.properties.get("merged")
        if fact.name == fact_names.CONVERSATIONS_MERGED:
            standing[merged] = len(left)
        if fact.name == fact_names.CONVERSATION_MERGE_UNDONE:
            place = standing.pop(merged, None)
            if place is not None:
                left[place] = left[place]._replace(name=fact_names.CONVERSATION_CHANGED)
            fact = fact._replace(name=fact_names.CONVERSATION_CHANGED)
        left.append(fact)
    return left
