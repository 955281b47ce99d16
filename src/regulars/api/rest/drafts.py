"""What the key's agent is writing in a conversation, and what they did with a macro, taken back."""

from typing import Literal

from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from regulars.api.rest import answers, views
from regulars.api.rest.conversations import held_unchanged, now
from regulars.api.rest.doors import CallingRequest, insist_on_an_agent
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import conversations as conversation_shapes
from regulars.api.rest.shapes import organising as shapes
from regulars.desk.actions import drafts, macro_using, side, side_mail
from regulars.desk.errors import CannotBeUndone
from regulars.desk.selectors import threads, undoable
from regulars.kernel.errors import NotFound

router = Router(tags=["messages"])
sides = Router(tags=["sides"])
Kind = Literal["message", "note"]


class NoDraft(NotFound):
    """Nothing is being written here by this key's agent."""


@router.get("/conversations/{conversation_id}/drafts/{kind}", response=shapes.Draft, operation_id="drafts.read")
def read(request: CallingRequest, conversation_id: Id, kind: Kind) -> HttpResponse:
    """What the key's agent is writing there: an answer or a note."""
    held = threads.shown(conversation_id, by=request.actor)
    insist_on_an_agent(request)
    found = undoable.draft(held.pk, kind=kind, by=request.actor)
    if found is None:
        raise NoDraft
    return answers.one(request, shapes.Draft.of(found))


@router.put("/conversations/{conversation_id}/drafts/{kind}", response=shapes.Draft, operation_id="drafts.save")
def save(request: CallingRequest, conversation_id: Id, kind: Kind, new: shapes.NewDraft) -> HttpResponse:
    """Keep what is being written; it waits in the composer of the page."""
    held = threads.shown(conversation_id, by=request.actor)
    insist_on_an_agent(request)
    kept = drafts.save(held.pk, by=request.actor, text=new.text, kind=kind)
    if kept is None:
        raise NoDraft
    return answers.one(request, shapes.Draft.of(kept))


@router.delete("/conversations/{conversation_id}/drafts/{kind}", response={204: None}, operation_id="drafts.discard")
def discard(request: CallingRequest, conversation_id: Id, kind: Kind) -> HttpResponse:
    """Throw it away."""
    held = threads.shown(conversation_id, by=request.actor)
    insist_on_an_agent(request)
    drafts.discard(held.pk, by=request.actor, kind=kind)
    return HttpResponse(status=204)


@views.router.delete(  # a path belongs to one router
    "/conversations/{conversation_id}/macros/{macro_id}",
    response=conversation_shapes.Conversation,
    tags=["macros"],
    operation_id="macros.undo",
)
@transaction.atomic
def undo_macro(request: CallingRequest, conversation_id: Id, macro_id: Id) -> HttpResponse:
    """Take back what the key's agent last did with a macro there, if nobody changed it since."""
    held = held_unchanged(request, conversation_id)
    insist_on_an_agent(request)
    batch = undoable.last_use(held, macro_id=macro_id, by=request.actor)
    if not batch:
        raise CannotBeUndone
    macro_using.undo(held, batch, by=request.actor)
    return now(request, held)


@sides.delete("/side-messages/{side_message_id}", response={204: None}, operation_id="sides.take_back")
def take_back(request: CallingRequest, side_message_id: Id) -> HttpResponse:
    """Take a message of the key's agent back that has not left."""
    side.take_back(side_message_id, by=request.actor)
    return HttpResponse(status=204)


@sides.post("/side-messages/{side_message_id}/delivery", response={202: None}, operation_id="sides.send_again")
def again(request: CallingRequest, side_message_id: Id) -> HttpResponse:
    """Send once more what failed, or of which nobody knows whether it arrived."""
    once(request, lambda: side_mail.again(side_message_id, by=request.actor).pk)
    return HttpResponse(status=202)
