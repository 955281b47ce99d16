"""What others may know of channels."""

from django.db.models import QuerySet

from regulars.channels.models import Channel


def channels() -> QuerySet[Channel]:
    """Every channel that is not put away, by name."""
    return Channel.objects.filter(archived_at=None).order_by("name", "pk")


def channel(channel_id: int) -> Channel | None:
    """One channel."""
    return Channel.objects.filter(pk=channel_id).first()


def team_of(channel_id: int) -> int | None:
    """The team a channel's new conversations go to."""
    return Channel.objects.filter(pk=channel_id).values_list("team_id", flat=True).first()


def carrier(channel_id: int | None) -> int | None:
    """The mailbox letters of this channel leave on: its own, a form's; none where a customer comes and reads."""
    found = Channel.objects.filter(pk=channel_id).values_list("kind", "settings__mailbox_id").first()
    if found is None:
        return None
    kind, mailbox_id = found
    return channel_id if kind == Channel.EMAIL else mailbox_id if kind == Channel.FORM else None


def carries(channel_id: int | None) -> bool:
    """Whether letters leave for this channel; on the others a customer comes and reads."""
    return carrier(channel_id) is not None


def quotes_previous(channel_id: int | None) -> bool:
    """Whether this channel's letters show the message they answer."""
    return Channel.objects.filter(pk=channel_id, settings__quote_previous=True).exists()
