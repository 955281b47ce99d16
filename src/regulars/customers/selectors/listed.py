"""The rows of the list of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from regulars.customers.models import Company, Customer, Label
from regulars.customers.selectors import naming, orders


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


def rows_of(head_ids: Sequence[int]) -> list[ListedCustomer]:
    """These customers as rows, in this order, each of everybody merged into it.

    Four queries, or five to name the nameless.
    """
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
