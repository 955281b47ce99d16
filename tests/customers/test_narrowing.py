"""However the list finds whom its filters ask for, it finds the same people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest

from regulars.customers.actions import consents, labels, merges
from regulars.customers.models import Customer, Label
from regulars.customers.selectors import listing, narrowing, walking
from regulars.customers.selectors.narrowing import Filters
from regulars.kernel import clock
from tests.customers.cast import AT, INES, make_customer, record

pytestmark = pytest.mark.django_db


@contextmanager
def gathering(most: int, *walked: int) -> Iterator[None]:
    """Up to so many are gathered at once; the walk goes so far before everybody who meets the filters is sorted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(narrowing, "MOST_GATHERED", most)
        patch.setattr(narrowing, "MOST_RECKONED_FEW", most)
        patch.setattr(walking, "WALKED", walked)
        yield


def shown(filters: Filters, sort: str) -> tuple[list[int], int | None]:
    """Everybody, page by page, and the count."""
    page = listing.page(filters, sort=sort, limit=3)
    rows, count = [row.id for row in page.rows], page.count
    while page.after:
        page = listing.page(filters, sort=sort, after=page.after, limit=3)
        rows += [row.id for row in page.rows]
    return rows, count


@pytest.fixture
def crowd() -> None:
    """Two dozen people with labels, orders, consents withdrawn and given, visits; some merged, some visitors."""
    chance = Random(7)
    people = [make_customer(f"Person {number:02d}", external=f"u-{number}") for number in range(24)]
    for person in people:
        for name in ("VIP", "press"):
            if chance.random() < 0.5:
                labels.put(person.pk, name, by=INES)
        for _ in range(chance.choice([0, 1, 2])):
            say = chance.choice([consents.give, consents.withdraw])
            say(person.pk, "news", by=INES, source="a form")
        if chance.random() < 0.5:
            record(person.pk, "Order Completed", total=1)
        days = chance.choice([None, 0, 3, 40])
        Customer.objects.filter(pk=person.pk).update(
            last_seen_at=None if days is None else AT - timedelta(days=days),
            known_at=AT if chance.random() < 0.8 else None,
        )
    for kept, merged in ((0, 1), (0, 2), (5, 9), (12, 20)):
        merges.merge(people[kept].pk, people[merged].pk, by=INES)


CHOICES: dict[str, list[Any]] = {
    "who": ["visitors", "all"],
    "label": ["VIP", "press"],
    "seen_days": [7],
    "has_orders": [True, False],
    "consent": ["news"],
    "source": [1],
}


def asked() -> Iterator[Filters]:
    """Every filter, every two and every three of them together."""
    together = [names for size in (0, 1, 2, 3) for names in combinations(CHOICES, size)]
    for turn, names in enumerate(together):
        chosen = {name: CHOICES[name][turn % len(CHOICES[name])] for name in names}
        if "label" in chosen:
            chosen["label"] = Label.objects.get(name=chosen["label"]).pk
        yield Filters(**chosen)


@pytest.mark.parametrize("sort", ["seen", "name", "newest"])
def test_gathered_first_or_walked_along_the_index_the_list_is_the_same(crowd: None, sort: str) -> None:
    lengths = set()
    with clock.frozen(AT):
        for filters in asked():
            with gathering(100):
                gathered = shown(filters, sort)
            with gathering(-1, 100):
                walked = shown(filters, sort)
            with gathering(-1, 2, 5):
                walked_in_part = shown(filters, sort)
            with gathering(-1):
                all_sorted = shown(filters, sort)
            assert walked[0] == walked_in_part[0] == all_sorted[0] == gathered[0], filters
            assert gathered[1] == len(gathered[0]) == len(set(gathered[0])), filters
            lengths.add(len(gathered[0]))
    assert len(lengths) > 8
