"""Addresses nothing is sent to, and why."""

from collections.abc import Sequence

from django.db.models import QuerySet

from regulars.channels.models import SuppressedAddress
from regulars.customers import normalise


def reasons(addresses: Sequence[str]) -> dict[str, str]:
    """Which of these addresses get nothing, and why."""
    spelt = {normalise.email(address) or address.strip().lower(): address for address in addresses}
    rows = SuppressedAddress.objects.filter(address__in=list(spelt), lifted_at=None)
    return {spelt[address]: reason for address, reason in rows.values_list("address", "reason")}


def in_force(address: str) -> SuppressedAddress | None:
    """The one that keeps this address from getting mail."""
    return listed().filter(address=normalise.email(address) or address.strip().lower()).first()


def is_known(address: str) -> bool:
    """Whether it was ever put here, though somebody may have lifted it since."""
    return SuppressedAddress.objects.filter(address=normalise.email(address) or address.strip().lower()).exists()


def listed(search: str = "") -> QuerySet[SuppressedAddress]:
    """Those in force, the newest first; `search` is a part of the address."""
    rows = SuppressedAddress.objects.filter(lifted_at=None).order_by("-at", "-pk")
    return rows.filter(address__contains=search.strip().lower()) if search.strip() else rows
