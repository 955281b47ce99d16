"""What is said in a conversation."""

from django.http import HttpResponse
from ninja import Router

from regulars.api.rest import answers, shapes, showing
from regulars.api.rest.answers import Cursor, Id, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.once import once
from regulars.desk.actions import messages, retrying
from regulars.desk.actions.messages import Written
from regulars.desk.selectors import reading, threads
from regulars.kernel.actors import Actor
from regulars.kernel.errors import Invalid

router = Router(tags=["messages"])


class SnoozedUntilWhen(Invalid):
    """Say until when it is put aside (`until`). Nothing was sent."""


@router.get("/conversations/{pk}/messages", response=Page[shapes.Message])
def index(request: CallingRequest, pk: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Messages and notes, oldest first."""
    conversation = threads.shown(pk, by=request.actor)
    turns = reading.messages(conversation, after=answers.number(cursor) or 0, most=limit + 1)
    shown = [showing.message(turn) for turn in turns]
    return answers.one(request, answers.page(shown, [one.id for one in shown], limit=limit))


@router.post("/conversations/{pk}/messages", response={201: shapes.Message})
def create(request: CallingRequest, pk: Id, new: shapes.NewMessage) -> HttpResponse:
    """Answer, note, or put down what the customer said."""
    message_id = once(request, lambda: _say(request, pk, new))
    shown = showing.message(reading.message(message_id, by=request.actor))
    return answers.one(request, shown, status=201, location=f"/api/v1/messages/{message_id}")


@router.get("/messages/{pk}", response=shapes.Message)
def read(request: CallingRequest, pk: Id) -> HttpResponse:
    """One message, with what became of it."""
    return answers.one(request, showing.message(reading.message(pk, by=request.actor)))


@router.post("/messages/{pk}/delivery", response={201: shapes.Message})
def send_again(request: CallingRequest, pk: Id) -> HttpResponse:
    """Send once more what failed, or of which nobody knows whether it arrived."""
    message_id = once(request, lambda: retrying.again(pk, by=request.actor).pk)
    shown = showing.message(reading.message(message_id, by=request.actor))
    return answers.one(request, shown, status=201, location=f"/api/v1/messages/{message_id}")


def _say(request: CallingRequest, pk: int, new: shapes.NewMessage) -> int:
    written = Written(text=new.text, html=new.html)
    if new.kind == "note":
        return messages.note(pk, written, by=request.actor).pk
    if new.kind == "customer":
        customer_id = threads.shown(pk, by=request.actor).customer_id
        return messages.receive(pk, written, by=Actor("customer", customer_id)).pk
    if new.then == "snoozed" and new.until is None:
        raise SnoozedUntilWhen
    return messages.reply(pk, written, by=request.actor, seen=new.seen, then=new.then, until=new.until).pk
