"""Deliveries that want somebody's attention."""

from datetime import timedelta

from django.db.models import QuerySet

from regulars.channels.models import Delivery
from regulars.kernel import clock

# For /healthz: how much mail should have left by now, and since how many seconds.
WAITING = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)::float
FROM channels_delivery WHERE state = 'queued' AND due_at < now()
"""
# For /healthz: on which channels nothing can leave, and since when, without anybody's name.
TROUBLED = """
SELECT string_agg('channel ' || id || ' cannot send since ' || to_char(out_trouble_at, 'YYYY-MM-DD HH24:MI TZ'), '; ')
FROM (SELECT id, out_trouble_at FROM channels_channel
      WHERE out_trouble <> '' AND out_trouble_at < now() - interval '10 minutes' AND archived_at IS NULL
      ORDER BY out_trouble_at, id LIMIT 20) AS troubled
"""
AT_ONCE = 500
A_JOB_TAKES = timedelta(minutes=2)


def left_behind() -> list[int]:
    """Deliveries that are due for longer than a job takes to come, the longest due first."""
    rows = Delivery.objects.filter(state=Delivery.QUEUED, due_at__lt=clock.now() - A_JOB_TAKES)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def claimed_before(age: timedelta) -> list[int]:
    """Deliveries somebody claimed that long ago and has not come back from."""
    rows = Delivery.objects.filter(state=Delivery.CLAIMED, claimed_at__lt=clock.now() - age)
    return list(rows.order_by("claimed_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def is_last(delivery_id: int, *, about: str) -> bool:
    """Whether nothing newer carries the same."""
    return not Delivery.objects.filter(about=about, pk__gt=delivery_id).exists()


def state(delivery_id: int) -> str | None:
    """How a delivery stands now."""
    return Delivery.objects.filter(pk=delivery_id).values_list("state", flat=True).first()


def attempts(about: str) -> QuerySet[Delivery]:
    """Everything tried to carry one thing, the newest first."""
    return Delivery.objects.filter(about=about).order_by("-pk")
