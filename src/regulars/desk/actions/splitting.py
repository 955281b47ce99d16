"""A conversation that is two matters: begun anew from one message on, and brought back again."""

from django.db import transaction
from django.db.models import QuerySet

from regulars.desk import verbs
from regulars.desk.actions import conversations, holding, merging, states, steps, summaries
from regulars.desk.errors import NoSuchMessage, NothingToSplit, SplitAlreadyUndone
from regulars.desk.models import Conversation, Link, Message, Step
from regulars.desk.selectors import threads
from regulars.kernel import clock
from regulars.kernel.actors import Actor


@transaction.atomic
def split(message_id: int, *, by: Actor, subject: str = "", is_alone: bool = False) -> Conversation:
    """Begin a new conversation with this message and all after it, or with it alone; it moves there.

    What moved, and from where, stands in the step, for the way back. The facts of the
    messages keep saying where they came; this one's says which moved, so that its customer waits since then.
    """
    found = Message.objects.filter(pk=message_id, removed_at=None).first()
    if found is None:
        raise NoSuchMessage
    held = holding.hold(found.conversation_id, by=by)
    moved = _moved(held, message_id, is_alone=is_alone)
    stays = _said_in(held).exclude(pk__in=[message.pk for message in moved])
    if not moved or not stays.exists():
        raise NothingToSplit
    begun = _begin(held, moved, by=by, subject=subject)
    came_from = {str(message.pk): message.conversation_id for message in moved}
    Message.objects.filter(pk__in=[message.pk for message in moved]).update(conversation=begun)
    Link.objects.create(conversation=begun, other=held, why=Link.SPLIT_FROM, at=clock.now(), by=str(by))
    steps.record(
        begun, verbs.SPLIT, by=by,
        details={"split_from": held.pk, "moved": came_from},
        properties={"split_from": held.pk, "messages": sorted(map(int, came_from))},
    )  # fmt: skip
    summaries.count_again(held)
    summaries.count_again(begun)
    if begun.waiting_since is not None:
        states.to_open(begun, by=by)
    return begun


@transaction.atomic
def undo(step_id: int, *, by: Actor) -> Conversation:
    """Bring what was moved back to where it came from; what was said since comes along, as a merge."""
    step = Step.objects.filter(pk=step_id, verb=verbs.SPLIT).first()
    if step is None:
        raise NoSuchMessage
    begun, origin = holding.hold_both(step.conversation_id, step.details["split_from"], by=by)
    came_from = {int(pk): home for pk, home in step.details["moved"].items()}
    there = set(
        Message.objects.filter(pk__in=came_from, conversation=step.conversation_id).values_list("pk", flat=True)
    )
    if begun.pk == origin.pk or begun.pk != step.conversation_id or not there:
        raise SplitAlreadyUndone
    for home in sorted(set(came_from.values())):
        back = [pk for pk in there if came_from[pk] == home]
        Message.objects.filter(pk__in=back).update(conversation=home)
    Link.objects.filter(conversation=begun, other=step.details["split_from"], why=Link.SPLIT_FROM).delete()
    merging.merge_held(origin, begun, by=by)
    return origin


def _moved(held: Conversation, message_id: int, *, is_alone: bool) -> list[Message]:
    rows = _said_in(held).order_by("pk")
    return list(rows.filter(pk=message_id) if is_alone else rows.filter(pk__gte=message_id))


def _said_in(held: Conversation) -> QuerySet[Message]:
    return threads.said_in(held).filter(removed_at=None)


def _begin(held: Conversation, moved: list[Message], *, by: Actor, subject: str) -> Conversation:
    """A conversation like the one it comes from, since the first message that moves."""
    return conversations.start(
        held.customer_id,
        channel_id=moved[0].channel_id or held.channel_id,
        by=by,
        subject=subject.strip() or moved[0].subject or held.subject,
        kind=held.kind,
        priority=held.priority,
        team_id=held.team_id,
        assignee_id=held.assignee_id,
        is_history=held.is_history,
        language=held.language,
    )
