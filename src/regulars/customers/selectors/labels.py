"""The labels customers wear."""

from collections.abc import Iterable

from regulars.customers.models import Customer, Label
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


# Who wears what, as a query within another one: columns customer_id and label.
WORN = """
SELECT customer.id AS customer_id, label.name AS label
FROM customers_customer customer
JOIN customers_customer wearer
  ON coalesce(wearer.merged_into_id, wearer.id) = coalesce(customer.merged_into_id, customer.id)
JOIN customers_customer_labels worn ON worn.customer_id = wearer.id
JOIN customers_label label ON label.id = worn.label_id
"""


def names() -> list[str]:
    """Every label there is for customers."""
    return list(Label.objects.order_by("name").values_list("name", flat=True))
