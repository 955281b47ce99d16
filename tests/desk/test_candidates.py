"""Whichever way the latest conversations with some words are looked for, they are the same ones."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.models import Conversation, Searched
from regulars.desk.selectors import candidates
from regulars.desk.selectors.candidates import Latest, Words
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
        wanted = [part.strip("'*:") for part in words.parts]
        without = words.without.strip("!'")
        is_with = all(any(word.startswith(start) for word in there) for start in wanted)
        return is_with and (not without or without not in row[1] | row[2])

    found = [(-row[0], one.pk) for one, row in zip(among, said, strict=True) if has(row) and one.priority == 1]
    return [pk for _, pk in sorted(found, reverse=True)][:most]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(st.tuples(AGO, SAID, SAID), min_size=10, max_size=10),
    asked=ASKED,
    column=st.sampled_from(("title", "words")),
    without=st.sampled_from(("", "!'torn'")),
    most=st.integers(1, 6),
    steps=st.sampled_from(
        ((1, 3, 0, 0, 2, 0), (2, 5, 9, 0, 2, 9), (4, 6, 9, 99, 1, 1), (2, 3, 1, 0, 1, 9), (1_000, 8_000, 10, 0, 9, 9))
    ),
)
def test_walking_looking_up_and_checking_find_the_same(
    said: list[tuple[int, set[str], set[str]]],
    asked: list[str],
    column: str,
    without: str,
    most: int,
    steps: tuple[int, ...],
    many: list[Conversation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with clock.frozen(clock.now()):
        write(many, said)
    for name, value in zip(("NEAR", "FAR", "COMMON", "NARROW", "AT_ONCE", "OFTEN"), steps, strict=True):
        monkeypatch.setattr(candidates, name, value)
    words = Words([f"'{word}':*" for word in asked], without)
    allowed = Conversation.objects.filter(Q(priority=1))
    assert Latest(words).having(column, allowed, most=most) == obvious(many, said, words, column, most)


def test_a_rare_word_is_looked_up_and_a_common_one_is_walked_to(
    many: list[Conversation], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    for name, value in (("NEAR", 4), ("FAR", 9), ("COMMON", 1)):
        monkeypatch.setattr(candidates, name, value)
    rare = [(9, set[str](), {"torn"}), *[(number, set[str](), {"order"}) for number in range(9)]]
    write(many, rare)
    with django_assert_num_queries(2):  # the latest; which of those with the word are allowed
        assert latest("order", most=2) == [many[1].pk, many[2].pk]
    with django_assert_num_queries(4):  # the latest do not do; where the walk ends, and the walk
        assert latest("order", most=5) == [many[place].pk for place in range(1, 6)]
    with django_assert_num_queries(3):  # the latest have it not; the index of words, and which are allowed
        assert latest("torn", most=1) == [many[0].pk]


def latest(word: str, *, most: int) -> list[int]:
    return Latest(Words([f"'{word}':*"])).having("words", Conversation.objects.all(), most=most)


def test_of_many_with_a_word_only_the_latest_are_fetched(
    many: list[Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NEAR", 3), ("COMMON", 4)):
        monkeypatch.setattr(candidates, name, value)
    write(many, [(10 * number, set[str](), {"torn"}) for number in range(9)] + [(9_000, set[str](), {"torn"})])
    fetched: list[int] = []
    rows = Latest._rows

    def watched(self: Latest, *given: Any, **named: Any) -> Any:
        for part in rows(self, *given, **named):
            fetched.extend(row.pk for row in part)
            yield part

    monkeypatch.setattr(Latest, "_rows", watched)
    assert latest("torn", most=5) == [row.pk for row in many[:5]]
    assert many[9].pk not in fetched
