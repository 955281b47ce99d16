"""The list of customers: filtered, sorted, a page at a time by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from regulars.customers.selectors import narrowing, sorting, walking
from regulars.customers.selectors.listed import ListedCustomer, rows_of
from regulars.customers.selectors.narrowing import Filters
from regulars.kernel import clock

PAGE: Final = 50
MOST_COUNTED: Final = narrowing.MOST_GATHERED


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, how many there are in all (`None` past 999), and where the next page begins."""

    rows: list[ListedCustomer]
    count: int | None
    after: str


def page(filters: Filters, *, sort: str = "seen", after: str = "", limit: int = PAGE) -> Page:
    """One page of whoever meets all the filters. An unknown sort is the usual one; visitors have no names."""
    conditions = narrowing.conditions(filters, now=clock.now())
    if filters.text:
        ids = narrowing.found(filters)
        return Page(rows_of(_those(ids, conditions)), _said(_count(conditions.sql, conditions.values, ids)), "")
    count = _how_many(conditions)
    order = (
        sorting.SORTS["seen"]
        if filters.who == "visitors" and sort == "name"
        else sorting.SORTS.get(sort, sorting.SORTS["seen"])
    )
    keys = walking.keys(order, conditions, start=sorting.place(after, order), limit=limit + 1)
    shown = keys[:limit]
    return Page(
        rows_of([head for _, _, head in shown]),
        count,
        sorting.mark(shown[-1]) if len(keys) > limit else "",
    )


def _those(ids: Sequence[int], conditions: narrowing.Conditions) -> list[int]:
    """Of these, in this order, whoever meets the conditions, at most a page."""
    where = " AND ".join(["head.id = ANY(%(among)s)", *conditions.sql])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT head.id FROM customers_customer AS head WHERE {where}", {**conditions.values, "among": list(ids)}
        )
        allowed = {row[0] for row in cursor.fetchall()}
    return [customer_id for customer_id in ids if customer_id in allowed][:PAGE]


def _how_many(conditions: narrowing.Conditions) -> int | None:
    """How many meet them, exactly up to 999."""
    if conditions.is_of_many:
        return None
    if conditions.among is not None:
        return _said(len(conditions.among))
    return _said(_count(conditions.sql, conditions.values, None))


def _said(count: int) -> int | None:
    return count if count <= MOST_COUNTED else None


def _count(asked: Sequence[str], values: Mapping[str, Any], among: Sequence[int] | None) -> int:
    """How many of these, or of everybody, meet the conditions, counted up to one more than is said."""
    where = ["head.merged_into_id IS NULL", *asked]
    if among is not None:
        where.append("head.id = ANY(%(among)s)")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM customers_customer AS head"
            f" WHERE {' AND '.join(where)} LIMIT %(limit)s) AS counted",
            {**values, "among": list(among or ()), "limit": MOST_COUNTED + 1},
        )
        return cursor.fetchone()[0]
