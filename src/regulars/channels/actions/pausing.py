"""Channels rest and go on: while one is paused nothing comes or goes on it, and nothing is lost."""

from django.db import transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.channels.actions import fetching, setting_up
from regulars.channels.models import Channel
from regulars.kernel import clock
from regulars.kernel.actors import Actor


@transaction.atomic
def pause(channel_id: int, *, by: Actor) -> Channel:
    """Let nothing come or go until it is taken up again; pausing what is paused changes nothing."""
    return _set(channel_id, is_paused=True, by=by)


@transaction.atomic
def resume(channel_id: int, *, by: Actor) -> Channel:
    """Take a channel up again, and look for mail at once."""
    channel = _set(channel_id, is_paused=False, by=by)
    transaction.on_commit(lambda: fetching.soon(channel_id))
    return channel


def _set(channel_id: int, *, is_paused: bool, by: Actor) -> Channel:
    permission.require("manage_desk", by=by)
    channel = setting_up.held(channel_id)
    if (channel.paused_at is not None) == is_paused:
        return channel
    channel.paused_at = clock.now() if is_paused else None
    channel.save(update_fields=["paused_at"])
    details = {"name": channel.name, "paused": is_paused}
    audit.note(audit_verbs.CHANNEL_CHANGED, by=by, subject=f"channel:{channel.pk}", details=details)
    return channel
