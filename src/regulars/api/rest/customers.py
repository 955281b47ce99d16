"""Customers: found, read, known and changed."""

from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers, showing
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, Door
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import customers as shapes
from regulars.customers import normalise
from regulars.customers.actions import attributes, consents, holding, labels, profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.selectors import families, listed, listing, searching, timelines
from regulars.customers.selectors import profiles as known
from regulars.customers.selectors.narrowing import Filters
from regulars.kernel import clock
from regulars.kernel.errors import DomainError, Invalid

router = Router(tags=["customers"])
MOST_FOUND = 20
CHANGE = Door("edit_customers")
Words = Annotated[
    str, Field(max_length=200, description="A name, an address, a phone or a number; slips are forgiven.")
]
Kind = Annotated[str, Field(max_length=20, description="orders, visits, ours or other; empty for every kind.")]
LabelName = Annotated[str, Field(min_length=1, max_length=60)]
Purpose = Annotated[str, Field(max_length=20, description="service, goodwill, news or sales.")]


class NotAnIdentity(Invalid):
    """One of these identities cannot be read: check the address or the number. Nothing was changed."""


class SomebodyElses(DomainError):
    """This identity belongs to another customer. Merge the two if they are one person. Nothing was changed."""


class WasErased(DomainError):
    """This identity belonged to somebody who was erased, and is not taken in again. Nothing was changed."""


@router.get("", response=Page[shapes.FoundCustomer], operation_id="customers.list")
def index(request: CallingRequest, search: Words = "", limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Customers, the newest first; or the twenty a search finds, the likeliest first."""
    if search.strip():
        found = searching.search(search.replace("\x00", ""), limit=MOST_FOUND)
        rows = {row.id: showing.found_customer(row) for row in listed.rows_of(found)}
        return answers.one(request, Page[shapes.FoundCustomer](items=[rows[one] for one in found if one in rows]))
    page = listing.page(Filters(), sort="newest", after=answers.place(cursor), limit=limit)
    after = answers.cursor(page.after) if page.after else None
    return answers.one(
        request, Page[shapes.FoundCustomer](items=list(map(showing.found_customer, page.rows)), next=after)
    )


@router.post("", response={201: shapes.Customer}, auth=CHANGE, operation_id="customers.create")
def create(request: CallingRequest, new: shapes.NewCustomer) -> HttpResponse:
    """Make a customer, or say more of one who is known by the first identity already."""
    pk = once(request, lambda: _known(request, new))
    return _answer(request, pk, status=201)


@router.get("/{customer_id}", response=shapes.Customer, operation_id="customers.read")
def read(request: CallingRequest, customer_id: Id) -> HttpResponse:
    """One customer; the number of one that was merged gives the one they are now."""
    return _answer(request, customer_id)


@router.patch("/{customer_id}", response=shapes.Customer, auth=CHANGE, operation_id="customers.change")
@transaction.atomic
def change(request: CallingRequest, customer_id: Id, change: shapes.CustomerChange) -> HttpResponse:
    """Change what is known of them."""
    pk = held_unchanged(request, customer_id)
    _say(pk, change)
    return _answer(request, pk)


@router.post(
    "/{customer_id}/identities", response={201: shapes.Customer}, auth=CHANGE, operation_id="customers.identify"
)
def identify(request: CallingRequest, customer_id: Id, new: shapes.NewIdentity) -> HttpResponse:
    """Give them a further identity that nobody has yet; their own again changes nothing."""
    pk = once(request, lambda: _identified(request, families.family(customer_id).head.pk, [new]))
    return _answer(request, pk, status=201)


@router.put("/{customer_id}/labels/{name}", response=shapes.Customer, auth=CHANGE, operation_id="customers.label")
@transaction.atomic
def put_label(request: CallingRequest, customer_id: Id, name: LabelName) -> HttpResponse:
    """Put a label on; it is made when it is new."""
    pk = held_unchanged(request, customer_id)
    labels.put(pk, name, by=request.actor)
    return _answer(request, pk)


@router.delete("/{customer_id}/labels/{name}", response=shapes.Customer, auth=CHANGE, operation_id="customers.unlabel")
@transaction.atomic
def take_label(request: CallingRequest, customer_id: Id, name: LabelName) -> HttpResponse:
    """Take a label off; one they do not wear changes nothing."""
    pk = held_unchanged(request, customer_id)
    for label in known.profile(pk).labels:
        if label.name.casefold() == " ".join(name.split()).casefold():
            labels.take_off(pk, label.pk, by=request.actor)
    return _answer(request, pk)


@router.put(
    "/{customer_id}/consents/{purpose}", response=shapes.Customer, auth=CHANGE, operation_id="customers.consent"
)
@transaction.atomic
def consent(request: CallingRequest, customer_id: Id, purpose: Purpose, new: shapes.NewConsent) -> HttpResponse:
    """Record that they agreed to being written to for a purpose, or no longer do; the same again adds nothing."""
    pk = held_unchanged(request, customer_id)
    latest = {one.purpose: one.latest for one in known.profile(pk).consents}.get(purpose)
    said = (new.is_given, new.source, new.text_version if new.is_given else "")
    if latest is None or (latest.is_given, latest.source, latest.text_version) != said:
        if new.is_given:
            consents.give(pk, purpose, by=request.actor, source=new.source, text_version=new.text_version)
        else:
            consents.withdraw(pk, purpose, by=request.actor, source=new.source)
    return _answer(request, pk)


@router.get("/{customer_id}/facts", response=Page[shapes.Fact], operation_id="customers.facts")
def facts(
    request: CallingRequest, customer_id: Id, kind: Kind = "", limit: Limit = 50, cursor: Cursor = ""
) -> HttpResponse:
    """What happened to them, those merged into them included, the latest first."""
    family = families.family(customer_id)
    found = timelines.timeline(family.ids, kind=kind, after=answers.place(cursor), limit=limit)
    shown = [
        shapes.Fact(
            id=fact.id, customer_id=fact.customer_id, name=fact.name, occurred_at=fact.occurred_at,
            source=fact.source_name, is_trusted=fact.is_trusted, properties=fact.properties,
        )
        for fact in found.facts
    ]  # fmt: skip
    after = answers.cursor(found.after) if found.after else None
    return answers.one(request, Page[shapes.Fact](items=shown, next=after))


def held_unchanged(request: CallingRequest, customer_id: int) -> int:
    """Lock them, and refuse when the caller read another state; the number that is shown."""
    pk = holding.hold(customer_id).pk
    if request.headers.get("If-Match"):
        answers.insist_on_unchanged(request, showing.customer(known.profile(pk)))
    return pk


@transaction.atomic
def _known(request: CallingRequest, new: shapes.NewCustomer) -> int:
    first, *others = new.identities
    way = _way(first)
    found = recognition.recognise(
        [way], source_id=request.key.source_id, at=clock.now(), is_known=True, is_verified=True
    )
    if way not in found:
        raise WasErased
    pk = _identified(request, recognition.heads(found.values())[found[way]], others)
    _say(pk, new)
    return pk


@transaction.atomic
def _identified(request: CallingRequest, pk: int, new: list[shapes.NewIdentity]) -> int:
    """Attach identities to somebody, or refuse when one is another's."""
    ways = [_way(one) for one in new]
    wanted = [(pk, *way) for way in ways]
    whose = recognition.attach(wanted, source_id=request.key.source_id, at=clock.now(), is_verified=True)
    heads = recognition.heads(whose.values())
    if set(ways) - whose.keys():
        raise WasErased
    if any(heads[customer_id] != pk for customer_id in whose.values()):
        raise SomebodyElses
    profiles.refresh_search([pk])
    return pk


def _way(identity: shapes.NewIdentity) -> tuple[str, str]:
    value = normalise.identity(identity.kind, identity.value)
    if value is None:
        raise NotAnIdentity
    return identity.kind, value


def _say(pk: int, said: shapes.Said) -> None:
    """Keep what was said, each part by the rules an agent's own hand is held to."""
    if said.name is not None:
        attributes.rename(pk, said.name)
    plain = {name: getattr(said, name) for name in ("email", "phone", "language", "time_zone")}
    if any(value is not None for value in plain.values()):
        profiles.apply_traits([Traits(pk, **plain)])
    for name, value in said.attributes.items():
        if value is None:
            attributes.remove(pk, name)
        else:
            attributes.write(pk, name, value)


def _answer(request: CallingRequest, customer_id: int, *, status: int = 200) -> HttpResponse:
    shown = showing.customer(known.profile(customer_id))
    where = f"/api/v1/customers/{shown.id}" if status == 201 else ""
    return answers.one(request, shown, status=status, location=where)
