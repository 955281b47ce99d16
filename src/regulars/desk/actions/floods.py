"""A cap on the conversations a machine begins: past it, the last one takes what else comes that day."""

from datetime import timedelta

from regulars.channels.arrivals import Arrived
from regulars.desk.models import Conversation

MOST_A_DAY = 20  # a channel's setting `automatic_per_day` says otherwise


def gathering(one: Arrived, *, customer_id: int) -> int | None:
    """The conversation that takes more of this sender's automatic mail, once they began too many in a day.

    Nothing is left out: a loop or an alarm that goes mad fills one conversation, not the inbox.
    """
    since = one.received_at - timedelta(days=1)
    begun = Conversation.objects.filter(
        channel=one.channel_id, customer=customer_id, created_at__gt=since, last_author="", merged_into=None
    )
    most = one.channel_settings.get("automatic_per_day", MOST_A_DAY)
    ids = list(begun.order_by("-pk").values_list("pk", flat=True)[:most])
    return ids[0] if len(ids) >= most else None
