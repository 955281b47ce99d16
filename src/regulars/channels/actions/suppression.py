"""Addresses nothing is sent to, because they refused mail for good or somebody said so; lifted by a person."""

from django.db import transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.channels.errors import AddressNotSuppressible
from regulars.channels.models import SuppressedAddress
from regulars.customers import normalise
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_REASON = 1_000


@transaction.atomic
def suppress(address: str, *, reason: str, about: str = "", by: Actor | None = None) -> bool:
    """Send nothing more to this address; false when that is so already. One that was lifted is suppressed anew.

    `about` is what came back (`message:17`), `by` who put it here by hand.
    """
    said = {
        "reason": reason[:LONGEST_REASON], "at": clock.now(), "about": about, "added_by": str(by or ""),
    }  # fmt: skip
    row, is_new = SuppressedAddress.objects.get_or_create(address=normal(address), defaults=said)
    if is_new:
        return True
    again = SuppressedAddress.objects.filter(pk=row.pk).exclude(lifted_at=None)
    return bool(again.update(**said, lifted_at=None, lifted_by=""))


@transaction.atomic
def add(address: str, *, reason: str, by: Actor) -> bool:
    """Put an address here by hand, on record; false when it is here already."""
    permission.require("answer", by=by)
    word = " ".join(reason.replace("\x00", "").split())
    if normalise.email(address) is None or len(word) > LONGEST_REASON:
        raise AddressNotSuppressible
    is_new = suppress(address, reason=word, by=by)
    if is_new:
        _note(audit_verbs.ADDRESS_SUPPRESSED, address, by=by)
    return is_new


@transaction.atomic
def lift(address: str, *, by: Actor) -> bool:
    """Send to this address again, on record; false when nothing kept it from getting mail."""
    permission.require("answer", by=by)
    rows = SuppressedAddress.objects.filter(address=normal(address), lifted_at=None)
    is_lifted = bool(rows.update(lifted_at=clock.now(), lifted_by=str(by)))
    if is_lifted:
        _note(audit_verbs.ADDRESS_LIFTED, address, by=by)
    return is_lifted


def reasons(addresses: list[str]) -> dict[str, str]:
    """Which of these addresses get nothing, and why."""
    spelt = {normal(address): address for address in addresses}
    rows = SuppressedAddress.objects.filter(address__in=list(spelt), lifted_at=None)
    return {spelt[row.address]: row.reason for row in rows}


def normal(address: str) -> str:
    """By what two spellings of one address are compared."""
    return normalise.email(address) or address.replace("\x00", "").strip().lower()


def _note(verb: str, address: str, *, by: Actor) -> None:
    """Without the address itself: the record of acts outlives an erasure."""
    row = SuppressedAddress.objects.get(address=normal(address))
    audit.note(
        verb,
        by=by,
        subject=f"suppressed address:{row.pk}",
        details={"reason": row.reason[:200]} if row.added_by else {},
    )
