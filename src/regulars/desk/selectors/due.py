"""What the desk itself has to do now."""

from regulars.desk.models import Conversation, Message
from regulars.kernel import clock

AT_ONCE = 500


def messages_to_let_go() -> list[int]:
    """Replies whose time to be taken back is over, the longest due first."""
    rows = Message.objects.filter(state=Message.QUEUED, due_at__lte=clock.now()).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def conversations_to_wake() -> list[int]:
    """Conversations put aside until now or earlier."""
    rows = Conversation.objects.filter(
        status=Conversation.SNOOZED, snoozed_until__lte=clock.now(), merged_into=None
    ).order_by("snoozed_until", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])
