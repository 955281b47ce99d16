"""Customers who meet one condition, as a query that others put into theirs.

Each finds every id of a person: what is known of the one who is shown holds for those merged into them.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, FilteredRelation, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from regulars.customers.models import Customer, Trait

Ids = QuerySet[Customer, dict[str, Any]]
M = TypeVar("M", bound=Model)


def with_label(label_ids: Sequence[int]) -> Ids:
    """Whoever wears one of these labels."""
    return _whose_family(labels__in=label_ids)


def of_company(company_ids: Sequence[int]) -> Ids:
    """Whoever belongs to one of these companies."""
    return _whose_family(company__in=company_ids)


def with_trait(name: str, *, least: float | None = None, most: float | None = None) -> Ids:
    """Whoever has a number of this name in a range, its ends included; traits are the shown customer's."""
    asked: dict[str, Any] = {"traits__name": name, "traits__number__isnull": False}
    asked |= {} if least is None else {"traits__number__gte": least}
    asked |= {} if most is None else {"traits__number__lte": most}
    return _those("", asked).union(_those("merged_into__", asked), all=True)


def number_of(name: str, *, customer: str = "customer") -> Subquery:
    """A trait's number of a row's customer, for annotating and sorting; null where it is not known.

    `customer` names the row's foreign key.
    """
    shown = Coalesce(OuterRef(f"{customer}__merged_into"), OuterRef(customer))
    return Subquery(Trait.objects.filter(name=name, customer=shown).values("number")[:1])


def joined_with_number(rows: QuerySet[M], name: str, *, customer: str = "customer") -> list[QuerySet[M]]:
    """The rows whose customer has a trait's number, annotated with it under its name, in two halves.

    The second half are those of customers who were merged. Unlike `number_of`, this can be read along the
    index of the numbers, so that those with the highest are known without asking for everybody's.
    """
    shown = {customer: {f"{customer}__merged_into__isnull": True}, f"{customer}__merged_into": {}}
    halves = []
    for path, condition in shown.items():
        one = FilteredRelation(f"{path}__traits", condition=Q(**{f"{path}__traits__name": name}))
        half = rows.filter(**condition).alias(_trait=one).annotate(**{name: F("_trait__number")})
        halves.append(half.filter(**{f"{name}__isnull": False}))
    return halves


def _whose_family(**asked: Any) -> Ids:
    """Whoever meets it, or is one person with somebody who does: four narrow queries, where an OR reads everybody."""
    relatives = ("merged__", "merged_into__", "merged_into__merged__")
    return _those("", asked).union(*(_those(each, asked) for each in relatives), all=True)


def _those(path: str, asked: dict[str, Any]) -> Ids:
    return Customer.objects.filter(**{f"{path}{name}": value for name, value in asked.items()}).values("pk")
