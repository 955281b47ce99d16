"""Conversations: listed, read, begun and changed."""

from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers, shapes, showing
from regulars.api.rest.answers import Cursor, Id, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.once import once
from regulars.channels import selectors as channels
from regulars.customers.actions import profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.selectors import families
from regulars.desk.actions import conversations, holding, messages
from regulars.desk.actions.messages import Written
from regulars.desk.selectors import reading, threads
from regulars.desk.selectors.reading import Wanted
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.errors import Invalid

router = Router(tags=["conversations"])
Number = Annotated[int | None, Field(ge=1, le=answers.LARGEST_ID)]
Word = Annotated[str | None, Field(max_length=60)]


class NobodyNamed(Invalid):
    """Say which customer: by id, email or external_id. Nothing was changed."""


class NoSuchCustomer(Invalid):
    """There is no such customer, or they were erased. Nothing was changed."""


class NoChannelToUse(Invalid):
    """There is no such channel. Nothing was changed."""


@router.get("", response=Page[shapes.Conversation])
def index(
    request: CallingRequest,
    status: shapes.Status | None = None,
    customer_id: Number = None,
    agent_id: Number = None,
    team_id: Number = None,
    channel_id: Number = None,
    label: Word = None,
    is_spam: bool = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> HttpResponse:
    """Conversations, the newest first; those merged into others are left out."""
    wanted = Wanted(
        status=status, customer_id=customer_id, agent_id=agent_id, team_id=team_id, channel_id=channel_id,
        label=label, is_spam=is_spam,
    )  # fmt: skip
    rows = reading.conversations(wanted, by=request.actor, before=answers.number(cursor), most=limit + 1)
    shown = [showing.conversation(row) for row in rows]
    return answers.one(request, answers.page(shown, [row.id for row in shown], limit=limit))


@router.post("", response={201: shapes.Conversation})
def create(request: CallingRequest, new: shapes.NewConversation) -> HttpResponse:
    """Begin a conversation with its first message."""
    pk = once(request, lambda: _begin(request, new))
    shown = showing.conversation(threads.shown(pk, by=request.actor))
    return answers.one(request, shown, status=201, location=f"/api/v1/conversations/{shown.id}")


@router.get("/{pk}", response=shapes.Conversation)
def read(request: CallingRequest, pk: Id) -> HttpResponse:
    """One conversation; the number of one that was merged gives the one it is now."""
    return answers.one(request, showing.conversation(threads.shown(pk, by=request.actor)))


@router.patch("/{pk}", response=shapes.Conversation)
@transaction.atomic
def change(request: CallingRequest, pk: Id, change: shapes.Change) -> HttpResponse:
    """Change the subject, the kind or the priority."""
    held = holding.hold(pk, by=request.actor)
    answers.insist_on_unchanged(request, showing.conversation(held))
    if change.subject is not None:
        conversations.rename(held.pk, change.subject, by=request.actor)
    if change.kind is not None:
        conversations.change_kind(held.pk, change.kind, by=request.actor)
    if change.priority is not None:
        conversations.prioritise(held.pk, shapes.PRIORITIES[change.priority], by=request.actor)
    return read(request, held.pk)


@transaction.atomic
def _begin(request: CallingRequest, new: shapes.NewConversation) -> int:
    channel = channels.channel(new.channel_id)
    if channel is None or channel.archived_at is not None:
        raise NoChannelToUse
    customer_id = _customer(request, new.customer)
    by = Actor("customer", customer_id, new.customer.name or "") if new.author == "customer" else request.actor
    held = conversations.start(
        customer_id, channel_id=channel.pk, by=by, subject=new.subject or new.text[:80], kind=new.kind,
        priority=shapes.PRIORITIES[new.priority],
    )  # fmt: skip
    if new.author == "customer":
        messages.receive(held.pk, Written(text=new.text), by=by)
    else:
        messages.reply(held.pk, Written(text=new.text), by=by)
    return held.pk


def _customer(request: CallingRequest, named: shapes.CustomerRef) -> int:
    if named.id is not None:
        head = families.heads([named.id]).get(named.id)
        if head is None:
            raise NoSuchCustomer
        return head
    ways = [(kind, said) for kind, said in (("external", named.external_id), ("email", named.email)) if said]
    if not ways:
        raise NobodyNamed
    found = recognition.recognise(
        ways[:1], source_id=request.key.source_id, at=clock.now(), is_known=True, is_verified=True
    )
    if not found:
        raise NoSuchCustomer
    customer_id = next(iter(found.values()))
    if named.name or named.email:
        profiles.apply_traits([Traits(customer_id, name=named.name, email=named.email)])
    return customer_id
