"""How channels stand: whether they work, since when not, and what waits or could not be read."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from regulars.channels.models import Channel, Incoming, Mailbox
from regulars.kernel import clock

# For /healthz: how much mail waits to be placed, and since how many seconds.
WAITING = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(received_at)), 0)::float
FROM channels_incoming WHERE state = 'stored' AND NOT is_history
"""
# For /healthz: what has not worked for longer than a server's restart takes, without anybody's name.
TROUBLED = """
SELECT string_agg('channel ' || id || ' has not worked since ' || to_char(trouble_at, 'YYYY-MM-DD HH24:MI TZ'), '; ')
FROM (SELECT id, trouble_at FROM channels_channel
      WHERE trouble <> '' AND trouble_at < now() - interval '10 minutes' AND archived_at IS NULL AND paused_at IS NULL
      ORDER BY trouble_at, id LIMIT 20) AS troubled
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One channel as a page shows it. `on_server` and `stored` are of the last count, where mail is fetched."""

    channel: Channel
    mailbox: Mailbox | None
    waiting: int
    dead: int

    @property
    def is_fetched(self) -> bool:
        return bool(self.channel.settings.get("imap_host"))

    @property
    def is_new(self) -> bool:
        """Set up, and not begun yet."""
        return self.is_fetched and self.channel.paused_at is not None and self.channel.synced_at is None

    @property
    def missing(self) -> int:
        """Mails the server has and we do not, at the last count."""
        if self.mailbox is None or self.mailbox.on_server is None or self.mailbox.stored is None:
            return 0
        return self.mailbox.on_server - self.mailbox.stored


@dataclass(frozen=True, slots=True)
class Trouble:
    """A channel that does not work."""

    channel_id: int
    name: str
    words: str
    since: datetime | None


def standings() -> list[Standing]:
    """Every channel for mail that is not put away, by name."""
    rows = list(Channel.objects.filter(archived_at=None, kind=Channel.EMAIL).order_by("name", "pk"))
    boxes = {box.channel_id: box for box in Mailbox.objects.filter(channel__in=rows).order_by("looked_at", "pk")}
    states = Incoming.objects.filter(channel__in=rows, state__in=(Incoming.STORED, Incoming.DEAD))
    counted = states.order_by().values("channel_id").annotate(
        waiting=Count("pk", filter=Q(state=Incoming.STORED)), dead=Count("pk", filter=Q(state=Incoming.DEAD))
    )  # fmt: skip
    counts = {row["channel_id"]: (row["waiting"], row["dead"]) for row in counted}
    return [Standing(row, boxes.get(row.pk), *counts.get(row.pk, (0, 0))) for row in rows]


def standing(channel_id: int) -> Standing | None:
    """One of them."""
    return next((one for one in standings() if one.channel.pk == channel_id), None)


def troubles() -> list[Trouble]:
    """Channels that should work and do not, longest first."""
    rows = Channel.objects.filter(archived_at=None, paused_at=None).exclude(trouble="", out_trouble="")
    coming = [Trouble(row.pk, row.name, row.trouble, row.trouble_at) for row in rows if row.trouble]
    going = [Trouble(row.pk, row.name, row.out_trouble, row.out_trouble_at) for row in rows if row.out_trouble]
    return sorted([*coming, *going], key=lambda one: (one.since or clock.now(), one.channel_id))


def dead_count() -> int:
    """How many mails could not be understood or placed."""
    return Incoming.objects.filter(state=Incoming.DEAD).count()
