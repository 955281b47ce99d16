"""What came in and waits, and what of it nobody could make sense of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Length

from regulars.channels.models import Incoming


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One mail that could not be understood or placed."""

    id: int
    channel_name: str
    received_at: datetime
    trouble: str
    sender: str


def waiting_channels() -> list[int]:
    """Channels with something stored that nobody has placed yet."""
    rows = Incoming.objects.filter(state=Incoming.STORED).order_by("channel_id")
    return list(rows.values_list("channel_id", flat=True).distinct())


def dead() -> QuerySet[Incoming]:
    """What could not be understood or placed, the newest first."""
    return Incoming.objects.filter(state=Incoming.DEAD).order_by("-pk")


def dead_with_sizes() -> QuerySet[Incoming]:
    """The same without their bytes, but with how many there are."""
    return dead().defer("raw").annotate(size=Length("raw"))


def dead_letters(most: int) -> list[DeadLetter]:
    """The newest of them, as a page shows them."""
    rows = dead().values_list("pk", "channel__name", "received_at", "trouble", "envelope")[:most]
    return [DeadLetter(pk, name, at, trouble, str(said.get("from", ""))) for pk, name, at, trouble, said in rows]


def raw_of_dead(incoming_id: int) -> bytes | None:
    """The bytes as they came."""
    raw = dead().filter(pk=incoming_id).values_list("raw", flat=True).first()
    return None if raw is None else bytes(raw)
