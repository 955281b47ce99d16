"""Holding a customer still while something about them is decided."""

from collections.abc import Iterable

from django.db.models import Q

from regulars.customers.errors import BeingErased, NoSuchCustomer
from regulars.customers.models import Customer, Erasure


def hold(customer_id: int) -> Customer:
    """Lock the customer that is shown for this id, until the transaction ends."""
    wanted = customer_id
    while True:
        customer = Customer.objects.select_for_update(of=("self",)).filter(pk=wanted).first()
        if customer is None:
            raise NoSuchCustomer
        if customer.merged_into_id is None:
            _refuse_while_erased([customer.pk])
            return customer
        wanted = customer.merged_into_id


def hold_families(customer_ids: Iterable[int]) -> dict[int, Customer]:
    """Lock these customers and everybody merged into them, in key order."""
    wanted = list(customer_ids)
    rows = Customer.objects.filter(Q(pk__in=wanted) | Q(merged_into__in=wanted)).order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(of=("self",))}
    if not held.keys() >= set(wanted):
        raise NoSuchCustomer
    _refuse_while_erased(held)
    return held


def _refuse_while_erased(customer_ids: Iterable[int]) -> None:
    if Erasure.objects.filter(customer_ids__overlap=list(customer_ids)).exists():
        raise BeingErased
