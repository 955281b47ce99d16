"""Deliveries: rows before anything leaves."""

from django.db import transaction

from regulars.channels.letters import Letter
from regulars.channels.models import Delivery
from regulars.kernel import clock, jobs

DELIVER = "channels.deliver"


@transaction.atomic
def queue(letter: Letter, *, about: str, customer_id: int | None = None) -> Delivery:
    """Put a letter down to be carried; asked again about the same, the first one counts."""
    delivery, is_new = Delivery.objects.get_or_create(
        key=about,
        defaults={
            "channel_id": letter.channel_id,
            "about": about,
            "customer_id": customer_id,
            "letter": letter.as_json(),
            "external_id": letter.external_id,
            "created_at": clock.now(),
            "due_at": clock.now(),
        },
    )
    if is_new:
        jobs.defer(DELIVER, delivery_id=delivery.pk)
    return delivery
