"""A list that no index leads to is looked for a stretch at a time: slower to the end, never wrong."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import views
from regulars.desk.errors import TakesTooLong
from regulars.desk.models import Conversation
from regulars.desk.selectors import alone, bounded, listing, view_counts
from regulars.desk.selectors.alone import OutOfTime
from regulars.desk.selectors.listing import Wanted
from regulars.kernel import clock
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db

BAG = {"field": "subject", "is": "contains", "value": "bag"}
URGENT = {"field": "priority", "is": "in", "value": [1]}
OPEN = {"field": "status", "is": "in", "value": ["open"]}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    bounded._long.clear()


@pytest.fixture
def bags(ada: Customer, mailbox: Channel) -> list[int]:
    """Eleven conversations, of which every third is about a bag, in fours of one moment; the latest first."""
    at, rows = clock.now(), []
    for number in range(11):
        row = ask(ada.pk, mailbox, subject="A bag" if number % 3 == 0 else "A shoe")
        Conversation.objects.filter(pk=row.pk).update(last_at=at - timedelta(hours=number // 4), priority=1)
        rows.append((number // 4, -row.pk, row.subject))
    return [-pk for _hours, pk, subject in sorted(rows) if subject == "A bag"]


def walked(monkeypatch: pytest.MonkeyPatch, *, stretch: int) -> None:
    """As if nothing could be asked for whole in time."""
    monkeypatch.setattr(bounded, "STRETCH", stretch)
    monkeypatch.setattr(bounded, "took_long", lambda name: True)


def pages(by: Agent, sort: str, *, limit: int = 2) -> list[listing.Page]:
    found = [listing.page(Wanted(BAG), by=by.actor, sort=sort, limit=limit)]
    while found[-1].after:
        found.append(listing.page(Wanted(BAG), by=by.actor, sort=sort, start=found[-1].after, limit=limit))
    return found


@pytest.mark.parametrize("stretch", [1, 3, 4, 50])
def test_stretches_find_each_once_and_in_order(
    bags: list[int], ines: Agent, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    oldest = [row.pk for page in pages(ines, "oldest") for row in page.rows]
    walked(monkeypatch, stretch=stretch)
    for sort, whole in (("newest", bags), ("oldest", oldest)):
        found = pages(ines, sort)
        assert [row.pk for page in found for row in page.rows] == whole
        assert all(page.takes_long and not page.is_cut for page in found)
    assert sorted(oldest) == sorted(bags)


def test_an_order_no_index_holds_is_looked_for_among_the_latest_and_says_so(
    bags: list[int], ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked(monkeypatch, stretch=4)
    (page,) = pages(ines, "priority", limit=9)
    assert ([row.pk for row in page.rows], page.is_cut) == (bags[:2], True)
    monkeypatch.setattr(bounded, "STRETCH", 50)
    (page,) = pages(ines, "created", limit=9)
    assert (len(page.rows), page.is_cut) == (len(bags), False)


def slow(monkeypatch: pytest.MonkeyPatch, is_slow: Callable[[str, float], bool]) -> list[float]:
    """A database that takes too long for some questions; and how long each was given."""
    given: list[float] = []
    asked = alone.ask

    def ask(sql: str, values: Sequence[Any] = (), *, seconds: float) -> list[tuple[Any, ...]]:
        given.append(seconds)
        if is_slow(f"{sql}{values}", seconds):
            raise OutOfTime
        return asked(sql, values, seconds=seconds)

    monkeypatch.setattr(alone, "ask", ask)
    return given


def test_what_took_long_is_not_waited_for_again(bags: list[int], ines: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    given = slow(monkeypatch, lambda _sql, seconds: seconds == bounded.FIRST_SECONDS)
    for _ in range(2):
        assert [row.pk for row in listing.page(Wanted(BAG), by=ines.actor).rows] == bags
    assert given.count(bounded.FIRST_SECONDS) == 1
    listing.page(Wanted({"all": [OPEN, {}]}), by=ines.actor)
    assert len(given) == 5  # what an index leads to has no such end


def test_when_even_a_stretch_takes_too_long_it_is_said(
    bags: list[int], ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow(monkeypatch, lambda _sql, _seconds: True)
    with pytest.raises(TakesTooLong):
        listing.page(Wanted(BAG), by=ines.actor)


def test_a_count_that_takes_long_is_left_out_and_keeps_no_other_from_its_number(
    bags: list[int], ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = slow(monkeypatch, lambda sql, _seconds: "BAG" in sql.upper())
    wanted = [("bags", Wanted(BAG)), ("urgent", Wanted(URGENT)), ("open", Wanted(OPEN))]
    for _ in range(2):
        assert view_counts.counts(wanted, by=ines.actor) == {"urgent": 11, "open": 11}
    assert given == [view_counts.TOGETHER_SECONDS, *[view_counts.APART_SECONDS] * 3, view_counts.TOGETHER_SECONDS]


def test_the_page_says_that_it_goes_on_looking(
    bags: list[int], ines: Agent, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = views.create("Shoes", tree={"all": [{**BAG, "value": "shoe"}, OPEN]}, by=ines.actor)
    client.force_login(ines)
    walked(monkeypatch, stretch=1)
    said, address = "looked for step by step", f"/inbox/?view=view-{view.pk}&sort=newest"
    first = client.get(address)
    assert (first.context["inbox"]["rows"], said in first.content.decode()) == ([], True)
    assert f'hx-get="{first.context["inbox"]["more"]}"'.replace("&", "&amp;") in first.content.decode()
    monkeypatch.setattr(bounded, "STRETCH", 50)
    assert said not in client.get(address).content.decode()
    monkeypatch.setattr(bounded, "STRETCH", 4)
    assert "only the latest conversations" in client.get(f"{address[:-6]}priority").content.decode()
