"""Traits: what another context knows of customers, written down here for everybody to filter and sort by."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

AT_ONCE = 20_000
TRIES = 5


class NewTrait(NamedTuple):
    """One customer's trait: the number to sort by, and the whole value as JSON keeps it."""

    customer_id: int
    number: float | None
    value: Any
    why: str = ""


# Whoever is erased meanwhile is not there to be written about; an older run never overwrites a newer one.
_WRITE = """
INSERT INTO customers_trait (customer_id, name, number, value, why, as_of)
SELECT customer.id, %(name)s, new.number, new.value::jsonb, new.why, %(as_of)s
FROM unnest(%(ids)s::bigint[], %(numbers)s::float8[], %(values)s::text[], %(whys)s::text[])
     AS new (id, number, value, why)
JOIN customers_customer customer ON customer.id = new.id
ORDER BY customer.id
ON CONFLICT (customer_id, name) DO UPDATE
SET number = excluded.number, value = excluded.value, why = excluded.why, as_of = excluded.as_of
WHERE customers_trait.as_of <= excluded.as_of
"""


def write(name: str, traits: Iterable[NewTrait], *, as_of: datetime) -> int:
    """Write one trait of some customers; may be repeated. Returns how many rows are new or newer."""
    written = 0
    left = iter(traits)
    while some := list(islice(left, AT_ONCE)):
        written += _write_to_who_is_there(name, some, as_of)
    return written


def write_all(name: str, traits: Iterable[NewTrait], *, as_of: datetime) -> int:
    """Write one trait of everybody who has it; whoever is not named has it no more."""
    written = write(name, traits, as_of=as_of)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_trait WHERE name = %s AND as_of < %s", [name, as_of])
    return written


def _write_to_who_is_there(name: str, traits: Sequence[NewTrait], as_of: datetime) -> int:
    """Whoever was there to be written about, and was erased before it was written, is not there the next time.

    Holding them all instead would write every customer's row anew, each night.
    """
    for _ in range(TRIES - 1):
        try:
            return _write(name, traits, as_of)
        except IntegrityError:
            continue
    return _write(name, traits, as_of)


@transaction.atomic
def _write(name: str, traits: Sequence[NewTrait], as_of: datetime) -> int:
    ids, numbers, values, whys = zip(*traits, strict=True)
    with connection.cursor() as cursor:
        texts = [json.dumps(value, allow_nan=False) for value in values]
        named = {"ids": list(ids), "numbers": list(numbers), "values": texts, "whys": list(whys)}
        cursor.execute(_WRITE, {**named, "name": name, "as_of": as_of})
        return cursor.rowcount
