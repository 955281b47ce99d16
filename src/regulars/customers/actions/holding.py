"""Holding a customer still while something about them is decided.

Rows of customers are always locked in key order, a person's all at once, so that nobody waits in a
circle; and not so hard that a new identity of theirs would have to wait.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from regulars.customers.errors import BeingErased, NoSuchCustomer
from regulars.customers.models import Customer, Erasure
from regulars.customers.selectors import families


def hold(customer_id: int) -> Customer:
    """Lock the customer that is shown for this id, until the transaction ends."""
    return hold_family(customer_id)[0]


def hold_family(customer_id: int) -> list[Customer]:
    """Lock everybody who is this person: the one that is shown first, then those merged into them."""
    while True:
        head_id = families.heads([customer_id]).get(customer_id)
        if head_id is None:
            raise NoSuchCustomer
        held = hold_families([head_id])
        # Merged or separated between the look and the lock: look again.
        if held[head_id].merged_into_id is None and customer_id in held:
            return sorted(held.values(), key=lambda member: (member.pk != head_id, member.pk))


def hold_families(customer_ids: Sequence[int]) -> dict[int, Customer]:
    """Lock these customers and everybody merged into them, in key order."""
    rows = Customer.objects.filter(Q(pk__in=customer_ids) | Q(merged_into__in=customer_ids)).order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    if not held.keys() >= set(customer_ids):
        raise NoSuchCustomer
    _refuse_while_erased(held)
    return held


def _refuse_while_erased(customer_ids: Iterable[int]) -> None:
    if Erasure.objects.filter(customer_ids__overlap=list(customer_ids)).exists():
        raise BeingErased
