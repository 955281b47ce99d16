"""Customers who may be the same person: same name at the same company, or nearly the same address."""

from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Q

from regulars.customers.models import Customer
from regulars.customers.normalise import fold
from regulars.customers.selectors import families, naming, searching

MOST: Final = 5
CANDIDATES: Final = 60

Reason = Literal["name", "email"]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Somebody who may be the same person, and what makes one think so."""

    customer: Customer
    name: str
    reason: Reason


def suspected(customer_id: int) -> list[Suspicion]:
    """Who may be the same person as this one, likeliest first, at most five."""
    family = families.family(customer_id)
    head = family.head
    ids = dict.fromkeys(
        [
            *(searching.search(head.name, limit=CANDIDATES) if head.name else ()),
            *(searching.search(_spoken(head.email), limit=CANDIDATES) if head.email else ()),
        ]
    )
    others = Customer.objects.filter(Q(pk__in=ids) & ~Q(pk__in=family.ids)).select_related("company")
    names = naming.names({other.pk: [other] for other in others})
    found = [Suspicion(other, names[other.pk], reason) for other in others if (reason := _reason(head, other))]
    return sorted(found, key=lambda one: (one.reason != "email", one.customer.pk))[:MOST]


def _reason(one: Customer, other: Customer) -> Reason | None:
    if one.email and other.email and _is_nearly(_bare(one.email), _bare(other.email)):
        return "email"
    has_same_company = one.company_id == other.company_id or not (one.company_id and other.company_id)
    return "name" if one.name and fold(one.name) == fold(other.name) and has_same_company else None


def _spoken(address: str) -> str:
    """The name in an address as words."""
    return address.partition("@")[0].partition("+")[0].replace(".", " ")


def _bare(address: str) -> str:
    """An address without what many mailboxes overlook: dots in its name, and what follows a plus."""
    name, _, domain = address.partition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def _is_nearly(one: str, other: str) -> bool:
    """Equal but for one letter changed, added, left out, or two neighbours swapped.

    Figures are meant: anna81 is not anna82.
    """
    if [sign for sign in one if sign.isdigit()] != [sign for sign in other if sign.isdigit()]:
        return False
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 8:
        return one == other
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    if one[start + 1 :] == other[start + 1 :] or one[start:] == other[start + 1 :] or one[start + 1 :] == other[start:]:
        return True
    swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return swapped and one[start + 2 :] == other[start + 2 :]
