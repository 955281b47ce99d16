"""An episode while its facts are read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from regulars.desk.episodes.values import NOWHERE, Episode, Pause, Standing, Turn

PAUSING = ("waiting", "snoozed")


class Said(NamedTuple):
    """Something said that counts: by the customer, by an agent, by the bot.

    Without `message` it only stands for one that was dated earlier.
    """

    at: datetime
    by: str
    message: int | None = None
    standing: Standing = NOWHERE

    @property
    def is_asking(self) -> bool:
        return self.by.startswith("customer")

    @property
    def is_answer(self) -> bool:
        return self.by.startswith("agent")


@dataclass(slots=True)
class Running:
    """What is known of an episode so far."""

    conversation_id: int
    customer_id: int
    ordinal: int
    opened_at: datetime
    said: list[Said] = field(default_factory=list)
    statuses: list[tuple[datetime, str]] = field(default_factory=list)
    standing: Standing = NOWHERE
    ended_at: datetime | None = None
    ending: str = ""
    ended_by: str = ""

    def end(self, how: str, *, at: datetime, by: str) -> None:
        """End it, once."""
        self.ended_at, self.ending, self.ended_by = at, how, by

    def absorb(self, other: "Running") -> None:
        """Take over what was said in an episode that goes on in this one; what was said is kept in order."""
        self.said = sorted([*self.said, *other.said], key=lambda one: one.at)

    def give_up(self, messages: set[int]) -> list[Said]:
        """Let go of these messages and return them."""
        gone = [one for one in self.said if one.message in messages]
        self.said = [one for one in self.said if one.message not in messages]
        return gone

    def episode(self) -> Episode:
        """The value that stays."""
        turns = tuple(_turns(self.said, self.standing))
        began_at = turns[0].asked_at if turns else None
        return Episode(
            conversation_id=self.conversation_id,
            customer_id=self.customer_id,
            ordinal=self.ordinal,
            opened_at=self.opened_at,
            began_at=began_at,
            ended_at=self.ended_at,
            ending=self.ending,
            ended_by=self.ended_by,
            turns=turns,
            pauses=tuple(_pauses(self.statuses, since=began_at, until=self.ended_at)),
            bot_answered_at=_bot_answered_at(self.said, began_at),
            messages=sum(one.is_asking and one.message is not None for one in self.said),
            replies=sum(one.is_answer for one in self.said),
            standing=self.standing,
        )


def _turns(said: list[Said], now: Standing) -> Iterator[Turn]:
    asked_at: datetime | None = None
    for one in said:
        if one.is_asking and asked_at is None:
            asked_at = one.at
        elif one.is_answer and asked_at is not None:
            yield Turn(asked_at, one.at, one.by, one.standing)
            asked_at = None
    if asked_at is not None:
        yield Turn(asked_at, standing=now)


def _bot_answered_at(said: list[Said], began_at: datetime | None) -> datetime | None:
    if began_at is None:
        return None
    return next((one.at for one in said if one.by.startswith("bot") and one.at >= began_at), None)


def _pauses(statuses: list[tuple[datetime, str]], *, since: datetime | None, until: datetime | None) -> Iterator[Pause]:
    """The spans of waiting and snoozing, cut to the time the clock may run."""
    if since is None:
        return
    paused_at: datetime | None = None
    for at, status in statuses:
        if status in PAUSING:
            paused_at = paused_at or max(at, since)
        elif paused_at is not None:
            if at > paused_at:
                yield Pause(paused_at, at)
            paused_at = None
    if paused_at is not None and paused_at != until:
        yield Pause(paused_at, until)
