"""Customers by what others wrote down about them: the highest first, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from regulars.customers.models import Customer, Trait
from regulars.customers.selectors import naming

PAGE: Final = 50
SCORES: Final = ("risk", "value", "stake", "survival")  # what was worked out about customers


def newest(traits: Iterable[Trait]) -> dict[str, Trait]:
    """One customer's traits by name; of those merged into one, whichever was written last."""
    return {trait.name: trait for trait in sorted(traits, key=lambda trait: trait.as_of)}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One customer in the list and their traits by name."""

    id: int
    name: str
    email: str
    last_seen_at: datetime | None
    traits: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of the list; `after` asks for the next one, empty on the last."""

    rows: list[Ranked]
    after: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many have a trait and what its numbers add up to."""

    customers: int
    total: float


def ranked(by: str, *, after: str = "", most: int = PAGE, least: tuple[str, float] | None = None) -> Ranking:
    """Who has the highest of a trait, in an order that does not shift while one pages through it.

    `least` names another trait and the number it must reach.
    """
    rows = Trait.objects.filter(name=by, number__isnull=False, customer__merged_into=None)
    if least is not None:
        rows = rows.filter(customer__in=Trait.objects.filter(name=least[0], number__gte=least[1]).values("customer"))
    if after:
        number, _, customer_id = after.partition("~")
        start = (float(number), int(customer_id))
        rows = rows.filter(Q(number__lt=start[0]) | Q(number=start[0], customer__gt=start[1]))
    found = list(rows.order_by("-number", "customer").values_list("customer", "number")[: most + 1])
    shown = found[:most]
    last = f"{shown[-1][1]!r}~{shown[-1][0]}" if len(found) > most else ""
    return Ranking(_people([customer_id for customer_id, _ in shown]), last)


def totals(name: str, *, least: float | None = None) -> Totals:
    """Over everybody who has the trait, or has it at `least` so high."""
    rows = Trait.objects.filter(name=name, number__isnull=False, customer__merged_into=None)
    rows = rows if least is None else rows.filter(number__gte=least)
    found = rows.aggregate(customers=Count("pk"), total=Coalesce(Sum("number"), 0.0))
    return Totals(found["customers"], found["total"])


def _people(ids: Sequence[int]) -> list[Ranked]:
    """In the order of the ids, each with all their traits: three queries, however many there are."""
    customers = Customer.objects.in_bulk(ids)
    called = naming.names({pk: [customer] for pk, customer in customers.items()})
    traits: dict[int, dict[str, Any]] = {}
    for customer_id, name, value in Trait.objects.filter(customer__in=ids).values_list("customer", "name", "value"):
        traits.setdefault(customer_id, {})[name] = value
    return [
        Ranked(pk, called[pk], customers[pk].email, customers[pk].last_seen_at, traits.get(pk, {}))
        for pk in ids
        if pk in customers
    ]
