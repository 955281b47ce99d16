"""People are told that a channel does not work: once for each trouble, and once when it is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from regulars.channels.models import Channel
from regulars.kernel import clock

# Longer than a server's restart takes, shorter than a customer waits for an answer.
PATIENCE: Final = timedelta(minutes=10)
NO_TROUBLE: Final = Q(trouble="", out_trouble="")


def tell(say: Callable[[int, str], None], say_over: Callable[[int, str], None]) -> int:
    """Say every trouble that lasts and every one that is over; returns how many were said.

    Both get a channel's key and name. What could not be said is said the next time: they raise, and nothing counts.
    """
    told = 0
    for channel_id in _lasting().values_list("pk", flat=True):
        told += _once(channel_id, say, is_over=False)
    for channel_id in _over().values_list("pk", flat=True):
        told += _once(channel_id, say_over, is_over=True)
    return told


@transaction.atomic
def _once(channel_id: int, say: Callable[[int, str], None], *, is_over: bool) -> bool:
    rows = (_over() if is_over else _lasting()).select_for_update(skip_locked=True)
    channel = rows.filter(pk=channel_id).first()
    if channel is None:
        return False
    say(channel.pk, channel.name)
    Channel.objects.filter(pk=channel_id).update(told_at=None if is_over else clock.now())
    return True


def _lasting() -> QuerySet[Channel]:
    since = clock.now() - PATIENCE
    lasts = Q(trouble_at__lt=since) & ~Q(trouble="") | Q(out_trouble_at__lt=since) & ~Q(out_trouble="")
    return Channel.objects.filter(lasts, told_at=None, archived_at=None, paused_at=None).order_by("pk")


def _over() -> QuerySet[Channel]:
    return Channel.objects.filter(NO_TROUBLE, archived_at=None).exclude(told_at=None).order_by("pk")
