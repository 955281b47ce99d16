"""Side conversations: asking somebody who is not the customer, by mail, beside a conversation."""

from django.http import FileResponse, HttpResponse
from ninja import Router

from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, insist_on_an_agent
from regulars.api.rest.files import ANY_BYTES, given_out, taken_in
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import sides as shapes
from regulars.api.rest.shapes.conversations import File
from regulars.desk.actions import side
from regulars.desk.actions.messages import Written
from regulars.desk.selectors import side as sides
from regulars.desk.selectors import threads
from regulars.desk.selectors.side import SideTurn

router = Router(tags=["sides"])


@router.get("/conversations/{conversation_id}/sides", response=Page[shapes.Side], operation_id="sides.list")
def index(request: CallingRequest, conversation_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """The side conversations of a conversation, open ones first, the latest of them first."""
    rows = sides.of(threads.shown(conversation_id, by=request.actor))
    return answers.one(request, answers.listed(rows, shapes.Side.of, limit=limit, after=cursor))


@router.post("/conversations/{conversation_id}/sides", response={201: shapes.SideMessage}, operation_id="sides.begin")
def begin(request: CallingRequest, conversation_id: Id, new: shapes.NewSide) -> HttpResponse:
    """Ask somebody. It needs a key that stands for an agent, who hears of the answer."""
    insist_on_an_agent(request)
    said = once(request, lambda: side.begin(
        conversation_id, _written(request, new), subject=new.subject, by=request.actor, channel_id=new.channel_id
    ).pk)  # fmt: skip
    return _said(request, said)


@router.get("/sides/{side_id}", response=shapes.Side, operation_id="sides.read")
def read(request: CallingRequest, side_id: Id) -> HttpResponse:
    """One side conversation."""
    return answers.one(request, shapes.Side.of(sides.side(side_id, by=request.actor)))


@router.put("/sides/{side_id}/standing", response=shapes.Side, operation_id="sides.set_done")
def standing(request: CallingRequest, side_id: Id, new: shapes.SideStanding) -> HttpResponse:
    """Say that nothing more is expected of it, or take it up again; an answer does so by itself."""
    (side.close if new.is_done else side.reopen)(side_id, by=request.actor)
    return read(request, side_id)


@router.get("/sides/{side_id}/messages", response=Page[shapes.SideMessage], operation_id="sides.messages")
def messages(request: CallingRequest, side_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """What was said in it, oldest first; of very long ones the last 200."""
    rows = sides.turns(sides.side(side_id, by=request.actor))
    return answers.one(request, answers.listed(rows, _shown, limit=limit, after=cursor))


@router.post("/sides/{side_id}/messages", response={201: shapes.SideMessage}, operation_id="sides.write")
def write(request: CallingRequest, side_id: Id, new: shapes.NewSideMessage) -> HttpResponse:
    """Write on in it. It needs a key that stands for an agent."""
    insist_on_an_agent(request)
    said = once(request, lambda: side.write(side_id, _written(request, new), by=request.actor).pk)
    return _said(request, said)


@router.get(
    "/side-files/{side_file_id}", operation_id="sides.download",
    openapi_extra={"responses": {200: {"description": "The bytes of the file.", "content": ANY_BYTES}}},
)  # fmt: skip
def download(request: CallingRequest, side_file_id: Id) -> FileResponse:
    """The bytes of a file of a side conversation."""
    return given_out(sides.file(side_file_id, by=request.actor))


def _written(request: CallingRequest, new: shapes.NewSideMessage) -> Written:
    people = {role: [one.model_dump() for one in getattr(new, role)] for role in ("to", "cc")}
    return Written(text=new.text, recipients=people, files=taken_in(request, new.files))


def _said(request: CallingRequest, message_id: int) -> HttpResponse:
    said = sides.message(message_id, by=request.actor)
    turn = next(each for each in sides.turns(said.side) if each.message.pk == message_id)
    return answers.one(request, _shown(turn), status=201, location=f"/api/v1/sides/{said.side_id}")


def _shown(turn: SideTurn) -> shapes.SideMessage:
    said = turn.message
    files = [File.of(file) for file in turn.files]
    return shapes.SideMessage(
        id=said.pk, side_id=said.side_id, author_kind=said.author_kind, author_id=said.author_id,
        author_name=said.author_name, author_address=said.author_address, text=said.text, html=said.html,
        is_automatic=said.is_automatic, at=said.at, state=said.state, trouble=said.trouble, files=files,
    )  # fmt: skip
