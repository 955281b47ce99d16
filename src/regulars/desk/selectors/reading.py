"""Conversations and messages as programs read them: in the order they were made, a page at a time by number."""

from dataclasses import dataclass

from django.db.models import QuerySet

from regulars.desk import verbs
from regulars.desk.errors import NoSuchConversation, NoSuchMerge, NoSuchMessage
from regulars.desk.models import Conversation, Label, Merge, Message, Step, Watch
from regulars.desk.selectors import label_list, threads
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
        "channel": wanted.channel_id, "labels": _label(wanted.label), "pk__lt": before,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    return list(rows.prefetch_related("labels").order_by("-pk")[:most])


def _label(word: str | None) -> int | None:
    """The number of the label that a word means; of one that means none, a number that none has."""
    if word is None:
        return None
    found = label_list.named(word)
    return found.pk if found else 0


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
    return Label.objects.filter(joined_into=None).order_by("name", "pk")


def steps(conversation: Conversation, *, after: int, most: int) -> list[Step]:
    """What was done in a conversation that was fetched through permission, oldest first."""
    rows = Step.objects.filter(conversation__in=threads.numbers(conversation), pk__gt=after)
    return list(rows.order_by("pk")[:most])


def merges(conversation: Conversation) -> QuerySet[Merge]:
    """The merges that stand and joined something to this conversation, the latest first."""
    return Merge.objects.filter(merged__in=threads.numbers(conversation), undone_at=None).order_by("-pk")


def merge(merge_id: int, *, by: Actor) -> Merge:
    """One merge, if the actor may see what was kept."""
    found = Merge.objects.filter(pk=merge_id, kept__in=visible_to(by)).first()
    if found is None:
        raise NoSuchMerge
    return found


def split_of(begun: Conversation) -> Step:
    """The step that began this conversation with messages of another."""
    return Step.objects.filter(conversation=begun, verb=verbs.SPLIT).earliest("pk")


def split_step(step_id: int, *, by: Actor) -> Step:
    """One split, if the actor may see what it began."""
    found = Step.objects.filter(pk=step_id, verb=verbs.SPLIT, conversation__in=visible_to(by)).first()
    if found is None:
        raise NoSuchConversation
    return found


def watches(conversation: Conversation) -> QuerySet[Watch]:
    """Who hears of a conversation that was fetched through permission, the longest first."""
    return Watch.objects.filter(conversation=conversation).order_by("at", "pk")
