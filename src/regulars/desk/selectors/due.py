"""What the desk itself has to do now."""

from regulars.desk.models import Clock, Conversation, Message
from regulars.desk.models.clocks import RUNNING, UNTOLD, UNWARNED
from regulars.kernel import clock

AT_ONCE = 500
_RUNNING = Clock.objects.filter(RUNNING, due_at__isnull=False).only("kind", "target", "due_at", "warn_at")


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


def conversations_with_due_clocks() -> list[int]:
    """Conversations in which a promise is about to be broken or was, and nobody has said so."""
    now = clock.now()
    late = Clock.objects.filter(UNTOLD, due_at__lt=now).order_by("due_at").values_list("conversation", flat=True)
    soon = Clock.objects.filter(UNWARNED, warn_at__lte=now, due_at__gt=now).order_by("warn_at")
    found = [*late[:AT_ONCE], *soon.values_list("conversation", flat=True)[:AT_ONCE]]
    return list(dict.fromkeys(found))


def promises(conversation: Conversation) -> list[Clock]:
    """The newest clock of each kind in the newest episode that has any, running or not: first, next, resolution."""
    rows = Clock.objects.filter(conversation=conversation).order_by("kind", "-episode", "-turn").distinct("kind")
    newest = list(rows)
    episode = max((one.episode for one in newest), default=0)
    return [one for one in newest if one.episode == episode]


def running_clocks(conversation: Conversation) -> list[Clock]:
    """The promises that run on a conversation, the nearest first; one that has none costs no question."""
    if conversation.due_at is None:
        return []
    return list(_RUNNING.filter(conversation=conversation).order_by("due_at", "pk"))
