"""What is known about customers, written many at a time."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from regulars.customers import normalise
from regulars.customers.actions import recognition
from regulars.kernel import clock, people

MOST_ATTRIBUTES = 500
LONGEST_NAME = 300
LONGEST_SEARCH = 2_000


@dataclass(frozen=True, slots=True)
class Traits:
    """What somebody said about one customer. None says nothing; an attribute of None takes it away.

    `known_since` only ever moves back when they became known: a file says that somebody has been a
    customer for years, never that they are newer than we know.
    """

    customer_id: int
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    time_zone: str | None = None
    company: str | None = None  # the company's external id; made when it is new
    attributes: Mapping[str, Any] = field(default_factory=dict)
    known_since: datetime | None = None


_LOCK = """
SELECT id, name, email, phone, language, time_zone, company_id, attributes::text, search_text
FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""

_IDENTITIES = """
WITH RECURSIVE whole (head, id) AS (
    SELECT id, id FROM customers_customer WHERE id = ANY(%s)
    UNION ALL SELECT whole.head, customer.id FROM whole JOIN customers_customer customer
              ON customer.merged_into_id = whole.id)
SELECT whole.head, identity.value FROM whole JOIN customers_identity identity ON identity.customer_id = whole.id
WHERE identity.kind <> 'anonymous' ORDER BY whole.head, identity.id
"""

_WRITE = """
UPDATE customers_customer customer
SET name = new.name, email = new.email, phone = new.phone, language = new.language, time_zone = new.time_zone,
    company_id = new.company_id, attributes = new.attributes::jsonb, search_text = new.search_text
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[],
            %s::text[])
     AS new (id, name, email, phone, language, time_zone, company_id, attributes, search_text)
WHERE customer.id = new.id
"""

# Somebody who is only a visitor stays one: nothing was said about who they are.
_MOVE_BACK = """
UPDATE customers_customer customer
SET created_at = least(customer.created_at, said.since),
    known_at = CASE WHEN customer.known_at IS NOT NULL THEN least(customer.known_at, said.since) END
FROM unnest(%s::bigint[], %s::timestamptz[]) AS said (id, since)
WHERE customer.id = said.id AND (said.since < customer.created_at OR said.since < customer.known_at)
RETURNING customer.id
"""


@transaction.atomic
def apply_traits(rows: Iterable[Traits]) -> int:
    """Write what was said to the customers that are shown, later rows over earlier; returns how many changed.

    Rows may name customers that were merged: what is said of them is said of whom they were merged into.
    """
    said = list(rows)
    heads = recognition.heads(row.customer_id for row in said)
    companies = _companies({row.company for row in said if row.company})
    before = _locked(sorted(set(heads.values())))
    after = {customer_id: dict(profile) for customer_id, profile in before.items()}
    for row in said:
        if row.customer_id in heads:  # erased meanwhile otherwise
            _say(after[heads[row.customer_id]], row, companies)
    changed = [customer_id for customer_id in sorted(after) if after[customer_id] != before[customer_id]]
    people.tell_renamed(_write(after, changed))
    moved = _move_back((heads[row.customer_id], row.known_since) for row in said if row.customer_id in heads)
    return len(moved.union(changed))


def _move_back(said: Iterable[tuple[int, datetime | None]]) -> set[int]:
    """Since when each has been known, where that is earlier than we thought; returns who was. Their rows are locked."""
    since: dict[int, datetime] = {}
    for customer_id, at in said:
        if at is not None:
            since[customer_id] = min(at, since.get(customer_id, at))
    if not since:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_BACK, [list(since), list(since.values())])
        return {row[0] for row in cursor.fetchall()}


def refresh_search(customer_ids: Sequence[int]) -> None:
    """Write anew what the search reads, after identities came or went."""
    heads = sorted(set(recognition.heads(customer_ids).values()))
    _write(_locked(heads), heads)
    people.tell_renamed(heads)


def _locked(customer_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    names = ("name", "email", "phone", "language", "time_zone", "company_id")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(customer_ids)])
        return {
            row[0]: dict(zip(names, row[1:7], strict=True)) | {"attributes": json.loads(row[7]), "search_text": row[8]}
            for row in cursor.fetchall()
        }


def _say(profile: dict[str, Any], row: Traits, companies: Mapping[str, int]) -> None:
    for name in ("name", "email", "phone", "language", "time_zone"):
        value = getattr(row, name)
        if value is not None:
            profile[name] = " ".join(normalise.clean(value).split())[:LONGEST_NAME]
    if row.company:
        profile["company_id"] = companies[row.company]
    attributes = dict(profile["attributes"])
    for name, value in row.attributes.items():
        if value is None:
            attributes.pop(name, None)
        elif name in attributes or len(attributes) < MOST_ATTRIBUTES:
            attributes[name] = value
    profile["attributes"] = attributes


def _companies(external_ids: set[str]) -> dict[str, int]:
    wanted = sorted(external_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_company (external_id, name, attributes, created_at)"
            " SELECT external_id, '', '{}', %s FROM unnest(%s::text[]) AS new (external_id)"
            ' ORDER BY external_id COLLATE "C" ON CONFLICT (external_id) DO NOTHING',
            [clock.now(), wanted],
        )
        cursor.execute("SELECT external_id, id FROM customers_company WHERE external_id = ANY(%s)", [wanted])
        return dict(cursor.fetchall())


def _write(profiles: Mapping[int, Mapping[str, Any]], customer_ids: Sequence[int]) -> list[int]:
    """Write these profiles down; answers who is searched for by other words than before."""
    if not customer_ids:
        return []
    ways = _searched_identities(customer_ids)
    columns: list[list[Any]] = [list(customer_ids)]
    columns += [
        [profiles[customer_id][name] for customer_id in customer_ids]
        for name in ("name", "email", "phone", "language", "time_zone", "company_id")
    ]
    columns.append([json.dumps(profiles[customer_id]["attributes"], default=str) for customer_id in customer_ids])
    texts = {pk: search_text(profiles[pk], ways.get(pk, [])) for pk in customer_ids}
    columns.append([*texts.values()])
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, columns)
    return [pk for pk, text in texts.items() if text != profiles[pk]["search_text"]]


def search_text(profile: Mapping[str, Any], identities: Sequence[str]) -> str:
    """What the search reads of one customer: names and identities, folded, each once."""
    words = (profile["name"], profile["email"], profile["phone"], *identities)
    return " ".join(dict.fromkeys(normalise.fold(word) for word in words if word))[:LONGEST_SEARCH]


def _searched_identities(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    answer: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITIES, [list(customer_ids)])
        for head, value in cursor.fetchall():
            answer.setdefault(head, []).append(value)
    return answer
