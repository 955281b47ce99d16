"""What is typed into the search is understood as mail programs and other desks would."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.channels.models import Channel
from regulars.desk.actions import labels
from regulars.desk.models import Conversation
from regulars.desk.selectors import search_operators, search_query
from regulars.desk.selectors.search_query import Query
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def read(text: str) -> Query:
    return search_query.read(text, zone="Europe/Berlin")


def asked(name: str, *values: Any) -> dict[str, Any]:
    return {"field": name, "is": "in", "value": list(values)}


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("From:Ada order", "from:Ada order"),
        ("from: Ada order", "from:Ada order"),
        ("customer:Ada order", "from:Ada order"),
        ("“torn bag” order", '"torn bag" order'),
        ("from：Ada order", "from:Ada order"),
        ("status:active", "is:open"),
        ("is:Closed", "is:resolved"),
        ("in:spam order", "is:spam order"),
        ("assigned:me", "assignee:me"),
        ("assignee:unassigned", "is:unassigned"),
        ("older_than:7d", "before:7d"),
        ("newer:2026/03/01", "after:2026-03-01"),
        ("after:1.3.2026", "after:2026-03-01"),
        ("after:2026-03", "after:2026-03-01"),
        ("before:2026", "before:2026-01-01"),
        ("before:2w", "before:14d"),
        ("order NOT late", "order -late"),
        ("order AND late", "order late"),
        ("order from:", "order"),
        ('order from:""', "order"),
        ("order label: -late", "order -late"),
    ],
)
def test_what_means_the_same_is_read_as_the_same(typed: str, plain: str) -> None:
    assert read(typed) == read(plain)
    assert not read(typed).is_empty and not read(typed).unknown


def test_either_of_two_words_will_do_and_either_of_what_there_is_one_of() -> None:
    assert (read("order late OR lost OR torn").words, read("order late OR lost").either) == (
        ["order", "late"], {"late": ["lost"]},
    )  # fmt: skip
    assert read("WHERE IS IT OR NOT").words == ["where", "is", "it", "or", "not"]
    assert read("is:open is:waiting").trees == [asked("status", "open", "waiting")]
    assert read("-is:open -is:waiting").trees == [{"not": asked("status", each)} for each in ("open", "waiting")]
    assert read("from:ada from:musa").senders == ["ada", "musa"]


def test_a_day_is_meant_from_its_beginning() -> None:
    at = "2026-03-01T00:00:00+01:00"
    assert read("after:2026-03-01").trees == [{"field": "last", "is": "after", "value": at}]
    assert read("before:2026-03-01").trees == [{"field": "last", "is": "before", "value": at}]
    today = clock.today("Europe/Berlin").isoformat()
    assert read("after:today").trees[0]["value"].startswith(today)


@pytest.mark.parametrize(
    "typed", ["label:vip", "is:unread", "before:soon", "after:2026-02-30", "priority:9", "has:stars"]
)
def test_what_says_nothing_here_is_told_and_looked_for_as_words(typed: str) -> None:
    query = read(f"order {typed}")
    assert (query.unknown, query.trees, query.words[0]) == ([typed], [], "order")
    assert len(query.words) > 1
    query = read(f"order -{typed}")
    assert (query.unknown, query.trees, query.words, query.without) == ([f"-{typed}"], [], ["order"], [])
    assert read("note:urgent https://shop.example").unknown == []


def test_a_channel_is_named_by_the_address_that_is_written_to(mailbox: Channel, question: Conversation) -> None:
    labels.put(question.pk, "VIP", by=SYSTEM)
    assert read(f"to:{mailbox.address}").trees == [asked("channel", mailbox.pk)]
    assert read(f"mailbox:{mailbox.name.split()[0]}").trees == [asked("channel", mailbox.pk)]
    assert read("to:musa").senders == ["musa"]
    assert read("-tag:vip").trees == [{"not": asked("label", *question.labels.values_list("pk", flat=True))}]


def test_a_number_is_a_conversations_where_it_stands_alone() -> None:
    assert read("4711").numbers == read("#4711").numbers == read("4711 is:open").numbers == [4711]
    assert read("2 bags").numbers == read("subject:4711").numbers == read("-4711").numbers == []
    assert read("#12 #15").numbers == [12, 15]


def test_what_is_quoted_is_not_taken_for_other_words() -> None:
    assert read('"orders"').as_written == {"orders"}
    quoted = read('"my late orders" bag')
    assert (quoted.phrases, quoted.whole) == (["my late orders"], {"my", "late"})
    assert quoted.as_written == {"my", "late", "orders"}
    denied = read('order -"torn bag" -late')
    assert (denied.without_phrases, denied.without) == (["torn bag"], ["late"])


@pytest.mark.parametrize("typed", ["+49 170 1234567", "0170 123 45 67", "(0170) 1234567", "0170-1234567"])
def test_a_telephones_number_is_one_however_it_is_grouped(typed: str) -> None:
    query = read(typed)
    assert query.dialled.lstrip("+")[-10:] == "1701234567"
    assert all(query.either[word] == [query.dialled.lstrip("+")] for word in query.words)
    assert not read("12 bags").dialled and not read("2026-03").dialled


@given(st.text(max_size=60), st.sampled_from(search_query.OPERATORS))
def test_nothing_that_is_typed_behind_an_operator_breaks_it(text: str, name: str) -> None:
    query = read(f"{name}{text} OR {text}")
    assert all(word.isalnum() for word in query.words)


def test_every_other_name_leads_to_an_operator() -> None:
    assert {f"{name}:" for name in search_operators.ALSO_CALLED.values()} <= set(search_query.OPERATORS)
    assert not {f"{name}:" for name in search_operators.ALSO_CALLED} & set(search_query.OPERATORS)
