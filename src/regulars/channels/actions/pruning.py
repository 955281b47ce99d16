"""What channels keep no longer than settings say, and what goes with somebody who is erased.

Of a mail that has its place the bytes go and the row stays: by its key it is known that it was here,
and nothing is fetched a second time. What nobody could understand stays until somebody dealt with it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from email.utils import getaddresses

from django.db import transaction

from regulars.channels.models import Delivery, Incoming, SuppressedAddress
from regulars.customers import normalise
from regulars.kernel import clock, people, settings_table

AT_ONCE = 500
RAW_DAYS, DELIVERY_DAYS = "raw_mail_days", "delivery_days"
LONGEST_HEAD = 256 * 1024
_HEADER = re.compile(
    rb"^(?:from|sender|reply-to|to|cc|return-path):((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE
)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def prune() -> tuple[int, int]:
    """Let go of raw mail and of deliveries that are older than the settings say; returns how many of each."""
    return _prune_raw(), _prune_deliveries()


@transaction.atomic
def forget_the_erased() -> int:
    """Remove dead letters and suppressed addresses that name somebody who was erased; returns how many."""
    dead = Incoming.objects.filter(state=Incoming.DEAD).order_by("pk")
    named = {pk: set(_addresses(bytes(raw))) for pk, raw in dead.values_list("pk", "raw").iterator(50)}
    gone = _erased(address for addresses in named.values() for address in addresses)
    letters = [pk for pk, addresses in named.items() if addresses & gone]
    kept = list(SuppressedAddress.objects.values_list("address", flat=True))
    dead_addresses = SuppressedAddress.objects.filter(address__in=_erased(kept))
    return Incoming.objects.filter(pk__in=letters).delete()[0] + dead_addresses.delete()[0]


def _prune_raw() -> int:
    days, count, after = _days(RAW_DAYS), 0, 0
    if not days:
        return 0
    settled = Incoming.objects.filter(
        state__in=(Incoming.PLACED, Incoming.DROPPED), settled_at__lt=clock.now() - timedelta(days=days)
    ).exclude(raw=b"")
    while ids := list(settled.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        count += Incoming.objects.filter(pk__in=ids).update(raw=b"", envelope={})
        after = ids[-1]
    return count


def _prune_deliveries() -> int:
    """Queued and claimed ones are on their way, whatever their age."""
    days, count = _days(DELIVERY_DAYS), 0
    if not days:
        return 0
    ended = Delivery.objects.filter(settled_at__lt=clock.now() - timedelta(days=days)).exclude(
        state__in=(Delivery.QUEUED, Delivery.CLAIMED)
    )
    while ids := list(ended.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        count += Delivery.objects.filter(pk__in=ids).delete()[0]
    return count


def _days(name: str) -> int:
    said = settings_table.at_start(name)
    return int(said) if said.isdecimal() else int(settings_table.TABLE[name].default)


def _addresses(raw: bytes) -> Iterator[str]:
    """Every address in a head, read without looking at the rest: nobody could."""
    head = _END_OF_HEAD.split(raw[:LONGEST_HEAD], maxsplit=1)[0]
    lines = [found.decode("utf-8", "replace") for found in _HEADER.findall(head)]
    for _, address in getaddresses(lines):
        if usable := normalise.email(address):
            yield usable


def _erased(addresses: Iterable[str]) -> set[str]:
    return {value for _, value in people.suppressed([("email", address) for address in set(addresses)])}
