"""Taking back the steps of a bulk action, by new steps, wherever nothing changed since.

"Nothing changed" is asked of what the action changed, not of the whole conversation: a label can be
taken off again although somebody has answered meanwhile, but a conversation that was resolved, and to
which the customer has written since, stays as it is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet

from regulars.desk import verbs
from regulars.desk.actions import assignments, conversations, holding, labels, spam, states
from regulars.desk.models import Conversation, Message, Step
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError

STATES: Final = (verbs.OPENED, verbs.WAITED, verbs.SNOOZED, verbs.WOKE, verbs.RESOLVED, verbs.REOPENED)
SPAM: Final = (verbs.MARKED_SPAM, verbs.UNMARKED_SPAM)
LABELS: Final = (verbs.LABELLED, verbs.UNLABELLED)


def take_back(ids: Sequence[int], *, batch: str, by: Actor) -> tuple[int, int]:
    """How many were taken back and how many were left; where the action had changed nothing, neither."""
    done = _by_conversation(Step.objects.filter(batch=batch, conversation__in=ids))
    every = holding.hold_all(sorted(done), by=by)
    later = _by_conversation(Step.objects.filter(conversation__in=done, pk__gt=_first(done)).exclude(batch=batch))
    said = dict(
        Message.objects.filter(conversation__in=done, kind=Message.MESSAGE)
        .values_list("conversation")
        .annotate(last=Max("created_at"))
    )
    undone = 0
    for held in every:
        steps = done[held.pk]
        since = [step for step in later.get(held.pk, []) if step.pk > steps[-1].pk]
        if not _has_changed(steps[-1], since, said.get(held.pk)):
            undone += _is_taken_back(held, steps, by=by, batch=f"{batch}:undo")
    return undone, len(done) - undone


def _by_conversation(steps: QuerySet[Step]) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = {}
    for step in steps.order_by("pk"):
        found.setdefault(step.conversation_id, []).append(step)
    return found


def _first(done: dict[int, list[Step]]) -> int:
    return min((steps[0].pk for steps in done.values()), default=0)


def _is_taken_back(held: Conversation, steps: list[Step], *, by: Actor, batch: str) -> bool:
    try:
        with transaction.atomic():
            _reverse(held, steps, by=by, batch=batch)
    except DomainError:
        return False  # whoever had it has left, or its team is gone
    return True


def _has_changed(last: Step, since: list[Step], said_at: datetime | None) -> bool:
    """Whether anybody has changed since what the action changed."""
    match last.verb:
        case verb if verb in LABELS:
            label_id = last.details["label_id"]
            return any(step.verb in LABELS and step.details["label_id"] == label_id for step in since)
        case verbs.ASSIGNED:
            what = last.details["what"]
            return any(step.verb == verbs.ASSIGNED and step.details["what"] == what for step in since)
        case verbs.PRIORITISED:
            return any(step.verb == verbs.PRIORITISED for step in since)
    return (said_at is not None and said_at > last.at) or any(step.verb in (*STATES, *SPAM) for step in since)


def _reverse(held: Conversation, steps: list[Step], *, by: Actor, batch: str) -> None:
    """All steps of one deed are about one thing; of states, the first knows how it stood before."""
    first = steps[0]
    before = first.details.get("before")
    match first.verb:
        case verbs.LABELLED:
            labels.take_off(held.pk, first.details["label_id"], by=by, batch=batch)
        case verbs.UNLABELLED:
            labels.put_on(held, first.details["label"], by=by, batch=batch)
        case verbs.ASSIGNED if first.details["what"] == "agent":
            assignments.give_to_agent(held, before, by=by, batch=batch)
        case verbs.ASSIGNED:
            assignments.give_to_team(held, before, by=by, batch=batch)
        case verbs.PRIORITISED:
            conversations.prioritise(held.pk, before, by=by, batch=batch)
        case verbs.MARKED_SPAM:
            stood = states.standing(held)
            spam.unmark(held.pk, by=by, batch=batch)
            states.put_back(held.pk, stood, by=by, batch=batch)
        case verbs.UNMARKED_SPAM:
            for step in steps[1:2]:  # it was also opened
                states.restore(held, step.details["before"], by=by, batch=batch)
            spam.mark(held.pk, by=by, batch=batch)
        case _:
            states.restore(held, before, by=by, batch=batch)
