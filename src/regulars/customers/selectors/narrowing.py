"""The conditions of the list, each about everybody merged into the customer that is shown.

Whoever meets all of them is looked up first, out of the indexes, as far as the list says how many they are. Where
they are few, the list is made among them. Where they are many, the walk along the sorting index soon has a page of
them; where it does not, because they all stand far down, everybody who meets them is sorted. So neither a rare label
nor three common ones together read the whole table.

Almost nobody was ever merged. So a customer who stands alone is asked about by their own row, which the database can
plan for; only those with others merged into them are asked about as the family they are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from regulars.customers.selectors import searching
from regulars.kernel.fact_names import ORDER_COMPLETED

MOST_GATHERED: Final = 999
# Where they are reckoned to be few they are all gathered, although the list does not count that far.
MOST_RECKONED_FEW: Final = 5_000
MOST_FOUND: Final = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means anybody. `who` is known, visitors or all."""

    who: str = "known"
    text: str = ""
    label: int | None = None
    company: int | None = None
    source: int | None = None
    seen_days: int | None = None
    has_orders: bool | None = None
    consent: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked beyond the usual."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on `head` and their values.

    `matching` is the query of everybody that is shown and meets them, empty when nothing was asked that could be
    looked up; about `estimate` people. `among` are all of these, unless they are too many. `walked` says the same of
    `shown`, a row of the walk.
    """

    sql: list[str] = field(default_factory=list)
    walked: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    matching: str = ""
    estimate: int = 0
    among: list[int] | None = None

    @property
    def is_of_many(self) -> bool:
        """Whether more meet them than the list counts."""
        return bool(self.matching) and self.among is None


_FAMILY = """(SELECT head.id UNION ALL
    SELECT merged.id FROM customers_customer AS merged WHERE merged.merged_into_id = head.id)"""


def _meets(table: str, condition: str) -> str:
    """Whether a row about the customer that is shown, or about somebody merged into them, meets the condition."""
    return f"""(EXISTS (SELECT 1 FROM {table} AS about WHERE about.customer_id = head.id AND {condition})
    OR EXISTS (SELECT 1 FROM customers_customer AS merged JOIN {table} AS about ON about.customer_id = merged.id
               WHERE merged.merged_into_id = head.id AND {condition}))"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One condition: of everybody merged into `head`, and of `who`, somebody who stands alone.

    `at_last` is the rest of the latter, too dear to be asked of anybody but those who meet everything else.
    """

    exactly: str
    alone: str
    at_last: str = ""


def _has(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} AS about WHERE about.customer_id = who.id AND {condition})"


_LATEST = """(SELECT said.is_given FROM customers_consent AS said
    WHERE said.customer_id {whose} AND said.purpose = %(consent)s ORDER BY said.at DESC, said.id DESC LIMIT 1)"""
_BOUGHT: Final = ("kernel_fact", f"about.name = '{ORDER_COMPLETED}' AND about.is_trusted")
_ORDERED: Final = _Asked(_meets(*_BOUGHT), _has(*_BOUGHT))
_ASKED: Final[Mapping[str, _Asked]] = {
    "label": _Asked(
        _meets("customers_customer_labels", "about.label_id = %(label)s"),
        _has("customers_customer_labels", "about.label_id = %(label)s"),
    ),
    "company": _Asked(
        """(head.company_id = %(company)s OR EXISTS (SELECT 1 FROM customers_customer AS merged
            WHERE merged.merged_into_id = head.id AND merged.company_id = %(company)s))""",
        "who.company_id = %(company)s",
    ),
    "source": _Asked(
        _meets("customers_identity", "about.source_id = %(source)s"),
        _has("customers_identity", "about.source_id = %(source)s"),
    ),
    "consent": _Asked(
        _LATEST.format(whose=f"IN {_FAMILY}"),
        # Whoever ever gave it stands in an index; they may have withdrawn it since.
        _has("customers_consent", "about.purpose = %(consent)s AND about.is_given"),
        _LATEST.format(whose="= who.id"),
    ),
    "seen": _Asked(
        """(head.last_seen_at >= %(seen)s OR EXISTS (SELECT 1 FROM customers_customer AS merged
            WHERE merged.merged_into_id = head.id AND merged.last_seen_at >= %(seen)s))""",
        "who.last_seen_at >= %(seen)s",
    ),
    "ordered": _ORDERED,
}
_KNOWN = """(head.known_at IS NOT NULL OR EXISTS (SELECT 1 FROM customers_customer AS merged
    WHERE merged.merged_into_id = head.id AND merged.known_at IS NOT NULL))"""


_MATCHING: Final = """
    SELECT who.id FROM (
        SELECT who.id FROM customers_customer AS who WHERE {alone}
        AND NOT EXISTS (
            SELECT 1 FROM customers_customer AS gone WHERE gone.id = who.id AND gone.merged_into_id IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM customers_customer AS merged WHERE merged.merged_into_id = who.id)
        OFFSET 0
    ) AS who WHERE {at_last}
    UNION ALL
    SELECT head.id FROM customers_customer AS head WHERE head.merged_into_id IS NULL AND head.id IN (
        SELECT merged.merged_into_id FROM customers_customer AS merged WHERE merged.merged_into_id IS NOT NULL
    ) AND {exactly}
"""
# The heads of families are few: one list of them, looked through by hash.
_WALKED: Final = """CASE
    WHEN shown.merged_into_id IS NULL AND shown.id NOT IN (
        SELECT merged.merged_into_id FROM customers_customer AS merged WHERE merged.merged_into_id IS NOT NULL)
    THEN {alone} AND {at_last}
    ELSE (SELECT {exactly} FROM customers_customer AS head WHERE head.id = coalesce(shown.merged_into_id, shown.id))
END"""


def conditions(filters: Filters, *, now: datetime) -> Conditions:
    """Everything the filters ask, as SQL on `head`."""
    wanted: dict[str, Any] = {name: getattr(filters, name) for name in ("label", "company", "source", "consent")}
    wanted["seen"] = now - timedelta(days=filters.seen_days) if filters.seen_days else None
    wanted["ordered"] = filters.has_orders
    values = {name: value for name, value in wanted.items() if value}
    asked = [*(_ASKED[name] for name in values), *_plainly(filters)]
    exactly = [each.exactly for each in asked]
    if not values:
        return Conditions(exactly, values=values)
    parts = {
        "exactly": " AND ".join(exactly),
        "alone": " AND ".join(sorted((each.alone for each in asked), key=len)),  # what is on the row itself is short
        "at_last": " AND ".join(each.at_last for each in asked if each.at_last) or "true",
    }
    matching = _MATCHING.format(**parts)
    walked = _WALKED.format(**parts).replace("who.", "shown.")
    if filters.text:
        return Conditions(exactly, walked, values, matching)
    estimate = _estimate(matching, values)
    most = MOST_RECKONED_FEW if estimate < MOST_RECKONED_FEW else MOST_GATHERED
    return Conditions(exactly, walked, values, matching, estimate, _gathered(matching, values, most=most))


def _plainly(filters: Filters) -> list[_Asked]:
    """What no index finds: to be looked at in the rows of whoever meets the rest."""
    asked = []
    if filters.who == "known":
        asked.append(_Asked(_KNOWN, "who.known_at IS NOT NULL"))
    if filters.who == "visitors":
        asked.append(_Asked(f"NOT {_KNOWN}", "who.known_at IS NULL"))
    if filters.has_orders is False:
        asked.append(_Asked(f"NOT {_ORDERED.exactly}", f"NOT {_ORDERED.alone}"))
    return asked


def _estimate(matching: str, values: Mapping[str, Any]) -> int:
    """About how many meet the conditions, as the database reckons from its statistics."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {matching}", values)
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"]


def _gathered(matching: str, values: Mapping[str, Any], *, most: int) -> list[int] | None:
    """Everybody who meets the conditions, unless they are more than that."""
    with connection.cursor() as cursor:
        first = f"SELECT id FROM ({matching}) AS matching LIMIT {most + 1}"
        cursor.execute(f"SELECT array_agg(id) FROM ({first}) AS gathered", values)
        gathered = cursor.fetchone()[0] or []
    return None if len(gathered) > most else sorted(gathered)


def found(filters: Filters) -> list[int]:
    """Whoever the text finds, best first."""
    return searching.search(filters.text, limit=MOST_FOUND)
