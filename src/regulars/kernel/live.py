"""Telling open pages that something changed, the moment it is committed.

`tell` writes one numbered row and a NOTIFY in the present transaction: both are there when it
commits, neither when it does not. Whoever streams to pages listens on `CHANNEL`, and after a break
reads `since` the last number it saw. Numbers commit out of order, so `since` goes back a little
further than asked: whoever shows a change shows the present state, and twice does no harm.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from regulars.kernel import clock, prepared
from regulars.kernel.models import Change

CHANNEL = "regulars_live"
ERASED = "erased"  # told when a customer was: what was kept in memory of anybody is forgotten
KEPT = timedelta(hours=1)
LOOK_BACK = 1_000
LATELY = timedelta(seconds=15)

_TELL = """
WITH made AS (
    INSERT INTO kernel_change (topic, subject_id, at)
    SELECT %s, subject_id, %s FROM unnest(%s::bigint[]) AS changed (subject_id)
    RETURNING id, topic, subject_id
) SELECT pg_notify(%s, id || ' ' || topic || ' ' || subject_id) FROM made
"""


class Told(NamedTuple):
    """One change: its number, what kind of thing changed, and which."""

    number: int
    topic: str
    subject_id: int


def tell(topic: str, subject_id: int) -> None:
    """Say that this thing changed, in the present transaction."""
    tell_all(topic, [subject_id])


def tell_all(topic: str, subject_ids: Sequence[int]) -> None:
    """Say that these things changed, each once, in the present transaction."""
    if subject_ids:
        with prepared.cursor() as cursor:
            cursor.execute(_TELL, [topic, clock.now(), list(dict.fromkeys(subject_ids)), CHANNEL])


def parse(payload: str) -> Told:
    """Read what a NOTIFY carried."""
    number, topic, subject_id = payload.split(" ")
    return Told(int(number), topic, int(subject_id))


def since(number: int) -> list[Told] | None:
    """What changed after this number, oldest first, some of it perhaps seen before; None when that is forgotten."""
    oldest = Change.objects.order_by("pk").values_list("pk", flat=True).first()
    if oldest is not None and oldest > number + 1:
        return None
    rows = Change.objects.filter(pk__gt=number - LOOK_BACK).order_by("pk")
    return [Told(*row) for row in rows.values_list("pk", "topic", "subject_id")[: 2 * LOOK_BACK]]


def lately() -> list[Told]:
    """What changed in the last seconds: what a page may have missed between being made and listening."""
    rows = Change.objects.filter(at__gte=clock.now() - LATELY).order_by("pk")
    return [Told(*row) for row in rows.values_list("pk", "topic", "subject_id")[: 2 * LOOK_BACK]]


def latest() -> int:
    """The number of the last change, zero before any."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def forget() -> int:
    """Remove changes nobody will ask for any more; the last one stays, so that numbers go on from it."""
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first()
    removed, _ = Change.objects.filter(at__lt=clock.now() - KEPT, pk__lt=last or 0).delete()
    return removed
