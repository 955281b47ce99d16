"""A form is sent: stored as it came, once, before anybody acts on it."""

import hashlib

from django.db import transaction

from regulars.channels.actions import incoming
from regulars.channels.errors import FormChanged, FormIsOff
from regulars.channels.models import Channel, Incoming
from regulars.channels.webform.submissions import Submission
from regulars.channels.webform.tokens import Token


@transaction.atomic
def submit(channel_id: int, submission: Submission, *, token: Token) -> bool:
    """Store what was sent; false when the very same came with this token before.

    Raises `FormChanged` when something else came with it: a token is good for one submission.
    """
    if not Channel.objects.filter(pk=channel_id, kind=Channel.FORM, archived_at=None, paused_at=None).exists():
        raise FormIsOff
    raw = submission.as_bytes()
    stored = incoming.store(channel_id, raw, source_key=token.source_key, envelope={"from": submission.email})
    if stored is not None:
        return True
    before = Incoming.objects.filter(channel=channel_id, source_key=token.source_key)
    if bytes(before.values_list("digest", flat=True).get()) != hashlib.sha256(raw).digest():
        raise FormChanged
    return False
