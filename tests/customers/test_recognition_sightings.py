"""When customers were first and last seen, brought up to date from the log."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from regulars.customers import consumers  # noqa: F401 (registers the consumer)
from regulars.customers.models import Customer
from regulars.kernel import facts, tail
from regulars.kernel.fact_names import LABEL_ADDED
from regulars.kernel.models import Source

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def happened(customer: Customer, *minutes: float) -> None:
    source, _ = Source.objects.get_or_create(name="shop", defaults={"kind": "server", "created_at": NOON})
    new = [
        facts.NewFact(customer.pk, "Page Viewed", NOON + timedelta(minutes=minute), f"{customer.pk} {minute}")
        for minute in minutes
    ]
    with transaction.atomic():
        facts.append(facts.as_columns(new), source_id=source.pk)
    tail.catch_up("customers.seen")
    customer.refresh_from_db()


def span(customer: Customer) -> list[float]:
    assert customer.first_seen_at and customer.last_seen_at
    return [(moment - NOON).total_seconds() / 60 for moment in (customer.first_seen_at, customer.last_seen_at)]


@pytest.mark.django_db(transaction=True)
def test_the_span_of_a_customer_widens_and_never_narrows() -> None:
    ada = Customer.objects.create(created_at=NOON)
    happened(ada, 5, 3, 9)
    assert span(ada) == [3, 9]
    happened(ada, 4)
    assert span(ada) == [3, 9]
    happened(ada, -100, 60)
    assert span(ada) == [-100, 60]


@pytest.mark.django_db(transaction=True)
def test_a_few_seconds_later_is_not_worth_a_write() -> None:
    ada = Customer.objects.create(created_at=NOON)
    happened(ada, 0)
    happened(ada, 0.5)
    assert span(ada) == [0, 0]


@pytest.mark.django_db(transaction=True)
def test_what_the_product_did_is_no_sign_of_life() -> None:
    ada = Customer.objects.create(created_at=NOON)
    with transaction.atomic():
        facts.record(LABEL_ADDED, customer_id=ada.pk, properties={"label": "vip", "by": "agent:1"})
    tail.catch_up("customers.seen")
    ada.refresh_from_db()
    assert (ada.first_seen_at, ada.last_seen_at) == (None, None)
