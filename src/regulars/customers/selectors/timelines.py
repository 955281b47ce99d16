"""What happened to a customer, newest first, a page at a time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.kernel import fact_names, prepared
from regulars.kernel.errors import Invalid

PAGE = 30

# The filters of a timeline. What no kind names is `other`.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "orders": (fact_names.ORDER_COMPLETED, fact_names.ORDER_REFUNDED, "Order Updated", "Order Cancelled"),
    "visits": (
        fact_names.PAGE_VIEWED,
        fact_names.SCREEN_VIEWED,
        "Product Viewed",
        "Product List Viewed",
        "Products Searched",
        "Product Added",
        "Product Removed",
        "Cart Viewed",
        "Checkout Started",
    ),
    "ours": tuple(fact_names.PRODUCT_FACTS),
}
OTHER: Final = "other"


class NoSuchPlace(Invalid):
    """This place in the timeline is not there. Begin again from the top."""


@dataclass(frozen=True, slots=True)
class TimelineFact:
    """One line of a timeline."""

    epoch: int
    tx: int
    id: int
    customer_id: int
    name: str
    occurred_at: datetime
    source_id: int
    source_name: str
    is_trusted: bool
    properties: dict[str, Any]

    @property
    def place(self) -> str:
        """Where this line stands, to go on after it."""
        return f"{self.occurred_at.isoformat()}~{self.epoch}~{self.tx}~{self.id}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of facts; `after` is where the next begins, empty at the end."""

    facts: list[TimelineFact]
    after: str


# Each id walks its own index backwards and stops early; only the heads of these walks are sorted.
_PAGE = """
SELECT fact.epoch, fact.tx, fact.id, fact.customer_id, fact.name, fact.occurred_at, fact.source_id, source.name,
       fact.is_trusted, fact.properties::text
FROM unnest(%(ids)s::bigint[]) AS member (id)
CROSS JOIN LATERAL (
    SELECT * FROM kernel_fact
    WHERE customer_id = member.id
      AND (%(at)s::timestamptz IS NULL
           OR (occurred_at <= %(at)s
               AND (occurred_at, epoch, tx, id) < (%(at)s, %(epoch)s::int, %(tx)s::bigint, %(id)s::bigint)))
      AND (%(only)s::text[] IS NULL OR name = ANY(%(only)s))
      AND (%(but)s::text[] IS NULL OR name <> ALL(%(but)s))
    ORDER BY occurred_at DESC, epoch DESC, tx DESC, id DESC
    LIMIT %(limit)s
) AS fact
JOIN kernel_source AS source ON source.id = fact.source_id
ORDER BY fact.occurred_at DESC, fact.epoch DESC, fact.tx DESC, fact.id DESC
LIMIT %(limit)s
"""

# The first page of those a statement around it calls `member`, less some names, as one text.
LATELY_OF_MEMBERS: Final = f"""
SELECT coalesce(json_agg(json_build_array(epoch, tx, lately.id, customer_id, lately.name, occurred_at, source_id,
                                          source.name, is_trusted, properties)
                         ORDER BY occurred_at DESC, epoch DESC, tx DESC, lately.id DESC), '[]')::text
FROM (SELECT * FROM (SELECT fact.* FROM member CROSS JOIN LATERAL (
              SELECT * FROM kernel_fact WHERE customer_id = member.id
              ORDER BY occurred_at DESC, epoch DESC, tx DESC, id DESC LIMIT {PAGE}
          ) AS fact
          ORDER BY fact.occurred_at DESC, fact.epoch DESC, fact.tx DESC, fact.id DESC LIMIT {PAGE}) AS page
       WHERE name <> ALL(%(but)s)
       ORDER BY occurred_at DESC, epoch DESC, tx DESC, id DESC LIMIT %(most)s) AS lately
JOIN kernel_source AS source ON source.id = lately.source_id
"""


def of_text(text: str) -> list[TimelineFact]:
    """The facts that `LATELY_OF_MEMBERS` told of."""
    rows: list[list[Any]] = json.loads(text)
    for row in rows:
        row[5] = datetime.fromisoformat(row[5])
    return [TimelineFact(*row) for row in rows]


def timeline(customer_ids: Sequence[int], *, kind: str = "", after: str = "", limit: int = PAGE) -> Timeline:
    """The facts of all these ids, after a place. An unknown kind is every kind."""
    at, epoch, tx, number = _place(after)
    only, but = _names(kind)
    with prepared.cursor() as cursor:
        cursor.execute(
            _PAGE,
            {
                "ids": list(customer_ids),
                "at": at,
                "epoch": epoch,
                "tx": tx,
                "id": number,
                "only": only,
                "but": but,
                "limit": limit + 1,
            },
        )
        facts = [TimelineFact(*row[:9], properties=json.loads(row[9])) for row in cursor.fetchall()]
    shown = facts[:limit]
    return Timeline(shown, shown[-1].place if len(facts) > limit else "")


def _names(kind: str) -> tuple[list[str] | None, list[str] | None]:
    if kind == OTHER:
        return None, [name for names in KINDS.values() for name in names]
    return (list(KINDS[kind]), None) if kind in KINDS else (None, None)


def _place(text: str) -> tuple[datetime | None, int, int, int]:
    if not text:
        return None, 0, 0, 0
    try:
        at, epoch, tx, number = text.split("~")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or max(int(epoch) >> 31, int(tx) >> 63, int(number) >> 63):
            raise ValueError
        return moment, int(epoch), int(tx), int(number)
    except ValueError as error:
        raise NoSuchPlace from error
