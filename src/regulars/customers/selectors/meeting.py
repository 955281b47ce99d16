"""Customers who meet one condition, as a query that others put into theirs.

Each finds every id of a person: what is known of the one who is shown holds for those merged into them.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import (
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    FloatField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
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


def has_trait(name: str, *, least: float | None = None, most: float | None = None) -> Q:
    """The same as a condition on a row with a customer, asked of each row by itself."""
    asked: dict[str, Any] = {} if least is None else {"number__gte": least}
    asked |= {} if most is None else {"number__lte": most}
    return Q(Exists(Trait.objects.filter(name=name, number__isnull=False, customer=_shown(), **asked)))


def wears(label_ids: Sequence[int]) -> Q:
    """Whether a row's customer, or somebody who is one person with them, wears one of these labels."""
    return _in_family(labels__in=label_ids)


def belongs_to(company_ids: Sequence[int]) -> Q:
    """Whether a row's customer, or somebody who is one person with them, belongs to one of these companies."""
    return _in_family(company__in=company_ids)


def number_of(name: str, *, customer: str = "customer") -> Subquery:
    """A trait's number of a row's customer, for annotating and sorting; null where it is not known.

    `customer` names the row's foreign key.
    """
    return Subquery(Trait.objects.filter(name=name, customer=_shown(customer)).values("number")[:1])


def joined_with_number(rows: QuerySet[M], name: str, *, customer: str = "customer") -> list[QuerySet[M]]:
    """The rows whose customer has a trait's number, annotated with it under its name, in two halves.

    Unlike `number_of`, the first half can be read along the index of the numbers, so that those with the
    highest are known without asking for everybody's. The second half are those of customers who were
    merged: they are few and are looked at first, so their number is given in a way no index has it.
    """
    merged = f"{customer}__merged_into"
    whole = _joined(rows.filter(**{f"{merged}__isnull": True}), customer, name).annotate(**{name: F("_trait__number")})
    rest = _joined(rows.filter(**{f"{merged}__isnull": False}), merged, name)
    rest = rest.annotate(**{name: ExpressionWrapper(F("_trait__number") + 0.0, FloatField())})
    return [whole, rest]


def _shown(customer: str = "customer") -> Coalesce:
    """Of a row outside, the customer who is shown for its own."""
    return Coalesce(OuterRef(f"{customer}__merged_into"), OuterRef(customer))


def _in_family(**asked: Any) -> Q:
    head, merged = Customer.objects.filter(pk=_shown(), **asked), Customer.objects.filter(merged_into=_shown(), **asked)
    return Q(Exists(head)) | Q(Exists(merged))


def _joined(rows: QuerySet[M], path: str, name: str) -> QuerySet[M]:
    one = FilteredRelation(f"{path}__traits", condition=Q(**{f"{path}__traits__name": name}))
    return rows.alias(_trait=one).filter(_trait__number__isnull=False)


def _whose_family(**asked: Any) -> Ids:
    """Whoever meets it, or is one person with somebody who does: four narrow queries, where an OR reads everybody."""
    relatives = ("merged__", "merged_into__", "merged_into__merged__")
    return _those("", asked).union(*(_those(each, asked) for each in relatives), all=True)


def _those(path: str, asked: dict[str, Any]) -> Ids:
    return Customer.objects.filter(**{f"{path}{name}": value for name, value in asked.items()}).values("pk")
