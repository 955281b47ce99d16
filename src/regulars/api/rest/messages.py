"""What is said in a conversation."""

from django.http import HttpResponse
from ninja import Router

from regulars.api.rest import answers, showing
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.files import taken_in
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Address, Id
from regulars.api.rest.shapes import conversations as shapes
from regulars.channels.selectors import deliveries as sent
from regulars.desk.actions import messages, retrying
from regulars.desk.actions.messages import Written
from regulars.desk.errors import NothingWritten
from regulars.desk.selectors import reading, threads
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import Invalid

router = Router(tags=["messages"])


class SnoozedUntilWhen(Invalid):
    """Say until when it is put aside (`until`). Nothing was sent."""


@router.get("/conversations/{conversation_id}/messages", response=Page[shapes.Message], operation_id="messages.list")
def index(request: CallingRequest, conversation_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Messages and notes, oldest first."""
    conversation = threads.shown(conversation_id, by=request.actor)
    turns = reading.messages(conversation, after=answers.number(cursor) or 0, most=limit + 1)
    shown = [showing.message(turn, read_up_to=conversation.read_message_id) for turn in turns]
    return answers.one(request, answers.page(shown, [one.id for one in shown], limit=limit))


@router.post(
    "/conversations/{conversation_id}/messages", response={201: shapes.Message}, operation_id="messages.create"
)
def create(request: CallingRequest, conversation_id: Id, new: shapes.NewMessage) -> HttpResponse:
    """Answer, note, or put down what the customer said.

    An answer leaves at once, or at `due_at`; an answer with a key that stands for an agent can be taken back for
    ten seconds, as theirs can.
    """
    return _made(request, once(request, lambda: say(request, conversation_id, new)))


@router.get("/messages/{message_id}", response=shapes.Message, operation_id="messages.read")
def read(request: CallingRequest, message_id: Id) -> HttpResponse:
    """One message, with what became of it."""
    return answers.one(request, _message(request, message_id))


@router.delete("/messages/{message_id}", response={204: None}, operation_id="messages.take_back")
def take_back(request: CallingRequest, message_id: Id) -> HttpResponse:
    """Take an answer of this key back that has not left; the conversation stands as it did before."""
    messages.take_back(message_id, by=request.actor)
    return HttpResponse(status=204)


@router.post("/messages/{message_id}/delivery", response={201: shapes.Message}, operation_id="messages.send_again")
def send_again(request: CallingRequest, message_id: Id) -> HttpResponse:
    """Send once more what failed, or of which nobody knows whether it arrived."""
    return _made(request, once(request, lambda: retrying.again(message_id, by=request.actor).pk))


@router.get("/messages/{message_id}/deliveries", response=Page[shapes.Delivery], operation_id="messages.deliveries")
def deliveries(request: CallingRequest, message_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Every attempt to get a message out, the newest first."""
    said = reading.message(message_id, by=request.actor).message
    rows = sent.attempts(f"message:{said.pk}")
    return answers.one(request, answers.listed(rows, shapes.Delivery.of, limit=limit, after=cursor))


def _made(request: CallingRequest, message_id: int) -> HttpResponse:
    return answers.one(request, _message(request, message_id), status=201, location=f"/api/v1/messages/{message_id}")


def _message(request: CallingRequest, message_id: int) -> shapes.Message:
    turn = reading.message(message_id, by=request.actor)
    head = threads.shown(turn.message.conversation_id, by=SYSTEM)
    return showing.message(turn, read_up_to=head.read_message_id)


def say(request: CallingRequest, conversation_id: int, new: shapes.NewMessage) -> int:
    """Put it down and return its number."""
    if new.kind == "note":
        written = Written(text=new.text, files=taken_in(request, new.files))
        return messages.note(conversation_id, written, by=request.actor, mentioned=new.mentioned).pk
    if new.kind == "customer":
        return _heard(request, conversation_id, new)
    if new.then == "snoozed" and new.until is None:
        raise SnoozedUntilWhen
    return messages.reply(
        conversation_id, _answer(request, new), by=request.actor, seen=new.seen, then=new.then, until=new.until,
        due_at=new.due_at,
    ).pk  # fmt: skip


def _heard(request: CallingRequest, conversation_id: int, new: shapes.NewMessage) -> int:
    written = Written(text=new.text, html=new.html, files=taken_in(request, new.files))
    if not written.text.strip() and not written.files:
        raise NothingWritten
    customer_id = threads.shown(conversation_id, by=request.actor).customer_id
    return messages.receive(conversation_id, written, by=Actor("customer", customer_id)).pk


def _answer(request: CallingRequest, new: shapes.NewMessage) -> Written:
    people = {name: _people(getattr(new, name)) for name in ("to", "cc", "bcc")}
    return Written(
        text=new.text,
        html=new.html,
        recipients={name: named for name, named in people.items() if named},
        files=taken_in(request, new.files),
        is_automatic=new.is_automatic,
    )


def _people(addresses: list[Address]) -> list[dict[str, str]]:
    return [{"name": one.name, "address": one.address} for one in addresses]
