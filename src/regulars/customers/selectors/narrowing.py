"""The conditions of the list, each about everybody merged into the customer that is shown.

Whoever might meet all of them is looked up first, set by set out of the indexes. Where they are few,
the list is made among them only. Where they are many, the walk along the sorting index soon has a
page of them. So neither a rare label nor three common ones together read the whole table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from regulars.customers.selectors import searching
from regulars.kernel.fact_names import ORDER_COMPLETED

MOST_GATHERED: Final = 5_000
MOST_GATHERED_AGAIN: Final = 100_000
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

    `among` are customers that are shown and might meet them: all there are, unless `is_cut_short`;
    None when nothing was asked that could be looked up. Of these only what is `unsettled` must be
    asked again.
    """

    sql: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    among: Sequence[int] | None = None
    is_cut_short: bool = False

    @property
    def everybody(self) -> list[int] | None:
        """All who might meet the conditions, if they are few."""
        return None if self.among is None or self.is_cut_short else list(self.among)


_FAMILY = """(SELECT head.id UNION ALL
    SELECT merged.id FROM customers_customer AS merged WHERE merged.merged_into_id = head.id)"""


def _meets(table: str, condition: str) -> str:
    """Whether a row about the customer that is shown, or about somebody merged into them, meets the condition."""
    return f"""(EXISTS (SELECT 1 FROM {table} AS about WHERE about.customer_id = head.id AND {condition})
    OR EXISTS (SELECT 1 FROM customers_customer AS merged JOIN {table} AS about ON about.customer_id = merged.id
               WHERE merged.merged_into_id = head.id AND {condition}))"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One condition: exactly, and who might meet it (`candidates`, `customer_id` of whomever a row is about)."""

    exactly: str
    candidates: str
    is_settled: bool = True  # whether they all meet it


_ORDERED = _meets("kernel_fact", f"about.name = '{ORDER_COMPLETED}' AND about.is_trusted")
_ASKED: Final[Mapping[str, _Asked]] = {
    "label": _Asked(
        _meets("customers_customer_labels", "about.label_id = %(label)s"),
        "SELECT customer_id FROM customers_customer_labels WHERE label_id = %(label)s",
    ),
    "company": _Asked(
        """(head.company_id = %(company)s OR EXISTS (SELECT 1 FROM customers_customer AS merged
            WHERE merged.merged_into_id = head.id AND merged.company_id = %(company)s))""",
        "SELECT id AS customer_id FROM customers_customer WHERE company_id = %(company)s",
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
        is_settled=False,  # they may have withdrawn it since
    ),
    "seen": _Asked(
        """(head.last_seen_at >= %(seen)s OR EXISTS (SELECT 1 FROM customers_customer AS merged
            WHERE merged.merged_into_id = head.id AND merged.last_seen_at >= %(seen)s))""",
        "SELECT id AS customer_id FROM customers_customer WHERE last_seen_at >= %(seen)s",
    ),
    "ordered": _Asked(
        _ORDERED,
        f"SELECT customer_id FROM kernel_fact WHERE name = '{ORDER_COMPLETED}' AND is_trusted",
    ),
}
_KNOWN = """(head.known_at IS NOT NULL OR EXISTS (SELECT 1 FROM customers_customer AS merged
    WHERE merged.merged_into_id = head.id AND merged.known_at IS NOT NULL))"""


def conditions(filters: Filters, *, now: datetime) -> Conditions:
    """Everything the filters ask, as SQL on `head`."""
    wanted: dict[str, Any] = {name: getattr(filters, name) for name in ("label", "company", "source", "consent")}
    wanted["seen"] = now - timedelta(days=filters.seen_days) if filters.seen_days else None
    wanted["ordered"] = filters.has_orders
    values = {name: value for name, value in wanted.items() if value}
    plain = []
    if filters.who in ("known", "visitors"):
        plain.append(_KNOWN if filters.who == "known" else f"NOT {_KNOWN}")
    if filters.has_orders is False:
        plain.append(f"NOT {_ORDERED}")
    among = _among(values, most=MOST_GATHERED)
    return Conditions(
        sql=[*(_ASKED[name].exactly for name in values), *plain],
        unsettled=[*(_ASKED[name].exactly for name in values if not _ASKED[name].is_settled), *plain],
        values=values,
        among=among,
        is_cut_short=among is not None and len(among) > MOST_GATHERED,
    )


def gathered_again(conditions: Conditions) -> Conditions:
    """The same with many more who might meet them, for when few of the first ones do."""
    among = _among(conditions.values, most=MOST_GATHERED_AGAIN)
    return replace(conditions, among=among, is_cut_short=among is not None and len(among) > MOST_GATHERED_AGAIN)


def found(filters: Filters) -> list[int]:
    """Whoever the text finds, best first."""
    return searching.search(filters.text, limit=MOST_FOUND)


_GATHER = "WITH {sets} SELECT array_agg(id) FROM (SELECT id FROM {first} {others} LIMIT {limit}) AS gathered"
_SET = """{name} AS NOT MATERIALIZED (
    SELECT coalesce(merged.merged_into_id, about.customer_id) AS id
    FROM ({candidates}) AS about LEFT JOIN customers_customer AS merged
    ON merged.id = about.customer_id AND merged.merged_into_id IS NOT NULL)"""


def _among(wanted: Mapping[str, Any], *, most: int) -> list[int] | None:
    """Whoever might meet all of these, up to one more than the most that are gathered."""
    if not wanted:
        return None
    first, *others = names = [f"{name}_set" for name in wanted]
    sets = [
        _SET.format(name=name, candidates=_ASKED[asked].candidates) for name, asked in zip(names, wanted, strict=True)
    ]
    where = " AND ".join(f"id IN (SELECT id FROM {other})" for other in others)
    query = _GATHER.format(sets=",\n".join(sets), first=first, others=f"WHERE {where}" if where else "", limit=most + 1)
    with connection.cursor() as cursor:
        cursor.execute(query, dict(wanted))
        gathered = cursor.fetchone()[0] or []
    return gathered if len(gathered) > most else sorted(set(gathered))
