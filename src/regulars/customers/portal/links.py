"""Links that sign a customer in, once, within half an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from regulars.accounts import tokens
from regulars.customers import normalise
from regulars.customers.actions import recognition
from regulars.customers.errors import PortalLinkOver
from regulars.customers.models import Identity, PortalLink
from regulars.customers.portal import sessions
from regulars.kernel import clock
from regulars.kernel.facts import PRODUCT_SOURCE_ID

LASTS: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Known:
    """An address somebody is recognised by."""

    identity_id: int
    customer_id: int
    address: str


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh link; its token is known here and to whoever gets the mail."""

    id: int
    token: str


def known(address: str) -> Known | None:
    """Whose address this is, if anybody's."""
    return _known(value=normalise.email(address) or "")


def known_by(identity_id: int) -> Known | None:
    """The same, by its key."""
    return _known(pk=identity_id)


def _known(**told: str | int) -> Known | None:
    row = Identity.objects.filter(kind=Identity.EMAIL, **told).first()
    return Known(row.pk, row.customer_id, row.value) if row else None  # type: ignore[attr-defined]  # Django adds it


@transaction.atomic
def make(who: Known, *, request: str) -> Made | None:
    """A link for an address, or None when this request has made its own."""
    token, digest = tokens.fresh()
    at = clock.now()
    link, is_new = PortalLink.objects.get_or_create(
        request=request,
        defaults={
            "customer_id": who.customer_id, "address": who.address, "digest": digest, "created_at": at,
            "expires_at": at + LASTS,
        },
    )  # fmt: skip
    return Made(link.pk, token) if is_new else None


def is_usable(token: str) -> bool:
    """Whether a link still opens, without using it up."""
    return _usable(token, at=clock.now()).exists()


@transaction.atomic
def redeem(token: str) -> str:
    """Use a link up and begin a session; whoever got the mail has proven the address.

    Answers with the token of the session.
    """
    link = _usable(token, at=clock.now()).select_for_update().first()
    if link is None:
        raise PortalLinkOver
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
    way = ("email", link.address)
    proven = recognition.recognise(
        [way], source_id=PRODUCT_SOURCE_ID, at=clock.now(), is_known=True, is_verified=True
    )  # fmt: skip
    if way not in proven:
        raise PortalLinkOver
    return sessions.begin(proven[way], address=link.address)


def _usable(token: str, *, at: datetime) -> QuerySet[PortalLink]:
    return PortalLink.objects.filter(digest=tokens.digest(token), used_at=None, expires_at__gt=at)
