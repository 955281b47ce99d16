"""How a conversation stands, each part a resource of its own: status, assignment, labels, spam."""

from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers, shapes, showing
from regulars.api.rest.answers import Id
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.messages import SnoozedUntilWhen
from regulars.desk.actions import assignments, holding, labels, spam, states
from regulars.desk.selectors import threads

router = Router(tags=["conversations"])
LabelName = Annotated[str, Field(min_length=1, max_length=60)]


@router.put("/{pk}/status", response=shapes.Conversation)
@transaction.atomic
def status(request: CallingRequest, pk: Id, new: shapes.NewStatus) -> HttpResponse:
    """Open it, leave it with the customer, put it aside or resolve it; the same status changes nothing."""
    held = _unchanged(request, pk)
    if new.status == "snoozed":
        if new.until is None:
            raise SnoozedUntilWhen
        states.snooze(held, until=new.until, by=request.actor)
    elif new.status == "resolved":
        _resolve(request, held)
    else:
        (states.open_ if new.status == "open" else states.wait)(held, by=request.actor)
    return _now(request, held)


@router.put("/{pk}/assignment", response=shapes.Conversation)
@transaction.atomic
def assignment(request: CallingRequest, pk: Id, new: shapes.Assignment) -> HttpResponse:
    """Give it to an agent, to a team, or to nobody."""
    held = _unchanged(request, pk)
    if "agent_id" in new.model_fields_set:
        assignments.to_agent(held, new.agent_id, by=request.actor)
    if "team_id" in new.model_fields_set:
        assignments.to_team(held, new.team_id, by=request.actor)
    return _now(request, held)


@router.put("/{pk}/labels/{name}", response=shapes.Conversation)
@transaction.atomic
def put_label(request: CallingRequest, pk: Id, name: LabelName) -> HttpResponse:
    """Put a label on; it is made when it is new."""
    held = _unchanged(request, pk)
    labels.put(held, name, by=request.actor)
    return _now(request, held)


@router.delete("/{pk}/labels/{name}", response=shapes.Conversation)
@transaction.atomic
def take_label(request: CallingRequest, pk: Id, name: LabelName) -> HttpResponse:
    """Take a label off; one it does not wear changes nothing."""
    held = _unchanged(request, pk)
    worn = threads.shown(held, by=request.actor).labels.all()
    for label in [each for each in worn if each.name.casefold() == " ".join(name.split()).casefold()]:
        labels.take_off(held, label.pk, by=request.actor)
    return _now(request, held)


@router.put("/{pk}/spam", response=shapes.Conversation)
@transaction.atomic
def mark_spam(request: CallingRequest, pk: Id) -> HttpResponse:
    """Put it among the spam."""
    held = _unchanged(request, pk)
    spam.mark(held, by=request.actor)
    return _now(request, held)


@router.delete("/{pk}/spam", response=shapes.Conversation)
@transaction.atomic
def unmark_spam(request: CallingRequest, pk: Id) -> HttpResponse:
    """Bring it back: it was no spam."""
    held = _unchanged(request, pk)
    spam.unmark(held, by=request.actor)
    return _now(request, held)


def _unchanged(request: CallingRequest, pk: int) -> int:
    """Lock it, and refuse when the caller read another state of it; the number of the one that is shown."""
    held = holding.hold(pk, by=request.actor)
    answers.insist_on_unchanged(request, showing.conversation(held))
    return held.pk


def _resolve(request: CallingRequest, pk: int) -> None:
    if threads.shown(pk, by=request.actor).is_open:
        states.resolve(pk, by=request.actor)


def _now(request: CallingRequest, pk: int) -> HttpResponse:
    return answers.one(request, showing.conversation(threads.shown(pk, by=request.actor)))
