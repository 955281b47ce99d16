"""What the public interface keeps about a customer: what webhooks were told."""

from collections.abc import Sequence
from typing import Any

from regulars.api.models import Notice
from regulars.kernel import people


def export(ids: Sequence[int]) -> dict[str, Any]:
    """Everything others were told."""
    rows = Notice.objects.filter(customer_id__in=ids).order_by("pk")
    return {"webhook_notices": rows.values("webhook__url", "event", "body", "state", "created_at").iterator()}


def erase(ids: Sequence[int]) -> int:
    """The rows go, sent or not."""
    removed, _ = Notice.objects.filter(customer_id__in=ids).delete()
    return removed


people.register(people.Keeper("api", ("api.Notice",), export=export, erase=erase))
