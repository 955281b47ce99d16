"""Addresses nothing is sent to, and why."""

from collections.abc import Sequence

from django.db.models import QuerySet

from regulars.channels.models import SuppressedAddress
from regulars.customers import normalise


def reasons(addresses: Sequence[str]) -> dict[str, str]:
    """Which of these addresses get nothing, and why."""
    spelt = {_spelt(address): address for address in addresses}
    rows = SuppressedAddress.objects.filter(address__in=list(spelt), lifted_at=None)
    return {spelt[address]: reason for address, reason in rows.values_list("address", "reason")}


def in_force(address: str) -> SuppressedAddress | None:
    """The one that keeps this address from getting mail."""
    return listed().filter(address=_spelt(address)).first()


def is_known(address: str) -> bool:
    """Whether it was ever put here, though somebody may have lifted it since."""
    return SuppressedAddress.objects.filter(address=_spelt(address)).exists()


def listed(search: str = "") -> QuerySet[SuppressedAddress]:
    """Those in force, the newest first; `search` is a part of the address."""
    rows = SuppressedAddress.objects.filter(lifted_at=None).order_by("-at", "-pk")
    word = _plain(search)
    return rows.filter(address__contains=word) if word else rows


def _spelt(address: str) -> str:
    return normalise.email(address) or _plain(address)


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip().lower()
