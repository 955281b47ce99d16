"""What programs sent that could not be used, as their owner reads it."""

from typing import Any

import pytest
from django.test import Client

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent, Key
from regulars.customers.tracking import rejected
from regulars.customers.tracking.rejected import Rejection
from regulars.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
PAGE = "/settings/keys/rejected/"
NAMELESS = "A track event needs a name in “event”, of at most 300 letters."


@pytest.fixture
def olga(client: Client) -> Client:
    made = Agent.objects.create_user("olga@shop.example", name="Olga Marin", role="owner")
    client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def shop() -> int:
    return source("server", "Web shop")


def source(kind: str, name: str) -> int:
    keys.create(kind, name=name, by=SYSTEM)
    return Key.objects.get(source__name=name).source.pk


def faults(answer: Any) -> list[tuple[str, str, str, str, int]]:
    return [(each.key_name, each.reason, each.event, each.message_id, each.count) for each in answer.context["faults"]]


def test_without_a_rejection_the_page_says_that_all_is_well(olga: Client, shop: int) -> None:
    page = olga.get(PAGE).content.decode()
    assert "Nothing was rejected" in page
    assert "in the last 7 days" in page


def test_alike_rejections_are_one_line_with_the_newest_message(olga: Client, shop: int) -> None:
    storefront = source("browser", "Storefront")
    rejected.keep([Rejection(0, "invalid_event", NAMELESS, "track", "", f"m-{n}") for n in range(3)], source_id=shop)
    rejected.keep([Rejection(0, "invalid_event", NAMELESS, "track", "", "b-1")], source_id=storefront)
    rejected.keep([Rejection(4, "invalid_event", "The event is not valid JSON.")], source_id=shop)
    answer = olga.get(PAGE)
    assert faults(answer) == [
        ("Web shop", "The event is not valid JSON.", "", "", 1),
        ("Storefront", NAMELESS, "", "b-1", 1),
        ("Web shop", NAMELESS, "", "m-2", 3),
    ]
    assert "5 messages in the last 7 days." in answer.content.decode()


def test_one_key_is_looked_at_alone_and_nonsense_filters_nothing(olga: Client, shop: int) -> None:
    storefront = source("browser", "Storefront")
    for where in (shop, storefront):
        rejected.keep([Rejection(0, "invalid_event", NAMELESS, "track")], source_id=where)
    assert [each[0] for each in faults(olga.get(PAGE, {"key": storefront}))] == ["Storefront"]
    assert len(faults(olga.get(PAGE, {"key": "x'; --"}))) == 2


def test_what_a_program_calls_its_events_is_text_and_never_markup(olga: Client, shop: int) -> None:
    rejected.keep([Rejection(0, "invalid_event", "<b>no</b>", "track", "<script>alert(1)</script>")], source_id=shop)
    page = olga.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "<b>no</b>" not in page


def test_the_page_takes_as_many_queries_for_many_as_for_few(
    olga: Client, shop: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        rejected.keep([Rejection(0, "invalid_event", f"Reason {number}", "track")], source_id=shop)
    olga.get(PAGE)
    with django_assert_max_num_queries(5):  # session, agent, presence, keys, rejections
        olga.get(PAGE)
