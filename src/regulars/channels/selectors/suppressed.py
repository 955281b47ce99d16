"""Addresses nothing is sent to, and why."""

from collections.abc import Sequence

from regulars.channels.models import SuppressedAddress
from regulars.customers import normalise


def reasons(addresses: Sequence[str]) -> dict[str, str]:
    """Which of these addresses get nothing, and why."""
    spelt = {normalise.email(address) or address.strip().lower(): address for address in addresses}
    rows = SuppressedAddress.objects.filter(address__in=list(spelt), lifted_at=None)
    return {spelt[address]: reason for address, reason in rows.values_list("address", "reason")}
