"""A shop whose customers order every two or three weeks, until two in three stop one day."""

from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import transaction

from regulars.customers.models import Customer
from regulars.insights.mirror.names import CONSUMER
from regulars.kernel import facts, tail

START = datetime(2024, 9, 1, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PEOPLE = 900


def happened(rows: list[facts.NewFact]) -> None:
    with transaction.atomic():
        facts.append(facts.as_columns(rows), source_id=1, received_at=NOW)
    tail.catch_up(CONSUMER)


def order(customer_id: int, at: datetime, total: str = "20.00", currency: str = "EUR") -> facts.NewFact:
    said = {"total": total, "currency": currency}
    return facts.NewFact(customer_id, "Order Completed", at, f"{customer_id}-{at.isoformat()}", said)


def known(count: int) -> list[int]:
    rows = [Customer(name=f"c{number}", created_at=START, known_at=START) for number in range(count)]
    return [row.pk for row in Customer.objects.bulk_create(rows)]


def open_shop() -> list[int]:
    """Its customers, with all that happened in the log and in the mirror."""
    ids, chance = known(PEOPLE), np.random.default_rng(7)
    rows = []
    for number, customer_id in enumerate(ids):
        at = START + timedelta(days=float(chance.uniform(0, 300)))
        ends = at + timedelta(days=float(chance.exponential(200))) if number % 3 else NOW
        while at < min(ends, NOW):
            rows.append(order(customer_id, at, f"{chance.gamma(4, 8):.2f}"))
            at += timedelta(days=float(chance.exponential(18)) + 1)
    happened(rows)
    return ids
