"""What channels keep about a customer: the letters that went out to them."""

from collections.abc import Sequence
from typing import Any

from regulars.channels.models import Delivery
from regulars.kernel import people


def export(ids: Sequence[int]) -> dict[str, Any]:
    """Every delivery: what, when, and what became of it."""
    rows = Delivery.objects.filter(customer_id__in=ids).order_by("pk")
    return {"deliveries": rows.values("channel_id", "about", "letter", "state", "created_at", "settled_at").iterator()}


def erase(ids: Sequence[int]) -> int:
    """The rows go, whatever their state: nothing more is sent to somebody who was erased."""
    removed, _ = Delivery.objects.filter(customer_id__in=ids).delete()
    return removed


people.register(people.Keeper("channels", ("channels.Delivery",), export=export, erase=erase))
