"""Conversations: listed, searched, read, begun and changed."""

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers, showing
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.files import taken_in
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id, MaybeId
from regulars.api.rest.shapes import conversations as shapes
from regulars.channels import selectors as channels
from regulars.customers.actions import profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.selectors import families
from regulars.desk.actions import conversations, fields, holding, labels, messages
from regulars.desk.actions.messages import Written
from regulars.desk.errors import NothingWritten
from regulars.desk.selectors import due, reading, searching, threads
from regulars.desk.selectors.reading import Wanted
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import Invalid

router = Router(tags=["conversations"])
Word = Annotated[str | None, Field(max_length=60)]
Search = Annotated[
    str,
    Field(
        max_length=500,
        description="What to search for: words, \"phrases\", -without, and the operators of the inbox (from:,"
        " to:, subject:, is:, label:, assignee:, team:, channel:, priority:, kind:, has:, file:, before:, after:). The"
        " best come first, and the filters beside it are not asked.",
    ),
]  # fmt: skip


class NobodyNamed(Invalid):
    """Say which customer: by id, email or external_id. Nothing was changed."""


class NoCustomerLikeThat(Invalid):
    """There is no such customer, or they were erased. Nothing was changed."""


class NoChannelToUse(Invalid):
    """There is no such channel. Nothing was changed."""


@router.get("", response=Page[shapes.Conversation], operation_id="conversations.list")
def index(
    request: CallingRequest,
    q: Search = "",
    status: shapes.Status | None = None,
    customer_id: MaybeId = None,
    agent_id: MaybeId = None,
    team_id: MaybeId = None,
    channel_id: MaybeId = None,
    label: Word = None,
    is_spam: bool = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> HttpResponse:
    """Conversations, the newest first, or what a search finds; those merged into others are left out."""
    if q.strip():
        return _searched(request, q, limit=limit, cursor=cursor)
    wanted = Wanted(
        status=status, customer_id=customer_id, agent_id=agent_id, team_id=team_id, channel_id=channel_id,
        label=label, is_spam=is_spam,
    )  # fmt: skip
    rows = reading.conversations(wanted, by=request.actor, before=answers.number(cursor), most=limit + 1)
    shown = [showing.conversation(row) for row in rows]
    return answers.one(request, answers.page(shown, [row.id for row in shown], limit=limit))


@router.post("", response={201: shapes.Conversation}, operation_id="conversations.create")
def create(request: CallingRequest, new: shapes.NewConversation) -> HttpResponse:
    """Begin a conversation with its first message."""
    pk = once(request, lambda: _begin(request, new))
    shown = _whole(threads.shown(pk, by=SYSTEM))
    return answers.one(request, shown, status=201, location=f"/api/v1/conversations/{shown.id}")


@router.get("/{conversation_id}", response=shapes.Conversation, operation_id="conversations.read")
def read(request: CallingRequest, conversation_id: Id) -> HttpResponse:
    """One conversation; the number of one that was merged gives the one it is now."""
    return answers.one(request, _whole(threads.shown(conversation_id, by=request.actor)))


@router.patch("/{conversation_id}", response=shapes.Conversation, operation_id="conversations.change")
@transaction.atomic
def change(request: CallingRequest, conversation_id: Id, change: shapes.Change) -> HttpResponse:
    """Change the subject, the kind, the priority, the language or fields."""
    pk = held_unchanged(request, conversation_id)
    if change.subject is not None:
        conversations.rename(pk, change.subject, by=request.actor)
    if change.kind is not None:
        conversations.change_kind(pk, change.kind, by=request.actor)
    if change.priority is not None:
        conversations.prioritise(pk, shapes.PRIORITIES[change.priority], by=request.actor)
    if change.language is not None:
        conversations.change_language(pk, change.language, by=request.actor)
    for name, value in (change.fields or {}).items():
        fields.write(pk, name, value, by=request.actor)
    return now(request, pk)


def held_unchanged(request: CallingRequest, conversation_id: int) -> int:
    """Lock it, and refuse when the caller read another state of it; the number of the one that is shown."""
    held = holding.hold(conversation_id, by=request.actor)
    answers.insist_on_unchanged(request, _whole(held))
    return held.pk


def now(request: CallingRequest, pk: int) -> HttpResponse:
    """How a conversation stands that was held: whoever has just given it away is still told."""
    return answers.one(request, _whole(threads.shown(pk, by=SYSTEM)))


def _whole(held: Any) -> shapes.Conversation:
    return showing.conversation(held, promises=due.promises(held))


def _searched(request: CallingRequest, text: str, *, limit: int, cursor: str) -> HttpResponse:
    start = answers.number(cursor) or 0
    if start > searching.CANDIDATES * 2:
        raise answers.NotAPage
    found = searching.search(text.replace("\x00", " "), by=request.actor, limit=start + limit)
    shown = [showing.conversation(row) for row in found.rows[start:]]
    after = answers.cursor(start + limit) if found.is_more else None
    return answers.one(request, Page[shapes.Conversation](items=shown, next=after))


@transaction.atomic
def _begin(request: CallingRequest, new: shapes.NewConversation) -> int:
    channel = channels.channel(new.channel_id)
    if channel is None or channel.archived_at is not None:
        raise NoChannelToUse
    customer_id = _customer(request, new.customer)
    written = Written(text=new.text, files=taken_in(request, new.files))
    if not written.text.strip() and not written.files:
        raise NothingWritten
    by = Actor("customer", customer_id, new.customer.name or "") if new.author == "customer" else request.actor
    held = conversations.start(
        customer_id, channel_id=channel.pk, by=by, subject=new.subject or new.text[:80], kind=new.kind,
        priority=shapes.PRIORITIES[new.priority], language=new.language,
    )  # fmt: skip
    for name in new.labels:
        labels.put(held.pk, name, by=Actor("system") if new.author == "customer" else request.actor)
    if new.author == "customer":
        messages.receive(held.pk, written, by=by)
    else:
        messages.reply(held.pk, written, by=by)
    return held.pk


def _customer(request: CallingRequest, named: shapes.CustomerRef) -> int:
    if named.id is not None:
        head = families.heads([named.id]).get(named.id)
        if head is None:
            raise NoCustomerLikeThat
        return head
    ways = [(kind, said) for kind, said in (("external", named.external_id), ("email", named.email)) if said]
    if not ways:
        raise NobodyNamed
    found = recognition.recognise(
        ways[:1], source_id=request.key.source_id, at=clock.now(), is_known=True, is_verified=True
    )
    if not found:
        raise NoCustomerLikeThat
    customer_id = next(iter(found.values()))
    if named.name or named.email:
        profiles.apply_traits([Traits(customer_id, name=named.name, email=named.email)])
    return customer_id
