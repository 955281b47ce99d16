"""The list of customers: filtered, sorted, a page at a time by key."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from regulars.customers.models import Company, Customer, Label
from regulars.customers.selectors import naming, narrowing, orders
from regulars.customers.selectors.narrowing import Filters
from regulars.kernel import clock
from regulars.kernel.errors import Invalid

PAGE: Final = 50
MOST_COUNTED: Final = narrowing.MOST_GATHERED
# How far the walk along the sorting index goes, at first and then, before everybody who meets the conditions is sorted.
WALKED: Final = (400, 8_000)
WALKED_ON: Final = 150_000  # where they are so many that sorting them costs more than walking on
MANY_TO_SORT: Final = 15_000


class NoSuchPage(Invalid):
    """This page of the list is not there. Begin again from the top."""


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort: by a value that may be missing, then by id; those without the value come last.

    `direction` repeats the index word for word: PostgreSQL reads an index only in its own order.
    """

    value: str
    cast: str
    direction: str
    tie: str
    is_of_family: bool = False  # whether the merged customer's value counts when it is the greater


SORTS: Final = {
    "seen": Order("shown.last_seen_at", "timestamptz", "DESC NULLS LAST", "DESC", is_of_family=True),
    "name": Order("nullif(lower(left(shown.name, 80)), '')", "text", "ASC", "ASC"),
    "newest": Order("shown.id", "bigint", "DESC", "DESC"),
}


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """One row of the list. `name` is what to call them, `given_name` only what they are known to be named."""

    id: int
    name: str
    given_name: str
    email: str
    phone: str
    company: Company | None
    labels: list[Label]
    known_at: datetime | None
    last_seen_at: datetime | None
    order_count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, how many there are in all (`None` past 999), and where the next page begins."""

    rows: list[ListedCustomer]
    count: int | None
    after: str


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


def page(filters: Filters, *, sort: str = "seen", after: str = "", limit: int = PAGE) -> Page:
    """One page of whoever meets all the filters. An unknown sort is the usual one; visitors have no names."""
    conditions = narrowing.conditions(filters, now=clock.now())
    if filters.text:
        ids = narrowing.found(filters)
        return Page(_rows(_those(ids, conditions)), _said(_count(conditions.sql, conditions.values, ids)), "")
    count = _how_many(conditions)
    order = SORTS["seen"] if filters.who == "visitors" and sort == "name" else SORTS.get(sort, SORTS["seen"])
    keys = _keys(order, conditions, start=_place(after, order), limit=limit + 1)
    shown = keys[:limit]
    return Page(
        _rows([head for _, _, head in shown]),
        count,
        _mark(shown[-1]) if len(keys) > limit else "",
    )


def rows_of(head_ids: Sequence[int]) -> list[ListedCustomer]:
    """These customers as rows, in this order."""
    return _rows(list(head_ids))


Key = tuple[Any, int, int]  # the sorted value, the id of the row that has it, the id that is shown


def _keys(order: Order, conditions: narrowing.Conditions, *, start: "Start", limit: int) -> list[Key]:
    """Those with a value first, then those without: two index ranges, so that a deep page costs the same."""
    keys: list[Key] = []
    if start.is_among_valued:
        keys = _range(order, conditions, start, limit=limit, has_value=True)
        start = Start(is_among_valued=False)
    if len(keys) < limit:
        keys += _range(order, conditions, start, limit=limit - len(keys), has_value=False)
    return keys


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page begins."""

    is_among_valued: bool = True
    value: Any = None
    id: int | None = None


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


def _rows(head_ids: list[int]) -> list[ListedCustomer]:
    """The rows of the list, each of everybody merged into it, in four queries, or five to name the nameless."""
    members = list(
        Customer.objects.filter(Q(pk__in=head_ids) | Q(merged_into__in=head_ids))
        .select_related("company")
        .prefetch_related("labels")
        .order_by("pk")
    )
    families: dict[int, list[Customer]] = {head_id: [] for head_id in head_ids}
    for member in members:
        families[member.merged_into_id or member.pk].append(member)
    people = {
        head_id: sorted(family, key=lambda member: (member.pk != head_id, member.pk))
        for head_id, family in families.items()
        if family
    }
    counts = orders.order_counts([member.pk for member in members])
    names = naming.names(people)
    return [_row(names[head_id], family, counts) for head_id, family in people.items()]


def _row(name: str, family: list[Customer], counts: dict[int, int]) -> ListedCustomer:
    labels = {label.pk: label for member in family for label in member.labels.all()}
    return ListedCustomer(
        id=family[0].pk,
        name=name,
        given_name=_first(member.name for member in family),
        email=_first(member.email for member in family),
        phone=_first(member.phone for member in family),
        company=next((member.company for member in family if member.company), None),
        labels=sorted(labels.values(), key=lambda label: label.name.casefold()),
        known_at=min((member.known_at for member in family if member.known_at), default=None),
        last_seen_at=max((member.last_seen_at for member in family if member.last_seen_at), default=None),
        order_count=sum(counts.get(member.pk, 0) for member in family),
    )


def _first(values: Any) -> str:
    return next((value for value in values if value), "")


def _mark(key: Key) -> str:
    value, row_id, _ = key
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else value, row_id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(after: str, order: Order) -> Start:
    if not after:
        return Start()
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if type(row_id) is not int or row_id >> 63:
            raise ValueError
        return Start(value is not None, None if value is None else _READERS[order.cast](value), row_id)
    except (ValueError, TypeError, binascii.Error) as error:
        raise NoSuchPage from error


def _read_text(value: str) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    return value.encode().decode()


def _read_number(value: int) -> int:
    if type(value) is not int or value >> 63:
        raise ValueError
    return value


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "timestamptz": datetime.fromisoformat,
    "text": _read_text,
    "bigint": _read_number,
}
