"""The figures read in one pass are those of one obvious query each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.desk.models import Conversation, Episode, Turn
from regulars.desk.selectors import numbers
from regulars.desk.selectors.numbers import KINDS, Measured, Parts, Question
from tests.desk import slow_numbers

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
SECONDS = st.none() | st.floats(0, 1e6)
TURN = st.tuples(SECONDS, st.none() | st.just(3600), st.booleans(), st.integers(1, 2))
ROUND = st.tuples(st.integers(0, 24 * 40), SECONDS, st.none() | st.integers(1, 2), st.lists(TURN, max_size=3))
QUESTION = st.builds(
    Question,
    since=st.just(date(2026, 3, 4)),
    until=st.sampled_from([date(2026, 3, 5), date(2026, 4, 3)]),  # over the night without its third hour
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Havana"]),
    step=st.sampled_from(["day", "week", "month"]),
    by=st.sampled_from(["", "agent", "priority", "label"]),
    where=st.sampled_from([(), (("team", "1"),)]),
    week_starts=st.sampled_from(["monday", "sunday"]),
)


def write(conversation: Conversation, rounds: list[Any]) -> None:
    """One episode for each; every second of them resolved, some with labels."""
    Turn.objects.all().delete()
    Episode.objects.all().delete()
    for ordinal, (hour, seconds, team, turns) in enumerate(rounds, 1):
        began, is_resolved = MARCH + timedelta(hours=hour), ordinal % 2 == 0
        episode = Episode.objects.create(
            conversation=conversation, ordinal=ordinal, opened_at=began, began_at=began, team_id=team, agent_id=team,
            ended_at=began + timedelta(hours=2) if is_resolved else None, ending="resolved" if is_resolved else "",
            labels=["late", "cup"][: ordinal % 3], priority=1, seconds=seconds, business_seconds=seconds, replies=hour,
            bot_business_seconds=seconds if team else None, messages=3, target_seconds=team, due_at=began,
        )  # fmt: skip
        Turn.objects.bulk_create(
            Turn(
                episode=episode, ordinal=place, began_at=began, asked_at=began, business_seconds=took, seconds=took,
                target_seconds=target, due_at=target and began + timedelta(hours=1), priority=priority, team_id=team,
                answered_at=began + timedelta(seconds=took) if took is not None and is_answered else None,
            )
            for place, (took, target, is_answered, priority) in enumerate(turns)
        )  # fmt: skip


def nearly(found: Parts[Measured]) -> Parts[Any]:
    """With means rounded: the two add up in different orders."""

    def one(part: Measured) -> Any:
        last = part.lasting
        return last.n, last.median, last.ninetieth, pytest.approx(last.mean), part.kept

    def each(parts: dict[Any, Measured]) -> dict[Any, Any]:
        return {name: one(part) for name, part in parts.items()}

    return Parts(one(found.whole), each(found.steps), each(found.groups))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(ROUND, max_size=8), asked=QUESTION)
def test_what_one_pass_reads_is_what_each_query_says(
    rounds: list[Any], asked: Question, question: Conversation
) -> None:
    write(question, rounds)
    assert numbers.volume(asked) == slow_numbers.volume(asked)
    for kind, found in numbers.all_measured(asked).items():
        assert nearly(found) == nearly(slow_numbers.measured(asked, kind)), kind


def test_turns_and_episodes_are_read_once_each(question: Conversation, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2 * 5):  # each in a transaction with settings of its own
        assert list(numbers.all_measured(Question(MARCH.date(), date(2026, 4, 1), "UTC", by="agent"))) == list(KINDS)
