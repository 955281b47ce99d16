"""How many customers are known, and how many came to be known lately."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from regulars.customers.models import Customer


@dataclass(frozen=True, slots=True)
class Growth:
    """Customers known in all, those known since a moment, and those of the stretch before it."""

    known: int
    lately: int
    before: int


def growth(*, since: datetime, before: datetime) -> Growth:
    """Known customers, merged ones counted once; `before` is where the earlier stretch begins."""
    counts = Customer.objects.filter(known_at__isnull=False, merged_into=None).aggregate(
        known=Count("pk"),
        lately=Count("pk", filter=Q(known_at__gte=since)),
        before=Count("pk", filter=Q(known_at__gte=before, known_at__lt=since)),
    )
    return Growth(**counts)
