"""Forms: which there are, what they ask, and what of them came in."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet

from regulars.channels.models import Channel, Incoming
from regulars.channels.webform import definitions
from regulars.channels.webform.definitions import Form

_NAMES_FILE = """
SELECT 1 FROM channels_incoming incoming JOIN channels_channel channel ON channel.id = incoming.channel_id
WHERE channel.kind = 'form' AND incoming.state IN ('stored', 'dead') AND position(%s::bytea IN incoming.raw) > 0 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Door:
    """A form with the channel it is."""

    channel: Channel
    form: Form

    @property
    def id(self) -> int:
        return self.channel.pk

    @property
    def is_off(self) -> bool:
        return self.channel.paused_at is not None


def doors() -> list[Door]:
    """Every form that is not put away, by name."""
    return [Door(row, definitions.of_settings(row.settings)) for row in _rows().order_by("name", "pk")]


def open_doors() -> list[Door]:
    """Those somebody can fill in now."""
    return [door for door in doors() if not door.is_off]


def door(channel_id: int) -> Door | None:
    """One form."""
    row = _rows().filter(pk=channel_id).first()
    return Door(row, definitions.of_settings(row.settings)) if row else None


def door_of(slug: str) -> Door | None:
    """The form at an address."""
    row = _rows().filter(settings__slug=slug).first()
    return Door(row, definitions.of_settings(row.settings)) if row else None


def came(channel_ids: list[int]) -> Mapping[int, tuple[int, int]]:
    """How many submissions each form has placed, and how many could not be placed."""
    rows = Incoming.objects.filter(channel__in=channel_ids).order_by().values("channel_id")
    counted = rows.annotate(
        placed=Count("pk", filter=Q(state=Incoming.PLACED)), dead=Count("pk", filter=Q(state=Incoming.DEAD))
    )  # fmt: skip
    return {row["channel_id"]: (row["placed"], row["dead"]) for row in counted}


def names_file(digest: str) -> bool:
    """Whether a submission that is not placed yet, or could not be, brought this file."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES_FILE, [digest.encode()])
        return cursor.fetchone() is not None


def mailbox(channel_id: int | None) -> Channel | None:
    """A mailbox that mail can leave on, by its key."""
    return mailboxes().filter(pk=channel_id).first() if channel_id else None


def mailboxes() -> QuerySet[Channel]:
    """Mailboxes mail can leave on, by name."""
    return Channel.objects.filter(kind=Channel.EMAIL, archived_at=None).order_by("name", "pk")


def _rows() -> QuerySet[Channel]:
    return Channel.objects.filter(kind=Channel.FORM, archived_at=None)
