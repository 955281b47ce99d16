"""The log of a webhook: what it was told, and telling it once more, by hand or on trial."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from regulars.api.models import Notice
from regulars.api.webhooks import setting_up
from regulars.api.webhooks.telling import SEND
from regulars.kernel import clock, jobs
from regulars.kernel.errors import DomainError, Invalid, NotFound

TEST = "webhook test"
MOST_AT_ONCE = 1000
NOBODY = 0  # a test is about no customer


class NoSuchNotice(NotFound):
    """There is no such notice."""


class StillOnItsWay(DomainError):
    """This notice is on its way already."""


class SpanTurned(Invalid):
    """This span ends before it begins. Nothing was sent again."""


class SwitchedOff(DomainError):
    """This webhook is switched off. Switch it on first; nothing was sent."""


@transaction.atomic
def replay(webhook_id: int, notice_id: int) -> Notice:
    """Tell once more what was told or failed; it keeps its id."""
    _insist_it_is_on(webhook_id)
    notice = Notice.objects.select_for_update().filter(pk=notice_id, webhook=webhook_id).first()
    if notice is None:
        raise NoSuchNotice
    if notice.state == Notice.QUEUED:
        raise StillOnItsWay
    _queue([notice])
    return notice


@transaction.atomic
def replay_span(webhook_id: int, *, since: datetime, until: datetime, states: Sequence[str] = (Notice.FAILED,)) -> int:
    """Tell once more what was put down in this time and has one of these states, oldest first, 1,000 at most."""
    if until < since:
        raise SpanTurned
    _insist_it_is_on(webhook_id)
    rows = Notice.objects.select_for_update().filter(
        webhook=webhook_id, created_at__gte=since, created_at__lte=until, state__in={*states} - {Notice.QUEUED}
    )
    chosen = list(rows.order_by("pk")[:MOST_AT_ONCE])
    _queue(chosen)
    return len(chosen)


@transaction.atomic
def test(webhook_id: int) -> Notice:
    """Tell it something that did not happen, to see whether it listens."""
    _insist_it_is_on(webhook_id)
    at, event_id = clock.now(), f"webhook-test:{uuid.uuid4()}"
    body = {"id": event_id, "type": TEST, "timestamp": at.isoformat(), "data": {}}
    notice = Notice.objects.create(
        webhook_id=webhook_id, event_id=event_id, event=TEST, customer_id=NOBODY, body=body, created_at=at, due_at=at
    )
    jobs.defer(SEND, notice_id=notice.pk)
    return notice


def notices(webhook_id: int, *, before: int | None, most: int, state: str = "") -> list[Notice]:
    """What it was told, the newest first."""
    rows = Notice.objects.filter(webhook=setting_up.webhook(webhook_id))
    rows = rows.filter(pk__lt=before) if before else rows
    return list((rows.filter(state=state) if state else rows).order_by("-pk")[:most])


def notice(webhook_id: int, notice_id: int) -> Notice:
    """One of them."""
    found = Notice.objects.filter(pk=notice_id, webhook=setting_up.webhook(webhook_id)).first()
    if found is None:
        raise NoSuchNotice
    return found


def _insist_it_is_on(webhook_id: int) -> None:
    if setting_up.held(webhook_id).paused_at is not None:
        raise SwitchedOff


def _queue(chosen: Sequence[Notice]) -> None:
    for one in chosen:
        one.state, one.attempts, one.due_at, one.settled_at = Notice.QUEUED, 0, clock.now(), None
    Notice.objects.bulk_update(chosen, ["state", "attempts", "due_at", "settled_at"])
    for one in chosen:
        jobs.defer(SEND, notice_id=one.pk)
