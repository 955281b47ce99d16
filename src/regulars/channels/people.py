"""What channels keep about a customer: the letters that went out to them."""

from collections.abc import Sequence
from typing import Any

from regulars.channels.actions import pruning
from regulars.channels.models import Delivery
from regulars.kernel import people


def export(ids: Sequence[int]) -> dict[str, Any]:
    """Every delivery: what, when, and what became of it."""
    rows = Delivery.objects.filter(customer_id__in=ids).order_by("pk")
    return {"deliveries": rows.values("channel_id", "about", "letter", "state", "created_at", "settled_at").iterator()}


def erase(ids: Sequence[int]) -> int:
    """The rows go, whatever their state: nothing more is sent to somebody who was erased.

    So do mails nobody could understand and suppressed addresses that name them.
    """
    removed, _ = Delivery.objects.filter(customer_id__in=ids).delete()
    return removed + pruning.forget_the_erased()


people.register(people.Keeper("channels", ("channels.Delivery",), export=export, erase=erase))
