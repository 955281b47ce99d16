"""Pages of the list of customers by key: along the index that sorts them, or sorted where few meet the conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from regulars.customers.selectors import narrowing
from regulars.customers.selectors.sorting import Key, Order, Start

# How far the walk along the sorting index goes, at first and then, before everybody who meets the conditions is sorted.
WALKED: Final = (400, 8_000)
WALKED_ON: Final = 150_000  # where they are so many that sorting them costs more than walking on
MANY_TO_SORT: Final = 15_000

# Of a person, the row seen last stands for all of them; whom it shows is the head.
_LATEST_OF_FAMILY = """
(shown.merged_into_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM customers_customer AS merged
    WHERE merged.merged_into_id = shown.id
      AND (coalesce(merged.last_seen_at, '-infinity'), merged.id)
          > (coalesce(shown.last_seen_at, '-infinity'), shown.id))
 OR shown.merged_into_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM customers_customer AS other
    WHERE (other.id = shown.merged_into_id OR other.merged_into_id = shown.merged_into_id)
      AND (coalesce(other.last_seen_at, '-infinity'), other.id)
          > (coalesce(shown.last_seen_at, '-infinity'), shown.id)))
"""
_AMONG = """
shown.id = ANY(%(among)s::bigint[] || array(
    SELECT merged.id FROM customers_customer AS merged WHERE merged.merged_into_id = ANY(%(among)s::bigint[])))
"""
_MATCHING = """
shown.id IN (SELECT id FROM matching UNION ALL
    SELECT merged.id FROM customers_customer AS merged JOIN matching ON merged.merged_into_id = matching.id)
"""
_WALKED_OVER: Final = ("merged_into_id", "last_seen_at", "known_at", "company_id")
_FROM = """
FROM customers_customer AS shown
JOIN customers_customer AS head ON head.id = coalesce(shown.merged_into_id, shown.id)
"""


def keys(order: Order, conditions: narrowing.Conditions, *, start: Start, limit: int) -> list[Key]:
    """Those with a value first, then those without: two index ranges, so that a deep page costs the same."""
    found: list[Key] = []
    if start.is_among_valued:
        found = _range(order, conditions, start, limit=limit, has_value=True)
        start = Start(is_among_valued=False)
    if len(found) < limit:
        found += _range(order, conditions, start, limit=limit - len(found), has_value=False)
    return found


def _range(order: Order, conditions: narrowing.Conditions, start: Start, *, limit: int, has_value: bool) -> list[Key]:
    """The next of one index range."""
    span = _Span(order, conditions.values, start, limit=limit, has_value=has_value)
    if conditions.among is not None:
        return span.keys([_AMONG], among=conditions.among)
    if not conditions.is_of_many:
        return span.keys(conditions.sql)
    for most in (*WALKED, WALKED_ON):
        if most == WALKED_ON and conditions.estimate < MANY_TO_SORT:
            break
        keys = span.walked(conditions.walked, most=most)
        if len(keys) == limit or span.is_shorter_than(most):
            return keys
    return span.keys([_MATCHING], before=f"WITH matching AS MATERIALIZED ({conditions.matching})")


@dataclass(frozen=True, slots=True)
class _Span:
    """Rows of one index range from a place on, in its order."""

    order: Order
    values: Mapping[str, Any]
    start: Start
    limit: int
    has_value: bool

    def keys(self, asked: Sequence[str], *, before: str = "", among: Sequence[int] = ()) -> list[Key]:
        """The first of those who meet what is asked."""
        parts = [*self._place, self._of_family, *asked]
        return self._fetch(
            f"{before} SELECT {self.order.value}, shown.id, head.id {_FROM}"
            f" WHERE {' AND '.join(parts)} {self._sorted} LIMIT %(limit)s",
            among=list(among),
        )

    def walked(self, is_met: str, *, most: int) -> list[Key]:
        """The same among the next few rows of the index."""
        order = self.order
        return self._fetch(
            f"SELECT shown.value, shown.id, coalesce(shown.merged_into_id, shown.id) FROM ("
            f" SELECT {order.value} AS value, shown.id, {', '.join(f'shown.{name}' for name in _WALKED_OVER)}"
            f" FROM customers_customer AS shown WHERE {' AND '.join(self._place)} {self._sorted} LIMIT {most}"
            f") AS shown WHERE {is_met} AND {self._of_family}"
            f" ORDER BY shown.value {order.direction}, shown.id {order.tie} LIMIT %(limit)s"
        )

    def is_shorter_than(self, most: int) -> bool:
        """Whether fewer rows follow in the index."""
        rows = f"SELECT 1 FROM customers_customer AS shown WHERE {' AND '.join(self._place)} LIMIT {most}"
        return self._fetch(f"SELECT count(*) FROM ({rows}) AS following")[0][0] < most

    @property
    def _place(self) -> list[str]:
        """Where in the index the range lies, and from where on it is wanted."""
        beyond = "<" if self.order.tie == "DESC" else ">"
        parts = [f"{self.order.value} IS {'NOT ' if self.has_value else ''}NULL"]
        if self.start.id is not None:
            parts.append(
                f"({self.order.value}, shown.id) {beyond} (%(start_value)s::{self.order.cast}, %(start_id)s::bigint)"
                if self.has_value
                else f"shown.id {beyond} %(start_id)s::bigint"
            )
        return parts

    @property
    def _of_family(self) -> str:
        return _LATEST_OF_FAMILY if self.order.is_of_family else "shown.merged_into_id IS NULL"

    @property
    def _sorted(self) -> str:
        return f"ORDER BY {self.order.value} {self.order.direction}, shown.id {self.order.tie}"

    def _fetch(self, query: str, **more: Any) -> list[Any]:
        place = {"start_value": self.start.value, "start_id": self.start.id, "limit": self.limit}
        with connection.cursor() as cursor:
            cursor.execute(query, {**self.values, **place, **more})
            return cursor.fetchall()
