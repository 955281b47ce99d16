"""Who a customer is, in the few lines that stand beside something else, in one query."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.customers.models import Company, Customer, Identity, Trait
from regulars.customers.selectors import families, naming, orders, timelines
from regulars.kernel import prepared

_ORDER: Final = {kind: number for number, kind in enumerate(Identity.KINDS)}
_TRAIT: Final = ("name", "number", "value", "as_of", "why")
_QUERY: Final = f"""
WITH member AS MATERIALIZED (
    SELECT id FROM customers_customer WHERE id = %(head)s OR merged_into_id = %(head)s
)
SELECT (SELECT json_agg(id) FROM member)::text,
       (SELECT coalesce(json_agg(json_build_array(name, hue) ORDER BY name), '[]')
          FROM customers_label WHERE id IN (SELECT label_id FROM customers_customer_labels
                                             WHERE customer_id IN (SELECT id FROM member)))::text,
       (SELECT coalesce(json_agg(json_build_array(customer_id, kind, value) ORDER BY id), '[]')
          FROM (SELECT * FROM customers_identity WHERE customer_id IN (SELECT id FROM member)
                 ORDER BY id LIMIT 500) AS way)::text,
       (SELECT coalesce(json_agg(json_build_array({", ".join(_TRAIT)}) ORDER BY name, as_of DESC), '[]')
          FROM customers_trait WHERE customer_id IN (SELECT id FROM member))::text,
       ({orders.SUMS_OF_MEMBERS}),
       ({timelines.LATELY_OF_MEMBERS})
"""


@dataclass(frozen=True, slots=True)
class Badge:
    """A label as it is worn."""

    name: str
    hue: int


@dataclass(frozen=True, slots=True)
class Known:
    """One way to recognise the customer."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """One customer with everybody merged into them; `name` is what to call them."""

    id: int
    ids: list[int]
    name: str
    known_at: datetime | None
    company: Company | None
    labels: list[Badge]
    identities: list[Known]
    traits: list[Trait]
    orders: orders.Orders
    lately: list[timelines.TimelineFact]


def card(customer: Customer, *, but: Sequence[str] = (), most: int = timelines.PAGE) -> Card:
    """The card of whoever is shown for this customer, who was just fetched, at best with their company.

    Of a page of what happened to them, it has the newest `most` that are not called as one of `but`.
    """
    head_id = customer.merged_into_id or customer.pk
    with prepared.cursor() as cursor:
        cursor.execute(_QUERY, {"head": head_id, "but": list(but), "most": most, **orders.asked()})
        *told, bought, lately = cursor.fetchone()
    ids, labels, ways, traits = map(json.loads, told)
    members: Sequence[Customer] = [customer] if ids == [customer.pk] else families.family(head_id).members
    own = {member_id: value for member_id, kind, value in reversed(ways) if kind == Identity.EXTERNAL}
    return Card(
        id=head_id,
        ids=[member.pk for member in members],
        name=naming.called(members, next((own[one.pk] for one in members if one.pk in own), "")),
        known_at=min((member.known_at for member in members if member.known_at), default=None),
        company=next((member.company for member in members if member.company), None),
        labels=[Badge(*label) for label in labels],
        identities=sorted((Known(kind, value) for _id, kind, value in ways), key=lambda way: _ORDER[way.kind]),
        traits=[_trait(row) for row in traits],
        orders=orders.of_text(bought),
        lately=timelines.of_text(lately),
    )


def _trait(row: Sequence[Any]) -> Trait:
    name, number, value, as_of, why = row
    return Trait.from_db("default", _TRAIT, (name, number, value, datetime.fromisoformat(as_of), why))
