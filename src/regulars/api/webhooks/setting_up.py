"""Webhooks are made, changed and ended, and what they missed is told again."""

from collections.abc import Sequence

from django.db import transaction

from regulars.api.models import Notice, Webhook
from regulars.api.webhooks import signing
from regulars.api.webhooks.sending import USE
from regulars.api.webhooks.telling import SEND
from regulars.kernel import clock, jobs, outside, secrets
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError, Invalid, NotFound
from regulars.kernel.fact_names import DESK_FACTS

MOST = 50


class NoSuchWebhook(NotFound):
    """There is no such webhook."""


class NoSuchNotice(NotFound):
    """There is no such notice."""


class NoSuchEvent(Invalid):
    """One of these events is not known. docs/reference/facts.md lists them. Nothing was changed."""


class TooManyWebhooks(DomainError):
    """There can be 50 webhooks. End one first."""


class StillOnItsWay(DomainError):
    """This notice is on its way already."""


@transaction.atomic
def create(url: str, *, events: Sequence[str], by: Actor) -> tuple[Webhook, str]:
    """Make a webhook and return it with its secret, which is shown this once."""
    outside.check(url)
    if Webhook.objects.filter(archived_at=None).count() >= MOST:
        raise TooManyWebhooks
    secret = signing.new_secret()
    webhook = Webhook.objects.create(
        url=url, events=_known(events), secret=secrets.seal(secret, use=USE), created_at=clock.now(), created_by=str(by)
    )
    return webhook, secret


@transaction.atomic
def change(
    webhook_id: int, *, url: str | None = None, events: Sequence[str] | None = None, is_paused: bool | None = None
) -> Webhook:
    """Change where it goes, what it is told, and whether; what is None stays."""
    webhook = _held(webhook_id)
    if url is not None:
        outside.check(url)
        webhook.url = url
    if events is not None:
        webhook.events = _known(events)
    if is_paused is not None:
        webhook.paused_at = (webhook.paused_at or clock.now()) if is_paused else None
    webhook.save()
    return webhook


@transaction.atomic
def end(webhook_id: int) -> None:
    """Tell it nothing more; what was told stays in the log for its time."""
    webhook = _held(webhook_id)
    webhook.archived_at = clock.now()
    webhook.save(update_fields=["archived_at"])


@transaction.atomic
def replay(webhook_id: int, notice_id: int) -> Notice:
    """Tell once more what was told or failed; it keeps its id."""
    _held(webhook_id)
    notice = Notice.objects.select_for_update().filter(pk=notice_id, webhook=webhook_id).first()
    if notice is None:
        raise NoSuchNotice
    if notice.state == Notice.QUEUED:
        raise StillOnItsWay
    notice.state, notice.attempts, notice.due_at, notice.settled_at = Notice.QUEUED, 0, clock.now(), None
    notice.save()
    jobs.defer(SEND, notice_id=notice.pk)
    return notice


def webhooks() -> list[Webhook]:
    """Those that were not ended, the newest first."""
    return list(Webhook.objects.filter(archived_at=None).order_by("-pk"))


def webhook(webhook_id: int) -> Webhook:
    """One of them."""
    found = Webhook.objects.filter(pk=webhook_id, archived_at=None).first()
    if found is None:
        raise NoSuchWebhook
    return found


def notices(webhook_id: int, *, before: int | None, most: int) -> list[Notice]:
    """What it was told, the newest first."""
    rows = Notice.objects.filter(webhook=webhook(webhook_id))
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:most])


def _held(webhook_id: int) -> Webhook:
    found = Webhook.objects.select_for_update().filter(pk=webhook_id, archived_at=None).first()
    if found is None:
        raise NoSuchWebhook
    return found


def _known(events: Sequence[str]) -> list[str]:
    if not set(events) <= DESK_FACTS:
        raise NoSuchEvent
    return sorted(set(events))
