"""Taking back the steps of a bulk action or a macro, by new steps, wherever nothing changed since.

"Nothing changed" is asked of what the action changed, not of the whole conversation: a label can be
taken off again although somebody has answered meanwhile, but a conversation that was resolved, and to
which the customer has written since, stays as it is.
"""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet

from regulars.desk import verbs
from regulars.desk.actions import assignments, conversations, fields, holding, labels, spam, states, unseen
from regulars.desk.models import Conversation, FieldDefinition, Message, Step
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError

STATES: Final = (verbs.OPENED, verbs.WAITED, verbs.SNOOZED, verbs.WOKE, verbs.RESOLVED, verbs.REOPENED)
SPAM: Final = (verbs.MARKED_SPAM, verbs.UNMARKED_SPAM)
LABELS: Final = (verbs.LABELLED, verbs.UNLABELLED)
STANDING: Final = "standing"  # whose turn it is, and whether it is spam: one thing


def take_back(ids: Sequence[int], *, batch: str, by: Actor) -> tuple[int, int]:
    """How many were taken back and how many were left; where the action had changed nothing, neither.

    One action may have changed several things in a conversation (a macro does): where any of them was
    changed since, the conversation is left as it is.
    """
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
        things = _things(done[held.pk])
        changed = [_has_changed(steps[-1], later.get(held.pk, []), said.get(held.pk)) for steps in things]
        if not any(changed):
            undone += _is_taken_back(held, things, by=by, batch=f"{batch}:undo")
    return undone, len(done) - undone


def take_back_beside(held: Conversation, *, batch: str, by: Actor) -> None:
    """Take back what was done beside a reply that is taken back, but for how the conversation stood: the reply
    knows that. Whatever somebody changed since stays.
    """
    done = _by_conversation(Step.objects.filter(batch=batch, conversation=held)).get(held.pk, [])
    later = list(Step.objects.filter(conversation=held, pk__gt=done[0].pk).exclude(batch=batch)) if done else []
    things = [steps for steps in _things(done) if _thing(steps[0]) != STANDING]
    kept = [steps for steps in things if not _has_changed(steps[-1], later, None)]
    _is_taken_back(held, kept, by=by, batch=f"{batch}:undo")
    held.refresh_from_db()


def _by_conversation(steps: QuerySet[Step]) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = {}
    for step in steps.order_by("pk"):
        found.setdefault(step.conversation_id, []).append(step)
    return found


def _first(done: dict[int, list[Step]]) -> int:
    return min((steps[0].pk for steps in done.values()), default=0)


def _things(steps: list[Step]) -> list[list[Step]]:
    """The steps of one conversation, those about one thing together; what was done last comes first."""
    found: dict[Hashable, list[Step]] = {}
    for step in steps:
        found.setdefault(_thing(step), []).append(step)
    return sorted(found.values(), key=lambda each: -each[0].pk)


def _thing(step: Step) -> Hashable:
    match step.verb:
        case verb if verb in LABELS:
            return "label", step.details["label_id"]
        case verbs.ASSIGNED:
            return "assigned", step.details["what"]
        case verbs.PRIORITISED | verbs.USED_MACRO:
            return step.verb
        case verbs.WATCHED | verbs.UNWATCHED:
            return "watched", step.details["agent"]
        case verbs.CHANGED:
            return "changed", step.details["what"], step.details.get("key")
    return STANDING


def _is_taken_back(held: Conversation, things: list[list[Step]], *, by: Actor, batch: str) -> bool:
    try:
        with transaction.atomic():
            for steps in things:
                _reverse(held, steps, by=by, batch=batch)
                held.refresh_from_db()
    except DomainError:
        return False  # whoever had it has left, or its team is gone
    return True


def _has_changed(last: Step, later: list[Step], said_at: datetime | None) -> bool:
    """Whether anybody has changed since what the action changed."""
    thing, since = _thing(last), [step for step in later if step.pk > last.pk]
    if last.verb == verbs.USED_MACRO or last.verb in verbs.QUIET:
        return False
    if thing == STANDING:
        return (said_at is not None and said_at > last.at) or any(step.verb in (*STATES, *SPAM) for step in since)
    return any(_thing(step) == thing for step in since)


def _reverse(held: Conversation, steps: list[Step], *, by: Actor, batch: str) -> None:
    """All these steps are about one thing; the first knows how it was before."""
    first = steps[0]
    before = first.details.get("before")
    match first.verb:
        case verbs.LABELLED:
            labels.take_back(held, first.details["label_id"], by=by, batch=batch)
        case verbs.UNLABELLED:
            labels.put_back(held, first.details["label_id"], first.details["label"], by=by, batch=batch)
        case verbs.ASSIGNED if first.details["what"] == "agent":
            assignments.give_to_agent(held, before, by=by, batch=batch)
        case verbs.ASSIGNED:
            assignments.give_to_team(held, before, by=by, batch=batch)
        case verbs.PRIORITISED:
            conversations.prioritise(held.pk, before, by=by, batch=batch)
        case verbs.USED_MACRO:
            if first.details.get("watches"):
                unseen.stop_watching(held.pk, by=by, batch=batch)
        case verbs.WATCHED:
            unseen.forget_watcher(held.pk, agent_id=first.details["agent"], by=by, batch=batch)
        case verbs.UNWATCHED:
            unseen.let_watch(held.pk, agent_id=first.details["agent"], by=by, batch=batch)
        case verbs.CHANGED:
            _reverse_change(held, first, by=by, batch=batch)
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


def _reverse_change(held: Conversation, step: Step, *, by: Actor, batch: str) -> None:
    before = step.details.get("before")
    match step.details["what"]:
        case "field":
            definition = FieldDefinition.objects.filter(key=step.details["key"]).first()
            fields.put(held, step.details["key"], before, definition=definition, by=by, batch=batch)
        case "kind":
            conversations.change_kind(held.pk, str(before), by=by, batch=batch)
        case "language":
            conversations.change_language(held.pk, str(before or ""), by=by, batch=batch)
        case "subject":
            conversations.rename(held.pk, str(before or ""), by=by, batch=batch)
