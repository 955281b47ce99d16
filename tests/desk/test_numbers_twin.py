"""The figures read in one pass are those of one obvious query each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.customers.models import Label as LabelOfCustomers
from regulars.desk.actions import days_of_numbers
from regulars.desk.models import Conversation, Episode, EpisodeMark, Turn
from regulars.desk.selectors import numbers
from regulars.desk.selectors.numbers import Measured, Parts, Question
from regulars.desk.selectors.numbers.days import files, reading
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
    by=st.sampled_from(["", "agent", "team", "priority", "kind", "label", "customer label", "field why"]),
    where=st.sampled_from(
        [
            (),
            (("team", "1"),),
            (("team", ""),),
            (("label", "late"),),
            (("agent", "9"),),
            (("field why", "late"),),
            (("customer label", "a"),),
        ]
    ),
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
    others = [None, ["late"], ["late", "lost"], "late", [], True]
    value = others[len(rounds) % len(others)]
    question.customer.labels.set(
        [LabelOfCustomers.objects.get_or_create(name=name)[0] for name in "ab"[: len(rounds) % 3]]
    )
    Conversation.objects.filter(pk=question.pk).update(fields={} if value is None else {"why": value})
    assert numbers.volume(asked) == slow_numbers.volume(asked)
    for kind, found in numbers.all_measured(asked).items():
        assert nearly(found) == nearly(slow_numbers.measured(asked, kind)), kind
    left = {day: (one.opened, one.ended, one.left) for day, one in numbers.backlog(asked).items()}
    slow = slow_numbers.backlog(asked, list(left))
    assert {day: each for day, each in left.items() if any(each)} == {
        day: each for day, each in slow.items() if any(each)
    }
    for part in numbers.PARTS:
        loads = {agent: getattr(load, part) for agent, load in numbers.workload(asked).items()}
        assert {agent: n for agent, n in loads.items() if n} == slow_numbers.workload(asked, part), part


MARCH_BY_DAY = Question(MARCH.date(), date(2026, 4, 1), "UTC")


def test_a_day_is_read_once_and_again_when_anything_of_it_was_written_anew(question: Conversation) -> None:
    write(question, [(1, 60.0, 1, []), (30, 60.0, 1, [])])
    with mock.patch.object(reading, "day_of", wraps=reading.day_of) as read:
        assert numbers.volume(MARCH_BY_DAY).whole.began == 2
        assert numbers.volume(MARCH_BY_DAY).whole.messages == 6
        assert [call.args[0].day for call in read.call_args_list] == [1, 2]
        Episode.objects.filter(ordinal=2).update(messages=7)
        assert numbers.volume(MARCH_BY_DAY).whole.messages == 10
        Episode.objects.filter(ordinal=1).delete()
        assert numbers.volume(MARCH_BY_DAY).whole.messages == 7
        assert [call.args[0].day for call in read.call_args_list] == [1, 2, 2, 1]


def test_what_is_kept_ready_is_not_read_by_whoever_looks(question: Conversation) -> None:
    write(question, [(1, 60.0, 1, []), (30, 60.0, 1, [])])
    assert days_of_numbers.keep_ready() == 2
    assert days_of_numbers.keep_ready() == 0
    with mock.patch.object(reading, "day_of", side_effect=AssertionError):
        assert numbers.volume(MARCH_BY_DAY).whole.began == 2


def test_marks_that_became_many_are_gathered_into_one(question: Conversation) -> None:
    write(question, [(1, 60.0, 1, [])])
    for _ in range(days_of_numbers.MOST_MARKS):
        Episode.objects.update(messages=F("messages") + 1)
    assert days_of_numbers.keep_ready() == 1
    assert EpisodeMark.objects.count() == 1
    assert numbers.volume(MARCH_BY_DAY).whole.messages == 3 + days_of_numbers.MOST_MARKS


def test_a_day_without_episodes_leaves_no_file(question: Conversation, settings: Any) -> None:
    write(question, [(1, 60.0, 1, [])])
    days_of_numbers.keep_ready()
    Episode.objects.all().delete()
    EpisodeMark.objects.all().delete()
    days_of_numbers.keep_ready()
    assert list((settings.DATA / files.FOLDER).iterdir()) == []


def test_where_nothing_can_be_kept_the_figures_are_read_each_time(question: Conversation, settings: Any) -> None:
    write(question, [(1, 60.0, 1, [])])
    settings.DATA.mkdir(parents=True, exist_ok=True)
    (settings.DATA / files.FOLDER).write_text("in the way")
    assert numbers.volume(MARCH_BY_DAY).whole.began == 1
