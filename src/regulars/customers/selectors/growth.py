"""How many customers are known, and how many of them are new."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import Least

from regulars.customers.models import Customer


@dataclass(frozen=True, slots=True)
class Growth:
    """Customers known in all, those first seen since a moment, and those of the stretch before it."""

    known: int
    lately: int
    before: int


def growth(*, since: datetime, before: datetime) -> Growth:
    """Known customers, merged ones counted once; `before` is where the earlier stretch begins.

    One imported today whose first order was last year is not new: the first fact or the moment of
    becoming known counts, whichever came first. (PostgreSQL's `least` passes over what is missing.)
    """
    shown = Customer.objects.filter(known_at__isnull=False, merged_into=None)
    counts = shown.annotate(began_at=Least("first_seen_at", "known_at")).aggregate(
        known=Count("pk"),
        lately=Count("pk", filter=Q(began_at__gte=since)),
        before=Count("pk", filter=Q(began_at__gte=before, began_at__lt=since)),
    )
    return Growth(**counts)


def is_anybody_known() -> bool:
    """Whether there is any customer at all, without counting them."""
    return Customer.objects.filter(known_at__isnull=False).exists()
