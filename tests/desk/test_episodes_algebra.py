"""Whatever happens in a conversation, its episodes hold together, and what is over stays as it was."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.desk.episodes import DeskFact, Episode, fold, measure
from regulars.desk.hours import ALWAYS, Hours, read_intervals, same_every_day
from tests.desk.telling import BO, INES, Story, at

SPLIT = Hours("Europe/Berlin", same_every_day(read_intervals("09:00-12:30, 13:30-17:00, 22:00-02:00")))
DEEDS = ("asks", "asks by machine", "answers", "bot answers", "waits", "snoozes", "opens", "resolves", "reopens")
# Around the change to summer time, from a minute to two days apart.
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 2880)), min_size=1, max_size=25)


def told(steps: list[tuple[str, int]]) -> list[DeskFact]:
    story, moment = Story(), at("2026-03-26 08:00")
    for deed, minutes in steps:
        moment += timedelta(minutes=minutes)
        do(story, deed, moment.isoformat(sep=" ")[:16])
    return story.facts


def do(story: Story, deed: str, when: str) -> None:
    status = story.standing.get("status")
    if not story.facts or deed in ("asks", "asks by machine"):
        story.asks(when, automatic=deed == "asks by machine")
    elif deed in ("answers", "bot answers"):
        story.answers(when, "bot" if deed == "bot answers" else (INES, BO)[len(story.facts) % 2])
    elif deed == "reopens" and status == "resolved":
        story.becomes("reopened", when)
    elif status != "resolved" and deed in ("waits", "snoozes", "opens", "resolves"):
        story.becomes({"waits": "waiting", "snoozes": "snoozed", "opens": "open", "resolves": "resolved"}[deed], when)


@settings(max_examples=120, deadline=None)
@given(STEPS)
def test_episodes_hold_together(steps: list[tuple[str, int]]) -> None:
    episodes = fold(told(steps))
    assert [one.ordinal for one in episodes] == list(range(1, len(episodes) + 1))
    assert all(before.ended_at <= after.opened_at for before, after in pairwise(episodes))  # type: ignore[operator]
    for one in episodes:
        assert one.began_at == (one.turns[0].asked_at if one.turns else None)
        moments = [moment for turn in one.turns for moment in (turn.asked_at, turn.answered_at) if moment]
        assert moments == sorted(moments)
        pauses = [moment for pause in one.pauses for moment in (pause.since, pause.until) if moment]
        assert pauses == sorted(pauses)
        assert all(one.began_at and one.began_at <= moment for moment in pauses)
        measured(one)


def measured(one: Episode) -> None:
    """Resolution and pauses make the whole, and business time is never longer than the calendar's."""
    for hours in (ALWAYS, SPLIT):
        found = measure(one, hours)
        spans = [found.resolution, found.paused, found.bot, *found.turns]
        assert all(span is None or -1e-6 <= span.business_seconds <= span.seconds + 1e-6 for span in spans)
        if found.resolution and found.paused and one.began_at and one.ended_at:
            whole = (one.ended_at - one.began_at).total_seconds()
            assert found.resolution.seconds + found.paused.seconds == whole


@settings(max_examples=80, deadline=None)
@given(STEPS, st.integers(0, 40))
def test_what_is_over_stays_as_it_was(steps: list[tuple[str, int]], cut: int) -> None:
    """Only a reply that leaves after the resolve it was written before may still be added."""
    facts = told(steps)
    before, after = fold(facts[:cut]), fold(facts)
    for early, late in zip(before, after, strict=False):
        if early.ended_at is not None:
            assert (early.began_at, early.ended_at, early.pauses) == (late.began_at, late.ended_at, late.pauses)
            assert [turn.asked_at for turn in early.turns] == [turn.asked_at for turn in late.turns]
