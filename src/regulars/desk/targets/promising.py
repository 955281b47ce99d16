"""Episodes against a policy: which promises run or ran, and when each comes or came due."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.desk.episodes import MERGED, Episode, Pause, Standing, Turn
from regulars.desk.hours import ALWAYS
from regulars.desk.targets.due import falls_due
from regulars.desk.targets.policy import FIRST, NEXT, RESOLUTION, Case, Policy

# What holds at a moment: the policy with its number, or nothing before there was one.
PolicyAt = Callable[[datetime], tuple[int, Policy] | None]


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise on one conversation, as it stands by the facts.

    Met at `met_at`; void from `stopped_at` on when the episode ended without it. `due_at` is null while
    the clock is paused and time is left.
    """

    conversation_id: int
    episode: int
    kind: str
    turn: int
    policy_id: int
    target: str
    seconds: int
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    paused_at: datetime | None
    met_at: datetime | None
    stopped_at: datetime | None

    @property
    def key(self) -> tuple[int, str, int]:
        """Which promise it is within its conversation."""
        return self.episode, self.kind, self.turn

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    def is_broken(self, now: datetime) -> bool:
        """Whether it was not kept in time, a breach that is still open included."""
        over = self.met_at or self.stopped_at or now
        return self.due_at is not None and over > self.due_at


def promised(episode: Episode, policy_at: PolicyAt, *, more_labels: frozenset[str] = frozenset()) -> Iterator[Promised]:
    """The promises of one episode. The policy is that of each clock's start, the target that of the present case.

    So a running clock keeps the version it began with, and a change of priority or team moves what is
    due from the clock's start. `more_labels` are the customer's.
    """
    for number, turn in enumerate(episode.turns):
        kind = NEXT if number else FIRST
        found = _promise(episode, kind, turn=number, asked=turn, policy_at=policy_at, labels=more_labels)
        if found:
            yield found
    if episode.began_at is not None:
        whole = Turn(episode.began_at, _resolved_at(episode), standing=episode.standing)
        found = _promise(episode, RESOLUTION, turn=0, asked=whole, policy_at=policy_at, labels=more_labels)
        if found:
            yield found


def _promise(
    episode: Episode, kind: str, *, turn: int, asked: Turn, policy_at: PolicyAt, labels: frozenset[str]
) -> Promised | None:
    version = policy_at(asked.asked_at)
    if version is None:
        return None
    policy_id, policy = version
    target = policy.target_for(case_of(asked.standing, labels))
    if target is None or kind not in target.seconds:
        return None
    pauses = episode.pauses if kind == RESOLUTION else ()
    seconds = target.seconds[kind]
    due_at = falls_due(asked.asked_at, seconds, policy.hours.get(target.hours, ALWAYS), pauses=pauses)
    return Promised(
        conversation_id=episode.conversation_id,
        episode=episode.ordinal,
        kind=kind,
        turn=turn,
        policy_id=policy_id,
        target=target.name,
        seconds=seconds,
        started_at=asked.asked_at,
        due_at=due_at,
        warn_at=due_at - timedelta(seconds=min(policy.warn_seconds, seconds / 2)) if due_at else None,
        paused_at=_paused_at(pauses),
        met_at=asked.answered_at,
        stopped_at=episode.ended_at if asked.answered_at is None else None,
    )


def case_of(standing: Standing, more_labels: frozenset[str] = frozenset()) -> Case:
    """What a target may ask, from how a conversation stood."""
    return Case(standing.priority, standing.channel_id, standing.team_id, standing.kind, standing.labels | more_labels)


def _resolved_at(episode: Episode) -> datetime | None:
    return None if episode.ending == MERGED else episode.ended_at


def _paused_at(pauses: tuple[Pause, ...]) -> datetime | None:
    return pauses[-1].since if pauses and pauses[-1].until is None else None
