"""Deliveries that were sent and came back."""

from regulars.channels.models import Delivery


def came_back(external_id: str, *, trouble: str) -> int:
    """What was sent failed after all; returns how many deliveries that were."""
    sent = Delivery.objects.exclude(external_id="").filter(external_id=external_id)
    return sent.filter(state__in=(Delivery.SENT, Delivery.UNKNOWN)).update(state=Delivery.FAILED, trouble=trouble)
