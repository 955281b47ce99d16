"""Sending a notice: signed, under a time limit, again with growing pauses until it is taken."""

import json
from datetime import timedelta

from django.db import transaction

from regulars.api.models import Notice, Webhook
from regulars.api.webhooks import signing
from regulars.api.webhooks.telling import SEND
from regulars.kernel import clock, jobs, outside, secrets, settings_table
from regulars.kernel.errors import DomainError
from regulars.kernel.outside import NoAnswer

USE = "webhook"
SECONDS = 15.0
LEASE = timedelta(minutes=2)
A_JOB_TAKES = timedelta(minutes=2)
AT_ONCE = 500
OLD_SECRET_SIGNS = timedelta(days=1)
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400))
GONE = 410


def send(notice_id: int) -> str | None:
    """Send one notice and return how it stands; None when it is not due, or somebody else is at it."""
    notice = _take(notice_id)
    if notice is None:
        return None
    body = json.dumps(notice.body, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        proof = signing.headers(
            _secrets(notice.webhook), event_id=notice.event_id, at=int(clock.now().timestamp()), body=body
        )
        headers = {"Content-Type": "application/json", "User-Agent": "Regulars", "Connection": "close", **proof}
        answer = outside.post(notice.webhook.url, body, headers=headers, seconds=SECONDS)
    except (NoAnswer, DomainError) as silence:
        return _settle(notice, None, str(silence))
    return _settle(notice, answer.status, answer.body.decode("utf-8", "replace").replace("\x00", "")[:1000])


def left_behind() -> list[int]:
    """Notices due for longer than a job takes to come."""
    rows = Notice.objects.filter(state=Notice.QUEUED, due_at__lt=clock.now() - A_JOB_TAKES).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def forget() -> int:
    """Remove notices older than the setting says; 0 keeps them for good."""
    days = settings_table.number("webhook_log_days")
    if days <= 0:
        return 0
    removed, _ = Notice.objects.filter(created_at__lt=clock.now() - timedelta(days=days)).delete()
    return removed


def _secrets(webhook: Webhook) -> list[str]:
    """What signs: the secret, and for a day after a change the one before, so that nobody misses a notice."""
    sealed = [webhook.secret]
    if webhook.old_secret and webhook.rotated_at and clock.now() < webhook.rotated_at + OLD_SECRET_SIGNS:
        sealed.append(webhook.old_secret)
    return [secrets.unseal(each, use=USE) for each in sealed]


@transaction.atomic
def _take(notice_id: int) -> Notice | None:
    """Make it ours for a while; who dies meanwhile leaves it to be sent again."""
    rows = Notice.objects.select_for_update(of=("self",), skip_locked=True).select_related("webhook")
    notice = rows.filter(pk=notice_id, state=Notice.QUEUED, due_at__lte=clock.now()).first()
    if notice is None:
        return None
    notice.attempts += 1
    notice.due_at = clock.now() + LEASE
    if notice.webhook.archived_at or notice.webhook.paused_at:
        notice.state, notice.settled_at, notice.answer = Notice.FAILED, clock.now(), "The webhook was stopped."
        notice.save()
        return None
    notice.save(update_fields=["attempts", "due_at"])
    return notice


@transaction.atomic
def _settle(notice: Notice, status: int | None, said: str) -> str | None:
    row = Notice.objects.select_for_update().filter(pk=notice.pk, state=Notice.QUEUED).first()
    if row is None:
        return None
    row.answer_status, row.answer = status, said
    is_taken = status is not None and 200 <= status < 300
    if is_taken or row.attempts > len(BACK_OFF) or status == GONE:
        row.state, row.settled_at = Notice.SENT if is_taken else Notice.FAILED, clock.now()
    else:
        row.due_at = clock.now() + BACK_OFF[row.attempts - 1]
        jobs.defer(SEND, at=row.due_at, notice_id=row.pk)
    row.save()
    _note_health(row.webhook_id, "" if is_taken else f"{status or ''} {said}".strip()[:500], is_gone=status == GONE)
    return row.state


def _note_health(webhook_id: int, trouble: str, *, is_gone: bool) -> None:
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    if is_gone and webhook.paused_at is None:
        webhook.paused_at = clock.now()
    if trouble != webhook.trouble:
        webhook.trouble_at = (webhook.trouble_at or clock.now()) if trouble else None
        webhook.trouble = trouble
    webhook.save(update_fields=["trouble", "trouble_at", "paused_at"])
