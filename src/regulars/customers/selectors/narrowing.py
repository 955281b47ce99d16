"""The conditions of the list, each about everybody merged into the customer that is shown.

Each is tested along the sorting index, which is quick where many meet it. Where few do, whoever
might is looked up first and the walk is among them only. So neither a rare label nor a common one
reads the whole table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from regulars.customers.selectors import families, searching
from regulars.kernel.fact_names import ORDER_COMPLETED

FEW: Final = 5_000
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
    """Conditions on `head` and their values; `among` are all ids of whoever might meet them, when they are few."""

    sql: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    among: Sequence[int] | None = None


_FAMILY = """(SELECT head.id UNION ALL
    SELECT merged.id FROM customers_customer AS merged WHERE merged.merged_into_id = head.id)"""


def _meets(table: str, condition: str) -> str:
    """Whether a row about the customer that is shown, or about somebody merged into them, meets the condition."""
    return f"""(EXISTS (SELECT 1 FROM {table} AS about WHERE about.customer_id = head.id AND {condition})
    OR EXISTS (SELECT 1 FROM customers_customer AS merged JOIN {table} AS about ON about.customer_id = merged.id
               WHERE merged.merged_into_id = head.id AND {condition}))"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One condition: exactly, and whom to look at first (`candidates`, ids of rows that name a customer)."""

    exactly: str
    candidates: str


_ASKED: Final[Mapping[str, _Asked]] = {
    "label": _Asked(
        _meets("customers_customer_labels", "about.label_id = %(label)s"),
        "SELECT customer_id FROM customers_customer_labels WHERE label_id = %(label)s",
    ),
    "company": _Asked(
        """(head.company_id = %(company)s OR EXISTS (SELECT 1 FROM customers_customer AS merged
            WHERE merged.merged_into_id = head.id AND merged.company_id = %(company)s))""",
        "SELECT id FROM customers_customer WHERE company_id = %(company)s",
    ),
    "source": _Asked(
        _meets("customers_identity", "about.source_id = %(source)s"),
        "SELECT customer_id FROM customers_identity WHERE source_id = %(source)s",
    ),
    "consent": _Asked(
        f"""(SELECT said.is_given FROM customers_consent AS said
             WHERE said.customer_id IN {_FAMILY} AND said.purpose = %(consent)s
             ORDER BY said.at DESC, said.id DESC LIMIT 1)""",
        "SELECT customer_id FROM customers_consent WHERE purpose = %(consent)s AND is_given",
    ),
}
_KNOWN = """(head.known_at IS NOT NULL OR EXISTS (SELECT 1 FROM customers_customer AS merged
    WHERE merged.merged_into_id = head.id AND merged.known_at IS NOT NULL))"""
_SEEN = """(head.last_seen_at >= %(seen)s OR EXISTS (SELECT 1 FROM customers_customer AS merged
    WHERE merged.merged_into_id = head.id AND merged.last_seen_at >= %(seen)s))"""
_ORDERED = _meets("kernel_fact", f"about.name = '{ORDER_COMPLETED}' AND about.is_trusted")


def conditions(filters: Filters, *, now: datetime) -> Conditions:
    """Everything the filters ask, as SQL on `head`."""
    asked = Conditions()
    if filters.who in ("known", "visitors"):
        asked.sql.append(_KNOWN if filters.who == "known" else f"NOT {_KNOWN}")
    if filters.seen_days:
        asked.sql.append(_SEEN)
        asked.values["seen"] = now - timedelta(days=filters.seen_days)
    if filters.has_orders is not None:
        asked.sql.append(_ORDERED if filters.has_orders else f"NOT {_ORDERED}")
    wanted = {name: getattr(filters, name) for name in _ASKED if getattr(filters, name)}
    asked.sql.extend(_ASKED[name].exactly for name in wanted)
    asked.values.update(wanted)
    return replace(asked, among=_among(wanted))


def found(filters: Filters) -> list[int]:
    """Whoever the text finds, best first."""
    return searching.search(filters.text, limit=MOST_FOUND)


def _among(wanted: Mapping[str, Any]) -> list[int] | None:
    """Everybody who might meet the rarest of these conditions, unless even they are many."""
    rarest: list[int] | None = None
    for name, value in wanted.items():
        with connection.cursor() as cursor:
            cursor.execute(f"{_ASKED[name].candidates} LIMIT {FEW + 1}", {name: value})
            ids = [row[0] for row in cursor.fetchall()]
        if len(ids) <= FEW and (rarest is None or len(ids) < len(rarest)):
            rarest = ids
    return None if rarest is None else _everybody(rarest)


def _everybody(customer_ids: Sequence[int]) -> list[int]:
    """These and everybody who is one person with any of them."""
    head_ids = set(families.heads(customer_ids).values())
    return sorted(families.members(list(head_ids)))
