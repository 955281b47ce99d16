"""Lists by stake: along the numbers' own order, and the same as sorting everybody."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer, Trait
from regulars.desk.models import Conversation
from regulars.desk.selectors import listing
from regulars.desk.selectors.listing import Wanted
from regulars.kernel import clock

pytestmark = pytest.mark.django_db

NUMBERS = st.lists(st.none() | st.sampled_from([0.0, 5.0, 70.0]), min_size=4, max_size=4)
HEADS = st.lists(st.none() | st.integers(0, 3), min_size=4, max_size=4)  # into whom each of the others was merged
WHOSE = st.lists(st.integers(0, 7), max_size=9)


def obvious(rows: list[Conversation], numbers: dict[int, float | None]) -> list[int]:
    """The slow twin: everybody's number, then sorted; those without it last, the newest first."""
    have = [(numbers[row.customer_id], row.pk) for row in rows if numbers[row.customer_id] is not None]
    without = [row.pk for row in rows if numbers[row.customer_id] is None]
    return [pk for _, pk in sorted(have, reverse=True)] + sorted(without, reverse=True)  # type: ignore[type-var]


def paged(by: Agent, *, limit: int) -> list[int]:
    found: list[int] = []
    after = ""
    while True:
        page = listing.page(Wanted({}), by=by.actor, sort="stake", start=after, limit=limit)
        found += [row.pk for row in page.rows]
        if not page.after:
            return found
        after = page.after


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=NUMBERS, heads=HEADS, whose=WHOSE, limit=st.integers(1, 4))
def test_by_stake_a_list_is_that_of_everybody_sorted_page_by_page(
    numbers: list[float | None], heads: list[int | None], whose: list[int], limit: int, mailbox: Channel, ines: Agent
) -> None:
    now = clock.now()
    Conversation.objects.all().delete()
    shown = Customer.objects.bulk_create([Customer(created_at=now, known_at=now) for _ in range(4)])
    merged = Customer.objects.bulk_create(
        Customer(created_at=now, known_at=now, merged_into=None if head is None else shown[head]) for head in heads
    )
    Trait.objects.bulk_create(
        Trait(customer=customer, name="stake", number=number, value={}, as_of=now)
        for customer, number in zip(shown, numbers, strict=True)
        if number is not None
    )
    Trait.objects.bulk_create(Trait(customer=each, name="value", number=9, value={}, as_of=now) for each in shown)
    people = [*shown, *merged]
    rows = Conversation.objects.bulk_create(
        Conversation(customer=people[place], channel=mailbox, created_at=now, last_at=now) for place in whose
    )
    of_shown = {one.pk: number for one, number in zip(shown, numbers, strict=True)}
    of_merged = {one.pk: of_shown.get(one.merged_into_id or 0) for one in merged}
    assert paged(ines, limit=limit) == obvious(rows, of_shown | of_merged)


def test_a_page_by_stake_takes_the_same_few_questions(
    question: Conversation, ada: Customer, ines: Agent, django_assert_num_queries: Any
) -> None:
    Trait.objects.create(customer=ada, name="stake", number=5, value={}, as_of=clock.now())
    with django_assert_num_queries(
        8
    ):  # of permission and colleagues; two halves and those without a number; rows, labels
        assert [row.pk for row in listing.page(Wanted({}), by=ines.actor, sort="stake").rows] == [question.pk]
