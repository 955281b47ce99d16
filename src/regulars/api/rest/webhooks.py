"""Webhooks over the API. Whoever makes one hands out what can be read, so the key must be allowed both."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Id, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.webhooks import setting_up
from regulars.kernel.errors import NotAllowed

router = Router(tags=["webhooks"])


class BothNeeded(NotAllowed):
    """Webhooks need a key that may read and write."""


class Webhook(Schema):
    """An address that is told what happens; without events, of everything at the desk."""

    id: int
    url: str
    events: list[str]
    is_paused: bool
    created_at: datetime
    trouble: str
    trouble_at: datetime | None


class MadeWebhook(Webhook):
    """With the secret that signs what is sent. It is shown this once."""

    secret: str


class Webhooks(Schema):
    items: list[Webhook]


class NewWebhook(Schema):
    url: str = Field(max_length=2000)
    events: list[str] = Field(default_factory=list, max_length=100)


class ChangedWebhook(Schema):
    """What is to be different; what is left out stays."""

    url: str | None = Field(None, max_length=2000)
    events: list[str] | None = Field(None, max_length=100)
    is_paused: bool | None = None


class Notice(Schema):
    """One fact told to one webhook, and what it answered."""

    id: int
    event_id: str
    event: str
    state: Literal["queued", "sent", "failed"]
    body: dict[str, Any]
    created_at: datetime
    due_at: datetime
    attempts: int
    answer_status: int | None
    answer: str


@router.get("", response=Webhooks)
def index(request: CallingRequest) -> HttpResponse:
    """Every webhook."""
    _insist_on_both(request)
    return answers.one(request, Webhooks(items=[_shown(each) for each in setting_up.webhooks()]))


@router.post("", response={201: MadeWebhook})
def create(request: CallingRequest, new: NewWebhook) -> HttpResponse:
    """Make a webhook."""
    _insist_on_both(request)
    made, secret = setting_up.create(new.url, events=new.events, by=request.actor)
    shown = MadeWebhook(**_shown(made).model_dump(), secret=secret)
    return answers.one(request, shown, status=201, location=f"/api/v1/webhooks/{made.pk}")


@router.get("/{pk}", response=Webhook)
def read(request: CallingRequest, pk: Id) -> HttpResponse:
    """One webhook, without its secret."""
    _insist_on_both(request)
    return answers.one(request, _shown(setting_up.webhook(pk)))


@router.patch("/{pk}", response=Webhook)
def change(request: CallingRequest, pk: Id, new: ChangedWebhook) -> HttpResponse:
    """Change where it goes, what it is told, and whether."""
    _insist_on_both(request)
    changed = setting_up.change(pk, url=new.url, events=new.events, is_paused=new.is_paused)
    return answers.one(request, _shown(changed))


@router.delete("/{pk}", response={204: None})
def end(request: CallingRequest, pk: Id) -> HttpResponse:
    """Tell it nothing more."""
    _insist_on_both(request)
    setting_up.end(pk)
    return HttpResponse(status=204)


@router.get("/{pk}/notices", response=Page[Notice])
def notices(request: CallingRequest, pk: Id, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """What it was told, the newest first; kept for 30 days."""
    _insist_on_both(request)
    rows = setting_up.notices(pk, before=answers.number(cursor), most=limit + 1)
    shown = [_told(row) for row in rows]
    return answers.one(request, answers.page(shown, [row.id for row in shown], limit=limit))


@router.post("/{pk}/notices/{notice_id}/replay", response={202: Notice})
def replay(request: CallingRequest, pk: Id, notice_id: Id) -> HttpResponse:
    """Tell it once more, with the same id."""
    _insist_on_both(request)
    return answers.one(request, _told(setting_up.replay(pk, notice_id)), status=202)


def _insist_on_both(request: HttpRequest) -> None:
    if set(request.key.scopes) != {"read", "write"}:  # type: ignore[attr-defined]  # doors puts the key there
        raise BothNeeded


def _shown(row: Any) -> Webhook:
    return Webhook(
        id=row.pk, url=row.url, events=row.events, is_paused=row.paused_at is not None, created_at=row.created_at,
        trouble=row.trouble, trouble_at=row.trouble_at,
    )  # fmt: skip


def _told(row: Any) -> Notice:
    return Notice(
        id=row.pk, event_id=row.event_id, event=row.event, state=row.state, body=row.body, created_at=row.created_at,
        due_at=row.due_at, attempts=row.attempts, answer_status=row.answer_status, answer=row.answer,
    )  # fmt: skip
