"""This week's orders beside last week's, from the newest files only."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from regulars.insights.mirror.names import CONSUMER
from regulars.insights.selectors import lately
from regulars.kernel import facts, tail
from regulars.kernel.money import Money

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def order(message_id: str, *, days_ago: float, received_days_ago: float | None = None, **properties: object) -> None:
    at = NOW - timedelta(days=days_ago)
    received = at if received_days_ago is None else NOW - timedelta(days=received_days_ago)
    new = facts.NewFact(1, "Order Completed", at, message_id=message_id, properties=properties)
    with transaction.atomic():
        facts.append(facts.as_columns([new]), source_id=1, received_at=received)


def test_orders_are_counted_in_the_week_they_happened_whenever_they_arrived() -> None:
    order("a", days_ago=1, total="10.50", currency="EUR")
    order("b", days_ago=6.99, revenue=4, currency="eur")
    order("c", days_ago=7.01, total="3", currency="GBP")
    order("d", days_ago=13.9, received_days_ago=0, total="2")
    order("e", days_ago=14.1, received_days_ago=0, total="1000")
    order("f", days_ago=2, total="a lot", currency="EUR")
    order("g", days_ago=-0.1, total="1000")
    tail.catch_up(CONSUMER)
    latest, before = lately.orders(until=NOW)
    assert latest == lately.Stretch(orders=3, revenue=[Money(1450, "EUR")], unpriced=1)
    assert before == lately.Stretch(orders=2, revenue=[Money(200, "EUR"), Money(300, "GBP")], unpriced=0)


def test_without_orders_there_are_none() -> None:
    assert lately.orders(until=NOW) == (lately.Stretch(0, [], 0), lately.Stretch(0, [], 0))
