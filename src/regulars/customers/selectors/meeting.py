"""Customers who meet one condition, as a query that others put into theirs.

Each finds every id of a person: what is known of the one who is shown holds for those merged into them.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from regulars.customers.models import Customer, Trait

Ids = QuerySet[Customer, dict[str, Any]]


def with_label(label_ids: Sequence[int]) -> Ids:
    """Whoever wears one of these labels."""
    wearers = Customer.labels.through.objects.filter(label__in=label_ids)
    return _families(wearers.values("customer"))


def of_company(company_ids: Sequence[int]) -> Ids:
    """Whoever belongs to one of these companies."""
    return _families(Customer.objects.filter(company__in=company_ids).values("pk"))


def with_trait(name: str, *, least: float | None = None, most: float | None = None) -> Ids:
    """Whoever has a number of this name in a range, its ends included."""
    rows = Trait.objects.filter(name=name)
    if least is not None:
        rows = rows.filter(number__gte=least)
    if most is not None:
        rows = rows.filter(number__lte=most)
    return _families(rows.values("customer"))


def number_of(name: str, *, customer: str = "customer") -> Subquery:
    """A trait's number of a row's customer, for annotating and sorting; null where it is not known.

    `customer` names the row's foreign key.
    """
    shown = Coalesce(OuterRef(f"{customer}__merged_into"), OuterRef(customer))
    return Subquery(Trait.objects.filter(name=name, customer=shown).values("number")[:1])


def _families(ids: QuerySet[Any, Any]) -> Ids:
    """These people and those merged into them; a merged one's own stands for the person too."""
    found = Customer.objects.filter(pk__in=ids).annotate(head=Coalesce(F("merged_into"), F("pk"))).values("head")
    return Customer.objects.filter(Q(pk__in=found) | Q(merged_into__in=found)).values("pk")
