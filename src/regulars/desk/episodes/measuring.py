"""Episodes in seconds: by the calendar and by business hours; null where there is nothing to measure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from regulars.desk.episodes.values import Episode, Pause, Turn
from regulars.desk.hours import Hours, business_seconds


class Lasted(NamedTuple):
    """One span in calendar and in business seconds."""

    seconds: float
    business_seconds: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What an episode took. `turns` has one entry for each of its turns, null while unanswered.

    `resolution` is without the pauses, of which `paused` is the sum.
    """

    first: Lasted | None
    turns: tuple[Lasted | None, ...]
    resolution: Lasted | None
    paused: Lasted | None
    bot: Lasted | None


def measure(episode: Episode, hours: Hours) -> Measures:
    """Measure one episode; what has not ended yet is not measured."""
    turns = tuple(_answered(turn, hours) for turn in episode.turns)
    is_resolved = episode.ending == "resolved" and episode.began_at is not None
    paused = total(_paused(pause, hours) for pause in episode.pauses) if is_resolved else None
    return Measures(
        first=turns[0] if turns else None,
        turns=turns,
        resolution=_resolution(episode, paused, hours) if paused else None,
        paused=paused,
        bot=_bot(episode, hours),
    )


def span(start: datetime, end: datetime, hours: Hours) -> Lasted:
    """One span both ways; in UTC, because two times of one zone are subtracted as if its clock never changed."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    return Lasted((end - start) / timedelta(seconds=1), business_seconds(start, end, hours))


def total(spans: Iterable[Lasted]) -> Lasted:
    """The sum of spans that do not overlap."""
    kept = list(spans)
    return Lasted(sum(one.seconds for one in kept), sum(one.business_seconds for one in kept))


def _answered(turn: Turn, hours: Hours) -> Lasted | None:
    return span(turn.asked_at, turn.answered_at, hours) if turn.answered_at else None


def _paused(pause: Pause, hours: Hours) -> Lasted:
    assert pause.until is not None, "an ended episode has no open pause"
    return span(pause.since, pause.until, hours)


def _resolution(episode: Episode, paused: Lasted, hours: Hours) -> Lasted | None:
    if episode.began_at is None or episode.ended_at is None or episode.ended_at < episode.began_at:
        return None
    whole = span(episode.began_at, episode.ended_at, hours)
    return Lasted(whole.seconds - paused.seconds, whole.business_seconds - paused.business_seconds)


def _bot(episode: Episode, hours: Hours) -> Lasted | None:
    if episode.began_at is None or episode.bot_answered_at is None:
        return None
    return span(episode.began_at, episode.bot_answered_at, hours)
