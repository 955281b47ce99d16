"""What an agent has begun to write to somebody with whom there is no conversation yet."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from regulars.customers.selectors import addresses, families
from regulars.desk.models import FirstDraft as FirstDraft
from regulars.kernel.actors import Actor

MOST = 50


@dataclass(frozen=True, slots=True)
class Whom:
    """To whom one writes: a customer, or else an address nobody has yet."""

    customer_id: int | None
    address: str = ""


def draft(whom: Whom, *, by: Actor) -> FirstDraft | None:
    """What the actor has begun to write to them, under any of their ids: the latest, where two turned out to be one."""
    return of(whom, by=by).order_by("-changed_at", "-pk").first()


def of(whom: Whom, *, by: Actor) -> QuerySet[FirstDraft]:
    """Whatever the actor has begun to write to them."""
    mine = FirstDraft.objects.filter(agent=by.id)
    if whom.customer_id is None:
        return mine.filter(customer=None, address=whom.address)
    return mine.filter(customer__in=families.family(whom.customer_id).ids)


def begun(*, by: Actor) -> list[FirstDraft]:
    """All that the actor has begun and not sent, the latest first."""
    rows = FirstDraft.objects.filter(agent=by.id).select_related("customer__merged_into")
    return list(rows.order_by("-changed_at", "-pk")[:MOST])


def about(customer_ids: list[int]) -> QuerySet[FirstDraft]:
    """What anybody writes to these customers, by an address of theirs too."""
    return FirstDraft.objects.filter(Q(customer__in=customer_ids) | Q(address__in=addresses.every(customer_ids)))
