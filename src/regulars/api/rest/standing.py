"""How a conversation stands, each part a resource of its own: status, assignment, labels, spam."""

from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest.conversations import held_unchanged, now
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.messages import SnoozedUntilWhen
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import conversations as shapes
from regulars.desk.actions import assignments, labels, spam, states
from regulars.desk.selectors import label_list, threads

router = Router(tags=["conversations"])
LabelName = Annotated[str, Field(min_length=1, max_length=60)]


@router.put("/{conversation_id}/status", response=shapes.Conversation, operation_id="conversations.set_status")
@transaction.atomic
def status(request: CallingRequest, conversation_id: Id, new: shapes.NewStatus) -> HttpResponse:
    """Open it, leave it with the customer, put it aside or resolve it; the same status changes nothing."""
    held = held_unchanged(request, conversation_id)
    if new.status == "snoozed":
        if new.until is None:
            raise SnoozedUntilWhen
        states.snooze(held, until=new.until, by=request.actor)
    elif new.status == "resolved":
        _resolve(request, held)
    else:
        (states.open_ if new.status == "open" else states.wait)(held, by=request.actor)
    return now(request, held)


@router.put("/{conversation_id}/assignment", response=shapes.Conversation, operation_id="conversations.assign")
@transaction.atomic
def assignment(request: CallingRequest, conversation_id: Id, new: shapes.Assignment) -> HttpResponse:
    """Give it to an agent, to a team, or to nobody."""
    held = held_unchanged(request, conversation_id)
    if "agent_id" in new.model_fields_set:
        assignments.to_agent(held, new.agent_id, by=request.actor)
    if "team_id" in new.model_fields_set:
        assignments.to_team(held, new.team_id, by=request.actor)
    return now(request, held)


@router.put("/{conversation_id}/labels/{name}", response=shapes.Conversation, operation_id="conversations.label")
@transaction.atomic
def put_label(request: CallingRequest, conversation_id: Id, name: LabelName) -> HttpResponse:
    """Put a label on; it is made when it is new."""
    held = held_unchanged(request, conversation_id)
    labels.put(held, name, by=request.actor)
    return now(request, held)


@router.delete("/{conversation_id}/labels/{name}", response=shapes.Conversation, operation_id="conversations.unlabel")
@transaction.atomic
def take_label(request: CallingRequest, conversation_id: Id, name: LabelName) -> HttpResponse:
    """Take a label off; one it does not wear changes nothing."""
    held = held_unchanged(request, conversation_id)
    if label := label_list.named(" ".join(name.split())):
        labels.take_off(held, label.pk, by=request.actor)
    return now(request, held)


@router.put("/{conversation_id}/spam", response=shapes.Conversation, operation_id="conversations.mark_spam")
@transaction.atomic
def mark_spam(request: CallingRequest, conversation_id: Id) -> HttpResponse:
    """Put it among the spam."""
    held = held_unchanged(request, conversation_id)
    spam.mark(held, by=request.actor)
    return now(request, held)


@router.delete("/{conversation_id}/spam", response=shapes.Conversation, operation_id="conversations.unmark_spam")
@transaction.atomic
def unmark_spam(request: CallingRequest, conversation_id: Id) -> HttpResponse:
    """Bring it back: it was no spam."""
    held = held_unchanged(request, conversation_id)
    spam.unmark(held, by=request.actor)
    return now(request, held)


def _resolve(request: CallingRequest, pk: int) -> None:
    if threads.shown(pk, by=request.actor).is_open:
        states.resolve(pk, by=request.actor)
