"""Mailboxes on mail servers: which there are, and how far they were read."""

from regulars.channels.models import Channel, Mailbox
from regulars.kernel import clock


def to_look_into() -> list[int]:
    """Channels whose mail lies on a server, those left out that rest after trouble."""
    rows = Channel.objects.filter(archived_at=None, paused_at=None, kind=Channel.EMAIL)
    there = rows.filter(settings__has_key="imap_host").exclude(settings__imap_host="")
    resting = Mailbox.objects.filter(next_try_at__gt=clock.now()).values("channel")
    return list(there.exclude(pk__in=resting).order_by("pk").values_list("pk", flat=True))


def read(channel_id: int) -> Mailbox | None:
    """How far a channel's mailbox was read, the one looked into last."""
    return Mailbox.objects.filter(channel=channel_id).order_by("-looked_at", "-pk").first()
