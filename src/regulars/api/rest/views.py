"""Views of the inbox and what is in them; macros and how they read in a conversation."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers, showing
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.shapes import Id, setup
from regulars.api.rest.shapes import conversations as shapes
from regulars.desk import variables
from regulars.desk.errors import NoSuchMacro
from regulars.desk.selectors import filling, listing, threads, view_counts, wording
from regulars.desk.selectors import views as known
from regulars.desk.selectors.sorting import SORTS
from regulars.desk.selectors.views import Looking
from regulars.kernel.errors import Invalid

router = Router(tags=["views"])
Key = Annotated[str, Field(max_length=40)]
Sort = Annotated[str, Field(max_length=20, description=f"{', '.join(SORTS)}; the view's own when left out.")]


class NoSuchOrder(Invalid):
    """This order is not known."""


@router.get("/views", response=Page[setup.View], operation_id="views.list")
def index(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """The views everybody has, then those that were saved; an agent's key sees theirs too."""
    rows = list(known.views_of(request.reader))
    return answers.one(request, answers.listed(rows, view_of, limit=limit, after=cursor))


@router.get("/views/counts", response=Page[setup.ViewCount], operation_id="views.counts")
def counts(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """How many conversations each view has now; of those that grow for ever (resolved, spam) nobody counts."""
    rows = [each for each in known.views_of(request.reader) if each.is_counted]
    there = view_counts.counts([(each.key, each.wanted()) for each in rows], by=request.reader)

    def show(one: Looking) -> setup.ViewCount:
        return setup.ViewCount(key=one.key, count=there.get(one.key))

    return answers.one(request, answers.listed(rows, show, limit=limit, after=cursor))


@router.get("/views/{key}/conversations", response=Page[shapes.Conversation], operation_id="views.conversations")
def conversations(
    request: CallingRequest, key: Key, sort: Sort = "", limit: Limit = 50, cursor: Cursor = ""
) -> HttpResponse:
    """What is in a view now, in its order or another.

    Of a view that takes long a page may be short, or empty, and have a next one all the same.
    """
    if sort and sort not in SORTS:
        raise NoSuchOrder
    view = known.views_of(request.reader).find(key)
    page = listing.page(
        view.wanted(), by=request.reader, sort=sort or view.sort, start=answers.place(cursor), limit=limit
    )
    after = answers.cursor(page.after) if page.after else None
    shown = [showing.conversation(row) for row in page.rows]
    return answers.one(request, Page[shapes.Conversation](items=shown, next=after))


@router.get("/macros", response=Page[setup.Macro], tags=["macros"], operation_id="macros.list")
def macros(request: CallingRequest, limit: Limit = 100, cursor: Cursor = "") -> HttpResponse:
    """Everybody's macros by name; an agent's key sees theirs too."""
    return answers.one(request, answers.listed(wording.macros(by=request.reader), macro_of, limit=limit, after=cursor))


@router.get(
    "/conversations/{conversation_id}/macros/{macro_id}",
    response=setup.MacroPreview,
    tags=["macros"],
    operation_id="macros.preview",
)
def preview(request: CallingRequest, conversation_id: Id, macro_id: Id) -> HttpResponse:
    """How a macro would read in a conversation. Nothing is sent: send the text as a message."""
    found = threads.shown(conversation_id, by=request.actor)
    macro = next((each for each in wording.macros(by=request.reader) if each.pk == macro_id), None)
    if macro is None:
        raise NoSuchMacro
    filled = variables.fill(macro.text, filling.values(found, by=request.actor))
    return answers.one(request, setup.MacroPreview(macro_id=macro.pk, text=filled.text, missing=list(filled.missing)))


def view_of(one: Looking) -> setup.View:
    """A view as it looks from outside."""
    return setup.View(
        key=one.key, name=one.name or one.key, conditions=one.conditions, statuses=one.statuses, sort=one.sort,
        is_shared=one.saved is None or one.saved.agent_id is None,
    )  # fmt: skip


def macro_of(row: Any) -> setup.Macro:
    """A macro as it looks from outside."""
    return setup.Macro(
        id=row.pk, name=row.name, text=row.text, is_note=row.is_note, team_id=row.team_id,
        deeds=[setup.Deed(**deed) for deed in row.deeds], is_shared=row.agent_id is None,
    )  # fmt: skip
