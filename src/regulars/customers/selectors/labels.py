"""The labels customers wear."""

from collections.abc import Iterable

from regulars.customers.models import Customer
from regulars.customers.selectors import families


def worn_by(customer_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The labels of each customer, those of whoever is the same person included."""
    heads = families.heads(customer_ids)
    members = families.members(sorted(set(heads.values())))
    worn: dict[int, set[str]] = {}
    rows = Customer.labels.through.objects.filter(customer__in=members)
    for customer_id, name in rows.values_list("customer", "label__name"):
        worn.setdefault(members[customer_id], set()).add(name)
    return {customer_id: frozenset(worn.get(head, ())) for customer_id, head in heads.items()}
