"""Addresses nothing is sent to, because they refused mail for good; lifted by a person."""

from django.db import transaction

from regulars.accounts import permission
from regulars.channels.models import SuppressedAddress
from regulars.customers import normalise
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_REASON = 1_000


@transaction.atomic
def suppress(address: str, *, reason: str) -> bool:
    """Send nothing more to this address; false when that is so already. One that was lifted is suppressed anew."""
    at, reason = clock.now(), reason[:LONGEST_REASON]
    row, is_new = SuppressedAddress.objects.get_or_create(
        address=normal(address), defaults={"reason": reason, "at": at}
    )
    if is_new:
        return True
    again = SuppressedAddress.objects.filter(pk=row.pk).exclude(lifted_at=None)
    return bool(again.update(reason=reason, at=at, lifted_at=None, lifted_by=""))


@transaction.atomic
def lift(address: str, *, by: Actor) -> bool:
    """Send to this address again; false when nothing kept it from getting mail."""
    permission.require("answer", by=by)
    rows = SuppressedAddress.objects.filter(address=normal(address), lifted_at=None)
    return bool(rows.update(lifted_at=clock.now(), lifted_by=str(by)))


def reasons(addresses: list[str]) -> dict[str, str]:
    """Which of these addresses get nothing, and why."""
    spelt = {normal(address): address for address in addresses}
    rows = SuppressedAddress.objects.filter(address__in=list(spelt), lifted_at=None)
    return {spelt[row.address]: row.reason for row in rows}


def normal(address: str) -> str:
    """By what two spellings of one address are compared."""
    return normalise.email(address) or address.strip().lower()
