"""Webhooks over the API. Whoever makes one hands out what can be read, so the key must be allowed both."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id, Shape
from regulars.api.webhooks import setting_up, telling_again

router = Router(tags=["webhooks"])
State = Literal["queued", "sent", "failed"]
Address = Annotated[str, Field(max_length=2000)]
Events = Annotated[list[str], Field(max_length=100)]
Description = Annotated[str, Field(max_length=200)]


class Webhook(Shape):
    """An address that is told what happens; without events, of everything at the desk.

    `trouble` is what the last try met, empty when it was taken.
    """

    example = {
        "id": 1, "url": "https://shop.example/hook", "description": "Warehouse", "events": ["conversation resolved"],
        "is_paused": False, "created_at": "2026-11-01T08:00:00Z", "rotated_at": None, "trouble": "",
        "trouble_at": None,
    }  # fmt: skip

    id: int
    url: str
    description: str
    events: list[str]
    is_paused: bool
    created_at: datetime
    rotated_at: datetime | None
    trouble: str
    trouble_at: datetime | None


class MadeWebhook(Webhook):
    """With the secret that signs what is sent. It is shown this once."""

    example = {**Webhook.example, "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}

    secret: str


class Secret(Shape):
    """A new secret. It is shown this once; for a day the one before signs too."""

    example = {"secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}

    secret: str


class NewWebhook(Shape):
    """Where to, and of which facts; none means all of the desk's."""

    example = {"url": "https://shop.example/hook", "events": ["conversation resolved"], "description": "Warehouse"}

    url: Address
    events: Events = []
    description: Description = ""


class ChangedWebhook(Shape):
    """What is to be different; what is left out stays."""

    example = {"is_paused": True}

    url: Address | None = None
    events: Events | None = None
    description: Description | None = None
    is_paused: bool | None = None


class Notice(Shape):
    """One fact told to one webhook, and what it answered."""

    example = {
        "id": 9, "event_id": "desk-step:17", "event": "conversation resolved", "state": "sent",
        "body": {
            "id": "desk-step:17", "type": "conversation resolved", "timestamp": "2026-11-20T09:41:00Z",
            "data": {"conversation_id": 4711, "customer_id": 17},
        },
        "created_at": "2026-11-20T09:41:01Z", "due_at": "2026-11-20T09:41:01Z",
        "settled_at": "2026-11-20T09:41:02Z", "attempts": 1, "answer_status": 200, "answer": "ok",
    }  # fmt: skip

    id: int
    event_id: str
    event: str
    state: State
    body: dict[str, Any]
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts: int
    answer_status: int | None
    answer: str


class Span(Shape):
    """Which notices to tell again: those put down in this time, failed ones unless others are asked for."""

    example = {"since": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z", "states": ["failed"]}

    since: datetime
    until: datetime
    states: list[Literal["sent", "failed"]] = Field(["failed"], max_length=2)


class Replayed(Shape):
    """How many are told again; 1,000 at most, the oldest first."""

    example = {"count": 12}

    count: int


@router.get("", response=Page[Webhook], operation_id="webhooks.list")
def index(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Every webhook, the newest first."""
    return answers.one(request, answers.listed(setting_up.webhooks(), _shown, limit=limit, after=cursor))


@router.post("", response={201: MadeWebhook}, operation_id="webhooks.create")
def create(request: CallingRequest, new: NewWebhook) -> HttpResponse:
    """Make a webhook. The same call repeated with its Idempotency-Key answers the secret again."""

    def make() -> int:
        made, _ = setting_up.create(new.url, events=new.events, description=new.description, by=request.actor)
        return made.pk

    pk = once(request, make)
    made = MadeWebhook(**_shown(setting_up.webhook(pk)).model_dump(), secret=setting_up.secret_of(pk))
    return answers.one(request, made, status=201, location=f"/api/v1/webhooks/{pk}")


@router.get("/{webhook_id}", response=Webhook, operation_id="webhooks.read")
def read(request: CallingRequest, webhook_id: Id) -> HttpResponse:
    """One webhook, without its secret."""
    return answers.one(request, _shown(setting_up.webhook(webhook_id)))


@router.patch("/{webhook_id}", response=Webhook, operation_id="webhooks.change")
def change(request: CallingRequest, webhook_id: Id, new: ChangedWebhook) -> HttpResponse:
    """Change where it goes, what it is told, and whether."""
    changed = setting_up.change(
        webhook_id, url=new.url, events=new.events, description=new.description, is_paused=new.is_paused,
        by=request.actor,
    )  # fmt: skip
    return answers.one(request, _shown(changed))


@router.delete("/{webhook_id}", response={204: None}, operation_id="webhooks.end")
def end(request: CallingRequest, webhook_id: Id) -> HttpResponse:
    """Tell it nothing more."""
    setting_up.end(webhook_id, by=request.actor)
    return HttpResponse(status=204)


@router.post("/{webhook_id}/secret", response={201: Secret}, operation_id="webhooks.rotate")
def rotate(request: CallingRequest, webhook_id: Id) -> HttpResponse:
    """Give it another secret."""

    def turn() -> int:
        setting_up.rotate(webhook_id, by=request.actor)
        return webhook_id

    return answers.one(request, Secret(secret=setting_up.secret_of(once(request, turn))), status=201)


@router.post("/{webhook_id}/test", response={202: Notice}, operation_id="webhooks.test")
def test(request: CallingRequest, webhook_id: Id) -> HttpResponse:
    """Send it something that did not happen, to see whether it listens."""
    pk = once(request, lambda: telling_again.test(webhook_id).pk)
    return answers.one(request, Notice.of(telling_again.notice(webhook_id, pk)), status=202)


@router.get("/{webhook_id}/notices", response=Page[Notice], operation_id="webhooks.notices")
def notices(
    request: CallingRequest, webhook_id: Id, state: State | None = None, limit: Limit = 50, cursor: Cursor = ""
) -> HttpResponse:
    """What it was told, the newest first; kept for as long as a setting says, usually 30 days."""
    rows = telling_again.notices(webhook_id, before=answers.number(cursor), most=limit + 1, state=state or "")
    shown = [Notice.of(row) for row in rows]
    return answers.one(request, answers.page(shown, [row.id for row in shown], limit=limit))


@router.post("/{webhook_id}/notices/{notice_id}/replay", response={202: Notice}, operation_id="webhooks.replay")
def replay(request: CallingRequest, webhook_id: Id, notice_id: Id) -> HttpResponse:
    """Tell it once more, with the same id."""
    pk = once(request, lambda: telling_again.replay(webhook_id, notice_id).pk)
    return answers.one(request, Notice.of(telling_again.notice(webhook_id, pk)), status=202)


@router.post("/{webhook_id}/replays", response={202: Replayed}, operation_id="webhooks.replay_span")
def replay_span(request: CallingRequest, webhook_id: Id, span: Span) -> HttpResponse:
    """Tell it once more what it was told, or failed to take, in a span of time."""
    count = once(
        request,
        lambda: telling_again.replay_span(webhook_id, since=span.since, until=span.until, states=span.states),
    )
    return answers.one(request, Replayed(count=count), status=202)


def _shown(row: Any) -> Webhook:
    return Webhook(
        id=row.pk, url=row.url, description=row.description, events=row.events, is_paused=row.paused_at is not None,
        created_at=row.created_at, rotated_at=row.rotated_at, trouble=row.trouble, trouble_at=row.trouble_at,
    )  # fmt: skip
