"""What mail is held back, what could not be understood, and channels that rest or are looked into."""

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers, directory, setup
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, insist_on_an_agent
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import organising as shapes
from regulars.api.rest.shapes import setup as shown
from regulars.channels import selectors as channels
from regulars.channels.actions import fetching, incoming, pausing, suppression
from regulars.channels.errors import NoSuchChannel, NoSuchIncoming
from regulars.channels.selectors import incoming as stored
from regulars.channels.selectors import suppressed
from regulars.kernel.errors import NotFound

router = Router(tags=["channels"])
Address = Annotated[str, Field(min_length=3, max_length=320, description="The address, as it is written.")]
Search = Annotated[str, Field(max_length=320, description="A part of the address.")]


class NotSuppressed(NotFound):
    """Nothing keeps this address from getting mail."""


@router.get("/suppressed-addresses", response=Page[shapes.SuppressedAddress], operation_id="suppressed.list")
def held_back(request: CallingRequest, search: Search = "", limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Addresses nothing is sent to, the newest first."""
    rows = suppressed.listed(search.replace("\x00", ""))
    return answers.one(request, answers.listed(rows, shapes.SuppressedAddress.of, limit=limit, after=cursor))


@router.post("/suppressed-addresses", response={201: shapes.SuppressedAddress}, operation_id="suppressed.create")
def hold_back(request: CallingRequest, new: shapes.NewSuppressedAddress) -> HttpResponse:
    """Send nothing more to an address; one that is here already stays as it is."""
    insist_on_an_agent(request)

    def add() -> int:
        suppression.add(new.address, reason=new.reason, by=request.actor)
        return _row(new.address).pk

    once(request, add)
    return answers.one(request, shapes.SuppressedAddress.of(_row(new.address)), status=201)


@router.delete("/suppressed-addresses/{address}", response={204: None}, operation_id="suppressed.lift")
def lift(request: CallingRequest, address: Address) -> HttpResponse:
    """Send to an address again."""
    insist_on_an_agent(request)
    if not suppression.lift(address.replace("\x00", ""), by=request.actor):
        raise NotSuppressed
    return HttpResponse(status=204)


@router.get("/dead-letters", response=Page[shapes.DeadLetter], auth=setup.SET_UP, operation_id="letters.list")
def dead_letters(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """What came in and could not be understood or placed, the newest first."""
    rows = stored.dead_with_sizes()
    return answers.one(request, answers.listed(rows, _letter, limit=limit, after=cursor))


@router.get(
    "/dead-letters/{incoming_id}/raw", auth=setup.SET_UP, operation_id="letters.download",
    openapi_extra={
        "responses": {
            200: {
                "description": "The bytes as they came.",
                "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)  # fmt: skip
def raw(request: CallingRequest, incoming_id: Id) -> HttpResponse:
    """The bytes as they came; nothing in them was looked at."""
    content = stored.raw_of_dead(incoming_id)
    if content is None:
        raise NoSuchIncoming
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="mail-{incoming_id}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.post("/dead-letters/{incoming_id}/retry", response={202: None}, auth=setup.SET_UP, operation_id="letters.retry")
def retry(request: CallingRequest, incoming_id: Id) -> HttpResponse:
    """Try once more to understand and place it; what cannot be comes back to the list."""
    insist_on_an_agent(request)

    def again() -> int:
        with transaction.atomic():
            incoming.run_again(incoming_id, by=request.actor)
        return incoming_id

    once(request, again)
    return HttpResponse(status=202)


@directory.router.put(
    "/channels/{channel_id}/standing", response=shown.Channel, auth=setup.SET_UP, operation_id="channels.set_paused"
)
def standing(request: CallingRequest, channel_id: Id, new: shapes.ChannelStanding) -> HttpResponse:
    """Let a channel rest, or take it up again; while it rests nothing comes or goes, and nothing is lost."""
    insist_on_an_agent(request)
    (pausing.pause if new.is_paused else pausing.resume)(channel_id, by=request.actor)
    return answers.one(request, directory.channel_of(_channel(channel_id)))


@directory.router.post(
    "/channels/{channel_id}/look", response={202: None}, auth=setup.SET_UP, operation_id="channels.look"
)
def look(request: CallingRequest, channel_id: Id) -> HttpResponse:
    """Look for mail now, whatever pause there is after a failure."""
    insist_on_an_agent(request)

    def soon() -> int:
        fetching.forget_pause(_channel(channel_id).pk)
        fetching.soon(channel_id)
        return channel_id

    once(request, soon)
    return HttpResponse(status=202)


def _channel(channel_id: int) -> Any:
    found = channels.channel(channel_id)
    if found is None or found.archived_at is not None:
        raise NoSuchChannel
    return found


def _row(address: str) -> Any:
    found = suppressed.in_force(address)
    if found is None:
        raise NotSuppressed
    return found


def _letter(row: Any) -> shapes.DeadLetter:
    return shapes.DeadLetter(
        id=row.pk, channel_id=row.channel_id, received_at=row.received_at, trouble=str(row.trouble),
        sender=str(row.envelope.get("from", "")), size=row.size,
    )  # fmt: skip
