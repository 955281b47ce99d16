"""Conversations and messages as programs read them: in the order they were made, a page at a time by number."""

from dataclasses import dataclass

from django.db.models import QuerySet

from regulars.desk.errors import NoSuchMessage
from regulars.desk.models import Conversation, Label, Message
from regulars.desk.selectors import threads
from regulars.desk.selectors.threads import Turn
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which conversations; what is None is not asked about."""

    status: str | None = None
    customer_id: int | None = None
    agent_id: int | None = None
    team_id: int | None = None
    channel_id: int | None = None
    label: str | None = None
    is_spam: bool = False


def conversations(wanted: Wanted, *, by: Actor, before: int | None, most: int) -> list[Conversation]:
    """The newest first, those merged into others left out."""
    rows = visible_to(by).filter(merged_into=None, spam_at__isnull=not wanted.is_spam)
    given = {
        "status": wanted.status, "customer": wanted.customer_id, "assignee": wanted.agent_id, "team": wanted.team_id,
        "channel": wanted.channel_id, "labels__name__iexact": wanted.label, "pk__lt": before,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    return list(rows.prefetch_related("labels").order_by("-pk")[:most])


def messages(conversation: Conversation, *, after: int, most: int) -> list[Turn]:
    """What was said in a conversation that was fetched through permission, oldest first, notes too."""
    rows = Message.objects.filter(conversation__in=threads.numbers(conversation), pk__gt=after, removed_at=None)
    return threads.turns(list(rows.order_by("pk")[:most]))


def message(message_id: int, *, by: Actor) -> Turn:
    """One message, if the actor may see its conversation."""
    rows = Message.objects.filter(pk=message_id, removed_at=None, conversation__in=visible_to(by))
    found = threads.turns(list(rows))
    if not found:
        raise NoSuchMessage
    return found[0]


def labels() -> QuerySet[Label]:
    """Every label, by name."""
    return Label.objects.order_by("name", "pk")
