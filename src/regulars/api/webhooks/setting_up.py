"""Webhooks are made, changed and ended; `telling_again` tells once more what they missed."""

from collections.abc import Sequence

from django.db import transaction

from regulars.accounts import audit_verbs
from regulars.accounts.actions import audit
from regulars.api.models import Webhook
from regulars.api.webhooks import signing
from regulars.api.webhooks.sending import USE
from regulars.kernel import clock, outside, secrets
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError, Invalid, NotFound
from regulars.kernel.fact_names import DESK_FACTS

MOST = 50
LONGEST_DESCRIPTION = 200


class NoSuchWebhook(NotFound):
    """There is no such webhook."""


class NoSuchEvent(Invalid):
    """One of these events is not known. docs/reference/facts.md lists them. Nothing was changed."""


class DescriptionTooLong(Invalid):
    """A description is one line of at most 200 letters. Nothing was changed."""


class TooManyWebhooks(DomainError):
    """There can be 50 webhooks. End one first."""


@transaction.atomic
def create(url: str, *, events: Sequence[str], by: Actor, description: str = "") -> tuple[Webhook, str]:
    """Make a webhook and return it with its secret, which is shown this once."""
    outside.check(url)
    if Webhook.objects.filter(archived_at=None).count() >= MOST:
        raise TooManyWebhooks
    secret = signing.new_secret()
    webhook = Webhook.objects.create(
        url=url, events=_known(events), description=_one_line(description), secret=secrets.seal(secret, use=USE),
        created_at=clock.now(), created_by=str(by),
    )  # fmt: skip
    audit.note(audit_verbs.WEBHOOK_CREATED, by=by, subject=f"webhook:{webhook.pk}", details={"url": url})
    return webhook, secret


@transaction.atomic
def change(
    webhook_id: int,
    *,
    by: Actor,
    url: str | None = None,
    events: Sequence[str] | None = None,
    description: str | None = None,
    is_paused: bool | None = None,
) -> Webhook:
    """Change where it goes, what it is told, and whether; what is None stays."""
    webhook = held(webhook_id)
    if url is not None:
        outside.check(url)
        webhook.url = url
    if events is not None:
        webhook.events = _known(events)
    if description is not None:
        webhook.description = _one_line(description)
    if is_paused is not None:
        webhook.paused_at = (webhook.paused_at or clock.now()) if is_paused else None
    webhook.save()
    audit.note(audit_verbs.WEBHOOK_CHANGED, by=by, subject=f"webhook:{webhook.pk}", details={"url": webhook.url})
    return webhook


@transaction.atomic
def rotate(webhook_id: int, *, by: Actor) -> str:
    """Give it another secret, shown this once; for a day the old one signs too, so that nothing is missed."""
    webhook, secret = held(webhook_id), signing.new_secret()
    webhook.old_secret, webhook.secret = bytes(webhook.secret), secrets.seal(secret, use=USE)
    webhook.rotated_at = clock.now()
    webhook.save(update_fields=["old_secret", "secret", "rotated_at"])
    audit.note(audit_verbs.WEBHOOK_CHANGED, by=by, subject=f"webhook:{webhook.pk}", details={"what": "secret"})
    return secret


@transaction.atomic
def end(webhook_id: int, *, by: Actor) -> None:
    """Tell it nothing more; what was told stays in the log for its time."""
    webhook = held(webhook_id)
    webhook.archived_at = clock.now()
    webhook.save(update_fields=["archived_at"])
    audit.note(audit_verbs.WEBHOOK_ENDED, by=by, subject=f"webhook:{webhook.pk}", details={"url": webhook.url})


def webhooks() -> list[Webhook]:
    """Those that were not ended, the newest first."""
    return list(Webhook.objects.filter(archived_at=None).order_by("-pk"))


def webhook(webhook_id: int) -> Webhook:
    """One of them."""
    found = Webhook.objects.filter(pk=webhook_id, archived_at=None).first()
    if found is None:
        raise NoSuchWebhook
    return found


def secret_of(webhook_id: int) -> str:
    """What signs, for the call that made it and is repeated."""
    return secrets.unseal(webhook(webhook_id).secret, use=USE)


def held(webhook_id: int) -> Webhook:
    """One of them, locked."""
    found = Webhook.objects.select_for_update().filter(pk=webhook_id, archived_at=None).first()
    if found is None:
        raise NoSuchWebhook
    return found


def _known(events: Sequence[str]) -> list[str]:
    if not set(events) <= DESK_FACTS:
        raise NoSuchEvent
    return sorted(set(events))


def _one_line(text: str) -> str:
    line = " ".join(text.replace("\x00", " ").split())
    if len(line) > LONGEST_DESCRIPTION:
        raise DescriptionTooLong
    return line
