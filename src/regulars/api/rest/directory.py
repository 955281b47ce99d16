"""Who and what there is: customers, agents, teams, channels, labels. Read only."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.accounts import selectors as accounts
from regulars.api.rest import answers, shapes, showing
from regulars.api.rest.answers import Id
from regulars.api.rest.doors import CallingRequest
from regulars.channels import selectors as channels
from regulars.customers.selectors import listing, profiles, searching
from regulars.desk.selectors import reading

router = Router(tags=["directory"])
MOST_FOUND = 20


@router.get("/customers", response=shapes.Customers)
def customers(request: CallingRequest, search: Annotated[str, Field(min_length=1, max_length=200)]) -> HttpResponse:
    """Customers by name, address, phone or number; forgives slips of the pen."""
    found = searching.search(search.replace("\x00", ""), limit=MOST_FOUND)
    rows = {row.id: showing.found_customer(row) for row in listing.rows_of(found)}
    return answers.one(request, shapes.Customers(items=[rows[one] for one in found if one in rows]))


@router.get("/customers/{pk}", response=shapes.Customer)
def customer(request: CallingRequest, pk: Id) -> HttpResponse:
    """One customer; the number of one that was merged gives the one they are now."""
    return answers.one(request, showing.customer(profiles.profile(pk)))


@router.get("/agents", response=shapes.Directory)
def agents(request: CallingRequest) -> HttpResponse:
    """The colleagues who may answer."""
    return _directory(request, accounts.answering_agents())


@router.get("/teams", response=shapes.Directory)
def teams(request: CallingRequest) -> HttpResponse:
    """Every team."""
    return _directory(request, accounts.teams())


@router.get("/channels", response=shapes.Directory)
def ways(request: CallingRequest) -> HttpResponse:
    """Every channel."""
    return _directory(request, channels.channels())


@router.get("/labels", response=shapes.Directory)
def labels(request: CallingRequest) -> HttpResponse:
    """Every label."""
    return _directory(request, reading.labels())


def _directory(request: CallingRequest, rows: Iterable[Any]) -> HttpResponse:
    return answers.one(request, shapes.Directory(items=[shapes.Named(id=row.pk, name=str(row)) for row in rows]))
