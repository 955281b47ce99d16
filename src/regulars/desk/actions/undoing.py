"""Taking back the steps of a bulk action, by new steps, wherever nothing changed since.

"Nothing changed" is asked of what the action changed, not of the whole conversation: a label can be
taken off again although somebody has answered meanwhile, but a conversation that was resolved, and to
which the customer has written since, stays as it is.
"""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

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
    done: dict[int, list[Step]] = {}
    for step in Step.objects.filter(batch=batch, conversation__in=ids).order_by("pk"):
        done.setdefault(step.conversation_id, []).append(step)
    undone = 0
    for held in holding.hold_all(sorted(done), by=by):
        undone += _is_taken_back(held, done[held.pk], by=by, batch=f"{batch}:undo")
    return undone, len(done) - undone


def _is_taken_back(held: Conversation, steps: list[Step], *, by: Actor, batch: str) -> bool:
    if _has_changed_since(held, steps):
        return False
    try:
        with transaction.atomic():
            _reverse(held, steps, by=by, batch=batch)
    except DomainError:
        return False  # whoever had it has left, or its team is gone
    return True


def _has_changed_since(held: Conversation, steps: list[Step]) -> bool:
    last = steps[-1]
    later = Step.objects.filter(conversation=held, pk__gt=last.pk)
    match last.verb:
        case verb if verb in LABELS:
            return later.filter(verb__in=LABELS, details__label_id=last.details["label_id"]).exists()
        case verbs.ASSIGNED:
            return later.filter(verb=verbs.ASSIGNED, details__what=last.details["what"]).exists()
        case verbs.PRIORITISED:
            return later.filter(verb=verbs.PRIORITISED).exists()
    said = Message.objects.filter(conversation=held, kind=Message.MESSAGE, created_at__gt=last.at)
    return later.filter(verb__in=(*STATES, *SPAM)).exists() or said.exists()


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
