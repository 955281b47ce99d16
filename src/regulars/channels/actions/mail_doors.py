"""What a door for mail says of the channels behind it."""

from collections.abc import Sequence

from django.db.models.functions import Now

from regulars.channels.models import Channel


def worked(channel_ids: Sequence[int]) -> None:
    """Mail came in on these channels just now."""
    Channel.objects.filter(pk__in=channel_ids).update(worked_at=Now(), trouble="", trouble_at=None)
