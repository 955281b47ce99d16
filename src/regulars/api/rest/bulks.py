"""One thing done in many conversations, looked at, and taken back; it needs a key that stands for an agent."""

from typing import Any

from django.http import HttpResponse
from ninja import Router

from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, insist_on_an_agent
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import bulks as shapes
from regulars.desk.actions import bulk, bulk_answers
from regulars.desk.errors import AnswerNotSent
from regulars.desk.selectors import bulks
from regulars.desk.selectors.listing import Wanted
from regulars.desk.selectors.views import views_of
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.errors import Invalid

router = Router(tags=["bulks"])


class OneWayToChoose(Invalid):
    """Say where in one way: conversation_ids, a view, or conditions. Nothing was done."""


class OneAnswer(Invalid):
    """Send a macro's answer or a text, not both and not neither. Nothing was sent."""


@router.get("/bulks", response=Page[shapes.Bulk], operation_id="bulks.list")
def index(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """What the key's agent did in many at once, the newest first; the last 50."""
    return answers.one(request, answers.listed(bulks.recent(request.actor), shapes.Bulk.of, limit=limit, after=cursor))


@router.post("/bulks", response={202: shapes.Bulk}, operation_id="bulks.begin")
def begin(request: CallingRequest, new: shapes.NewBulk) -> HttpResponse:
    """Do one thing in many conversations: few at once, more by a job; each that cannot be done says why."""
    insist_on_an_agent(request)
    return _shown(request, once(request, lambda: bulk.begin(
        new.deed, new.value, ids=new.conversation_ids, wanted=_wanted(request, new), by=request.actor
    ).pk), status=202)  # fmt: skip


@router.get("/bulks/{bulk_id}", response=shapes.Bulk, operation_id="bulks.read")
def read(request: CallingRequest, bulk_id: Id) -> HttpResponse:
    """How far one is."""
    return _shown(request, bulk_id)


@router.post("/bulks/{bulk_id}/undo", response={202: shapes.Bulk}, operation_id="bulks.undo")
def undo(request: CallingRequest, bulk_id: Id) -> HttpResponse:
    """Take it back wherever nothing changed since; an answer to many only within its minute."""
    insist_on_an_agent(request)
    return _shown(request, once(request, lambda: bulk.undo(bulk_id, by=request.actor).pk), status=202)


@router.post("/bulk-answers", response={202: shapes.Bulk}, operation_id="bulks.answer")
def answer(request: CallingRequest, new: shapes.NewBulkAnswer) -> HttpResponse:
    """Send one answer to many, each in its own conversation; they leave after a minute in which all can be undone."""
    insist_on_an_agent(request)
    macro_id = _one_of(new)
    return _shown(request, once(request, lambda: bulk.answer(
        macro_id, text=new.text, ids=new.conversation_ids, looked_at=new.looked_at.isoformat(), by=request.actor
    ).pk), status=202)  # fmt: skip


@router.post("/bulk-answers/preview", response=shapes.BulkAnswerPreviews, operation_id="bulks.preview_answer")
def preview(request: CallingRequest, new: shapes.NewBulkAnswer) -> HttpResponse:
    """How an answer would read in each of these conversations. Nothing is sent."""
    insist_on_an_agent(request)
    macro_id = _one_of(new)
    text = bulk_answers.usable(macro_id, by=request.actor).text if macro_id else bulk_answers.written(new.text)
    rows = visible_to(request.actor).filter(pk__in=new.conversation_ids, merged_into=None).order_by("pk")
    found = [_preview(request, row, text) for row in rows.select_related("customer", "channel")]
    return answers.one(request, shapes.BulkAnswerPreviews(items=found))


def _preview(request: CallingRequest, row: Any, text: str) -> shapes.BulkAnswerPreview:
    try:
        said = bulk_answers.text_for(row, text, by=request.actor)
    except AnswerNotSent as refusal:
        return shapes.BulkAnswerPreview(conversation_id=row.pk, text="", refusal=str(refusal))
    return shapes.BulkAnswerPreview(conversation_id=row.pk, text=said, refusal="")


def _one_of(new: shapes.NewBulkAnswer) -> str:
    if (new.macro_id is None) != bool(new.text.strip()):
        raise OneAnswer
    return "" if new.macro_id is None else str(new.macro_id)


def _wanted(request: CallingRequest, new: shapes.NewBulk) -> Wanted | None:
    if [bool(new.conversation_ids), bool(new.view), new.conditions is not None].count(True) != 1:
        raise OneWayToChoose
    if new.conditions is not None:
        return Wanted(new.conditions)
    return views_of(request.actor).find(new.view).wanted() if new.view else None


def _shown(request: CallingRequest, pk: int, *, status: int = 200) -> HttpResponse:
    location = f"/api/v1/bulks/{pk}" if status == 202 else ""
    return answers.one(request, shapes.Bulk.of(bulks.bulk(pk, by=request.actor)), status=status, location=location)
