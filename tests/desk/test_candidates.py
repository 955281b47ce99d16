"""Whichever way the latest conversations with some words are looked for, they are the same ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.models import Conversation, Searched
from regulars.desk.selectors import alone, candidate_questions, candidates
from regulars.desk.selectors.candidate_questions import Words
from regulars.desk.selectors.candidates import Asked, Latest
from regulars.kernel import clock

pytestmark = pytest.mark.django_db

WORDS = ("bag", "bags", "order", "torn")
AGO = st.sampled_from((0, 1, 2, 20, 30, 100, 400, 1_500, 9_000))  # hours; several at once share a moment
SAID = st.sets(st.sampled_from(WORDS))
ASKED = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)


@pytest.fixture
def many(ada: Customer, mailbox: Channel) -> list[Conversation]:
    now = clock.now()
    rows = [
        Conversation(customer=ada, channel=mailbox, created_at=now, last_at=now, priority=1 + number % 2)
        for number in range(10)
    ]
    return Conversation.objects.bulk_create(rows)


def write(conversations: list[Conversation], said: list[tuple[int, set[str], set[str]]]) -> None:
    """The rows the search reads: how long ago, the words of the title, and those of everything."""
    Searched.objects.all().delete()
    for row, (ago, _title, _words) in zip(conversations, said, strict=True):
        row.last_at = clock.now() - timedelta(hours=ago)
    Conversation.objects.bulk_update(conversations, ["last_at"])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO desk_searched VALUES (%s, %s, array_to_tsvector(%s), array_to_tsvector(%s))",
            [
                [row.pk, clock.now() - timedelta(hours=ago), sorted(title), sorted(title | words)]
                for row, (ago, title, words) in zip(conversations, said, strict=True)
            ],
        )


def obvious(
    among: list[Conversation], said: list[tuple[int, set[str], set[str]]], words: Words, column: str, most: int
) -> list[int]:
    """The slow twin: look at every conversation, sort them all."""

    def has(row: tuple[int, set[str], set[str]]) -> bool:
        there = row[1] if column == "title" else row[1] | row[2]
        is_with = all(any(_is(word, way, words) for word in there for way in ways) for ways in words.parts)
        return is_with and not {*words.without} & (row[1] | row[2])

    found = [(-row[0], one.pk) for one, row in zip(among, said, strict=True) if has(row) and one.priority == 1]
    return [pk for _, pk in sorted(found, reverse=True)][:most]


def _is(word: str, way: str, words: Words) -> bool:
    return word == way if way in words.whole else word.startswith(way)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(st.tuples(AGO, SAID, SAID), min_size=10, max_size=10),
    asked=ASKED,
    column=st.sampled_from(("title", "words")),
    without=st.sampled_from(((), ("torn",))),
    is_phrase=st.booleans(),
    whole=SAID,
    most=st.integers(1, 6),
    steps=st.sampled_from(  # near, far, dearer, listed, at once, narrow, few, checking, brief
        (
            (1, 3, 0, 1, 1, 0, 0, 8, 0),  # by the index, one period at first
            (2, 5, 0, 99, 2, 99, 9, 10**9, 0),  # by the index, all words of it, then by the conditions
            (2, 10**6, 10**9, 1, 1, 0, 1, 8, 20_000),  # a walk, then by the index
            (4, 10**6, 10**9, 99, 1, 9, 9, 10**9, 0),
            (2, 5, 0, 99, 1, 9, 9, 0, 0),  # by the conditions at once
            (1_000, 8_000, 2, 100, 4, 9, 1, 8, 20_000),
        )
    ),
)
def test_walking_looking_up_and_checking_find_the_same(
    said: list[tuple[int, set[str], set[str]]],
    asked: list[str],
    column: str,
    without: tuple[str, ...],
    is_phrase: bool,
    whole: set[str],
    most: int,
    steps: tuple[int, ...],
    many: list[Conversation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with clock.frozen(clock.now()):
        write(many, said)
    monkeypatch.setattr(candidate_questions, "NEAR", steps[0])
    for name, value in zip(
        ("FAR", "DEARER", "LISTED", "AT_ONCE", "NARROW", "FEW", "CHECKING", "BRIEF"), steps[1:], strict=True
    ):
        monkeypatch.setattr(candidates, name, value)
    words = Words([[word] for word in asked], without, whole)
    allowed = Conversation.objects.filter(Q(priority=1))
    assert latest(words, allowed, column, most=most, is_narrowed=True) == obvious(many, said, words, column, most)
    both = [pk for name in ("title", "words") for pk in obvious(many, said, words, name, len(many))]
    asked_for = Asked(words, {"title": allowed.all() if is_phrase else allowed, "words": allowed}, most)
    assert Latest(asked_for).ranked() == list(dict.fromkeys(both))[:most]


def test_each_way_is_one_question(many: list[Conversation], monkeypatch: pytest.MonkeyPatch) -> None:
    everything = Conversation.objects.all()
    asked: list[str] = []
    ask = alone.ask
    monkeypatch.setattr(alone, "ask", lambda sql, *given, **named: asked.append(sql) or ask(sql, *given, **named))
    monkeypatch.setattr(candidate_questions, "NEAR", 4)
    monkeypatch.setattr(candidates, "FAR", 10**6)
    write(many, [(9, set[str](), {"torn"}), *[(number, set[str](), {"order"}) for number in range(9)]])
    order, torn = Words([["order"]]), Words([["torn"]])
    assert latest(order, everything, "words", most=2) == [many[1].pk, many[2].pk]
    assert len(asked) == 1  # the latest have it
    monkeypatch.setattr(candidates, "DEARER", 10**9)
    assert latest(order, everything, "words", most=5) == [many[place].pk for place in range(1, 6)]
    assert len(asked) == 1 + 2  # the latest do not do; the walk
    monkeypatch.setattr(candidates, "DEARER", 0)
    assert latest(torn, everything, "words", most=1) == [many[0].pk]
    assert len(asked) == 3 + 2  # the latest have it not; the index


def latest(
    words: Words, allowed: QuerySet[Conversation], column: str, *, most: int, is_narrowed: bool = False
) -> list[int]:
    asked = Asked(words, {"title": allowed, "words": allowed}, most, is_narrowed=is_narrowed)
    return Latest(asked).having(column)


def test_of_many_with_a_word_only_the_latest_are_looked_at(
    many: list[Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidate_questions, "NEAR", 3)
    monkeypatch.setattr(candidates, "DEARER", 0)
    monkeypatch.setattr(candidates, "BRIEF", 0)
    write(many, [(10 * number, set[str](), {"torn"}) for number in range(9)] + [(9_000, set[str](), {"torn"})])
    asked: list[range] = []
    looked_up = candidate_questions.looked_up

    def watched(*given: Any, **named: Any) -> Any:
        asked.append(given[5])
        return looked_up(*given, **named)

    monkeypatch.setattr(candidate_questions, "looked_up", watched)
    found = latest(Words([["torn"]]), Conversation.objects.all(), "words", most=5)
    assert found == [row.pk for row in many[:5]]
    assert [len(periods) for periods in asked] == [candidates.AT_ONCE]


def test_of_few_with_many_words_those_few_are_looked_at(
    many: list[Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidate_questions, "NEAR", 3)
    monkeypatch.setattr(candidates, "CHECKING", 1)
    write(many, [(10 * number, set[str](), {"torn"}) for number in range(10)])
    asked: list[str] = []
    ask = alone.ask
    monkeypatch.setattr(alone, "ask", lambda sql, *given, **named: asked.append(sql) or ask(sql, *given, **named))
    few = Conversation.objects.filter(pk__in=[many[4].pk, many[8].pk])
    found = latest(Words([["torn"]]), few, "words", most=5, is_narrowed=True)
    assert found == [many[4].pk, many[8].pk]
    assert [sql.split()[0] for sql in asked] == ["WITH", "EXPLAIN", "SELECT"]
    assert " @@ " not in asked[-1]


@pytest.mark.parametrize("said", [datetime(1961, 3, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)])
def test_words_of_any_year_are_found(said: datetime, many: list[Conversation], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidate_questions, "NEAR", 3)
    write(many, [(number, set[str](), {"order"}) for number in range(10)])
    Searched.objects.filter(pk=many[9].pk).update(last_at=said)
    with connection.cursor() as cursor:
        torn = "UPDATE desk_searched SET words = array_to_tsvector('{torn}') WHERE conversation_id = %s"
        cursor.execute(torn, [many[9].pk])
    assert latest(Words([["torn"]]), Conversation.objects.all(), "words", most=5) == [many[9].pk]
