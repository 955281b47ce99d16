"""What is rarer and weighs more: two customers found to be one, all that is kept given out, all of it erased."""

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Router

from regulars.accounts.actions.keys import ERASE, EXPORT
from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.customers import held_unchanged
from regulars.api.rest.customers import router as customers
from regulars.api.rest.doors import CallingRequest, Door
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import customers as shapes
from regulars.customers.actions import erasures, exports, merges
from regulars.customers.selectors import families, profiles

router = Router(tags=["customers"])
JOIN = Door("merge_customers")


@router.get("/customers/{customer_id}/merges", response=Page[shapes.CustomerMerge], operation_id="customers.merges")
def index(request: CallingRequest, customer_id: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """The merges that stand: who was joined to them, the latest first."""
    family = families.family(customer_id)
    rows = profiles.standing_merges(family.members)

    def show(row: profiles.StandingMerge) -> shapes.CustomerMerge:
        return shapes.CustomerMerge(
            id=row.id, kept_id=family.head.pk, merged_id=row.merged_id, at=row.at, actor=row.actor, why=row.why
        )

    return answers.one(request, answers.listed(rows, show, limit=limit, after=cursor))


@router.post(
    "/customers/{customer_id}/merges",
    response={201: shapes.CustomerMerge},
    auth=JOIN,
    operation_id="customers.merge",
)
def merge(request: CallingRequest, customer_id: Id, new: shapes.NewCustomerMerge) -> HttpResponse:
    """Show another customer as this one from now on; nothing of either is lost, and it can be undone."""
    made = once(request, lambda: merges.merge(customer_id, new.merged_id, by=request.actor, why=new.why.strip()).pk)
    return answers.one(request, shapes.CustomerMerge.of(merges.merge_of(made)), status=201)


@router.delete("/customer-merges/{merge_id}", response={204: None}, auth=JOIN, operation_id="customers.undo_merge")
def undo_merge(request: CallingRequest, merge_id: Id) -> HttpResponse:
    """Take a merge back: both are customers of their own again."""
    merges.undo(merge_id, by=request.actor)
    return HttpResponse(status=204)


@router.get(
    "/customers/{customer_id}/export", auth=Door("export_customer", (EXPORT,)), operation_id="customers.export",
    openapi_extra={
        "responses": {
            200: {
                "description": "A zip: a page to read, JSON to work with, a table of what happened.",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)  # fmt: skip
def export(request: CallingRequest, customer_id: Id) -> StreamingHttpResponse:
    """Everything that is kept about them, as a zip. It is on record that it was taken."""
    taken = exports.export(customer_id, by=request.actor)
    answer = StreamingHttpResponse(taken.parts, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{taken.file_name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@customers.delete(
    "/{customer_id}",
    response=shapes.Erased,
    auth=Door("erase_customers", (ERASE,)),
    operation_id="customers.erase",
)
def erase(request: CallingRequest, customer_id: Id) -> HttpResponse:
    """Erase them everywhere and for good, those merged into them too. It cannot be taken back."""
    with transaction.atomic():
        held_unchanged(request, customer_id)
    return answers.one(request, shapes.Erased.of(erasures.erase(customer_id, by=request.actor)))
