"""Sessions of customers: rows, so that one can be ended from here, whatever the browser still holds."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q

from regulars.accounts import tokens
from regulars.customers.models import PortalLink, PortalSession
from regulars.customers.selectors import families
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LASTS: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A customer who is signed in: who they are now, and by which address they came."""

    customer_id: int
    name: str
    address: str

    @property
    def actor(self) -> Actor:
        return Actor("customer", self.customer_id, self.name or self.address)


def begin(customer_id: int, *, address: str) -> str:
    """A new session; answers with the token the browser is to hold."""
    token, digest = tokens.fresh()
    at = clock.now()
    PortalSession.objects.create(
        customer_id=customer_id, address=address, digest=digest, created_at=at, expires_at=at + LASTS
    )
    return token


def of(token: str) -> SignedIn | None:
    """Who holds this token, unless the session is over; of merged customers the one who is shown."""
    rows = PortalSession.objects.filter(digest=tokens.digest(token), ended_at=None, expires_at__gt=clock.now())
    found = rows.first()
    if found is None:
        return None
    head = families.family(found.customer_id).head
    return SignedIn(head.pk, head.name, found.address)


def end(token: str) -> bool:
    """End one session; false when it was over."""
    rows = PortalSession.objects.filter(digest=tokens.digest(token), ended_at=None)
    return bool(rows.update(ended_at=clock.now()))


def end_all(customer_id: int) -> int:
    """End every session of this person, and let no link that was mailed open another."""
    ids, at = families.family(customer_id).ids, clock.now()
    PortalLink.objects.filter(customer__in=ids, used_at=None).update(used_at=at)
    return PortalSession.objects.filter(customer__in=ids, ended_at=None).update(ended_at=at)


def tidy() -> int:
    """Remove what is over: it is of use to nobody."""
    at = clock.now()
    links, _ = PortalLink.objects.filter(Q(expires_at__lt=at) | Q(used_at__lt=at - LASTS)).delete()
    removed, _ = PortalSession.objects.filter(expires_at__lt=at).delete()
    return links + removed
