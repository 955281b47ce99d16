"""Deliveries: rows before anything leaves."""

import hashlib
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from regulars.channels.email import marks
from regulars.channels.email.out import addresses
from regulars.channels.errors import NoSuchDelivery, NotToBeSentAgain
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery
from regulars.kernel import clock, jobs

DELIVER = "channels.deliver"


@transaction.atomic
def queue(letter: Letter, *, about: str, customer_id: int | None = None) -> Delivery:
    """Put a letter down to be carried; asked again about the same, the first one counts."""
    letter = letter if letter.external_id else replace(letter, external_id=_message_id(letter, about))
    delivery, is_new = Delivery.objects.get_or_create(key=about, defaults=_row(letter, about, customer_id))
    if is_new:
        jobs.defer(DELIVER, delivery_id=delivery.pk)
    return delivery


@transaction.atomic
def retry(about: str) -> Delivery:
    """Send once more, because a person wants it, what failed or may not have arrived: a new delivery.

    The mail keeps its Message-ID, so that whoever got it before sees it once.
    """
    first = Delivery.objects.select_for_update().filter(key=about).first()
    if first is None:
        raise NoSuchDelivery
    tried = Delivery.objects.filter(about=about)
    last = tried.select_for_update().order_by("-pk")[0]
    if last.state not in (Delivery.FAILED, Delivery.UNKNOWN):
        raise NotToBeSentAgain
    key, at = f"{about}:{tried.count() + 1}", clock.now()
    same = {name: getattr(last, name) for name in ("channel_id", "about", "customer_id", "letter", "external_id")}
    delivery = Delivery.objects.create(key=key, created_at=at, due_at=at, **same)
    jobs.defer(DELIVER, delivery_id=delivery.pk)
    return delivery


def hurry(channel_id: int) -> int:
    """Try at once what waits for another try, because whoever runs the channel changed something."""
    waiting = Delivery.objects.filter(channel=channel_id, state=Delivery.QUEUED, attempts__gt=0)
    ids = list(waiting.filter(due_at__gt=clock.now()).order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=ids, state=Delivery.QUEUED).update(due_at=clock.now())
    return sum(wake(delivery_id) for delivery_id in ids)


def forget_words(about: str) -> int:
    """Keep that something was sent, and no longer what: its words were a secret."""
    rows = Delivery.objects.select_for_update().filter(about=about)
    with transaction.atomic():
        for row in rows:
            row.letter = {**row.letter, "text": "", "html": ""}
            row.save(update_fields=["letter"])
    return len(rows)


def wake(delivery_id: int) -> bool:
    """Queue a job for a delivery that lost its own; false when one of these waits already."""
    try:
        with transaction.atomic():
            jobs.defer(DELIVER, queueing_lock=f"delivery:{delivery_id}", delivery_id=delivery_id)
    except AlreadyEnqueued:
        return False
    return True


def _row(letter: Letter, about: str, customer_id: int | None) -> dict[str, object]:
    at = clock.now()
    return {
        "channel_id": letter.channel_id,
        "about": about,
        "customer_id": customer_id,
        "letter": letter.as_json(),
        "external_id": letter.external_id,
        "created_at": at,
        "due_at": at,
    }


def _message_id(letter: Letter, about: str) -> str:
    """The same for the same `about`, however often it is sent."""
    address = Channel.objects.filter(pk=letter.channel_id).values_list("address", flat=True).first() or ""
    domain, conversation_id = _domain(address), letter.conversation_id
    if letter.side_id is not None:
        return marks.side_message_id(about, channel_id=letter.channel_id, side_id=letter.side_id, domain=domain)
    if conversation_id is None:
        return f"{hashlib.sha256(f'{letter.channel_id}:{about}'.encode()).hexdigest()[:32]}@{domain}"
    return marks.message_id(about, channel_id=letter.channel_id, conversation_id=conversation_id, domain=domain)


def _domain(address: str) -> str:
    try:
        return addresses.ascii_domain(address).rpartition("@")[2]
    except ValueError:
        return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
