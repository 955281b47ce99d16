"""What customers bought, out of their facts. Only trusted facts count, and currencies are never added."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from regulars.kernel import page_settings, prepared
from regulars.kernel.fact_names import ORDER_COMPLETED, ORDER_REFUNDED
from regulars.kernel.money import Money

_SUMS: Final = """
SELECT name = %(refunded)s, currency, count(*), sum(CASE WHEN name = %(refunded)s THEN -abs(amount) ELSE amount END),
       count(*) FILTER (WHERE amount IS NULL OR currency = ''),
       min(occurred_at), max(occurred_at)
FROM (
    SELECT name, occurred_at,
           CASE WHEN coalesce(properties->>'currency', '') = '' THEN %(currency)s
                WHEN upper(properties->>'currency') ~ '^[A-Z]{3}$' THEN upper(properties->>'currency')
                ELSE '' END AS currency,
           CASE WHEN said ~ '^-?[0-9]{1,12}([.][0-9]{1,12})?$' THEN said::numeric END AS amount
    FROM kernel_fact
    CROSS JOIN LATERAL (
        SELECT coalesce(properties->>'total', properties->>'revenue', properties->>'value') AS said
    ) AS amounts
    WHERE customer_id = ANY(%(ids)s) AND name IN (%(completed)s, %(refunded)s) AND is_trusted
) AS counted
GROUP BY 1, 2
ORDER BY 2
"""
# Of the customers a statement around it calls `member`, as one text.
SUMS_OF_MEMBERS: Final = f"""
SELECT coalesce(json_agg(json_build_array(is_refund, currency, count, sum::text, unread, first, last)), '[]')::text
FROM ({_SUMS.replace("%(ids)s", "ARRAY(SELECT id FROM member)")}) AS sums (
    is_refund, currency, count, sum, unread, first, last
)
"""


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of one customer. `spent` is what was paid less what was given back, per currency."""

    completed: int
    refunded: int
    spent: list[Money]
    unpriced: int  # orders and refunds whose amount or currency could not be read, so not in `spent`
    first_at: datetime | None
    last_at: datetime | None


def orders(customer_ids: Sequence[int]) -> Orders:
    """The orders of one person, by all their ids."""
    return _orders(_sums(customer_ids))


def of_text(text: str) -> Orders:
    """The orders that `SUMS_OF_MEMBERS` told of, asked with the values `asked`."""
    return _orders(
        (is_refund, currency, count, amount and Decimal(amount), unread, _moment(first), _moment(last))
        for is_refund, currency, count, amount, unread, first, last in json.loads(text)
    )


def asked() -> dict[str, Any]:
    """What the sums need to be told besides whose they are."""
    currency = page_settings.value("currency")
    return {"completed": ORDER_COMPLETED, "refunded": ORDER_REFUNDED, "currency": currency}


def _orders(sums: Iterable[tuple[bool, str, int, Decimal | None, int, datetime, datetime]]) -> Orders:
    counts = {False: 0, True: 0}
    amounts: dict[str, Decimal] = {}
    unpriced = 0
    times: list[datetime] = []
    for is_refund, currency, count, amount, unread, first, last in sums:
        counts[is_refund] += count
        unpriced += unread
        if currency and amount is not None:
            amounts[currency] = amounts.get(currency, Decimal(0)) + amount
        if not is_refund:
            times += [first, last]
    return Orders(
        completed=counts[False],
        refunded=counts[True],
        spent=[Money.parse(amount, currency) for currency, amount in sorted(amounts.items())],
        unpriced=unpriced,
        first_at=min(times, default=None),
        last_at=max(times, default=None),
    )


def order_counts(customer_ids: Sequence[int]) -> dict[int, int]:
    """How many orders came to each id; ids without any are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, count(*) FROM kernel_fact"
            " WHERE customer_id = ANY(%s) AND name = %s AND is_trusted GROUP BY customer_id",
            [list(customer_ids), ORDER_COMPLETED],
        )
        return dict(cursor.fetchall())


def _sums(customer_ids: Sequence[int]) -> list[tuple[bool, str, int, Decimal | None, int, datetime, datetime]]:
    with prepared.cursor() as cursor:
        cursor.execute(_SUMS, {"ids": list(customer_ids), **asked()})
        return cursor.fetchall()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
