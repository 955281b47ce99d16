"""What an episode is: moments and spans, nothing measured yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

RESOLVED, MERGED = "resolved", "merged"


class Standing(NamedTuple):
    """How a conversation stood at a moment."""

    channel_id: int | None = None
    kind: str = ""
    priority: int | None = None
    team_id: int | None = None
    agent_id: int | None = None
    labels: frozenset[str] = frozenset()


NOWHERE = Standing()


class Turn(NamedTuple):
    """The customer waits for an answer: from the first of their messages in a row to a person's reply.

    `answered_at` is null while they wait, and for good when the episode ended without an answer.
    `standing` is how the conversation stood at the answer, or at the end, or stands now.
    """

    asked_at: datetime
    answered_at: datetime | None = None
    answered_by: str = ""
    standing: Standing = NOWHERE


class Pause(NamedTuple):
    """The resolution clock stands still: the customer's turn, or snoozed. Open while `until` is null."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """One round of a conversation.

    `began_at` is the customer's first message in it, and null when only we have written so far: then
    nothing is measured. `ending` is “resolved”, “merged” when it went on in another conversation (where
    it is counted), or empty while it runs. Of a merge, the kept episode has the messages of both.
    `standing` is how it stood when it ended, or stands now.
    """

    conversation_id: int
    customer_id: int
    ordinal: int
    opened_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    ending: str
    ended_by: str
    turns: tuple[Turn, ...]
    pauses: tuple[Pause, ...]
    bot_answered_at: datetime | None
    messages: int
    replies: int
    standing: Standing

    @property
    def first(self) -> Turn | None:
        """The turn whose answer is the first response; none before the customer wrote."""
        return self.turns[0] if self.turns else None

    @property
    def is_reopening(self) -> bool:
        return self.ordinal > 1
