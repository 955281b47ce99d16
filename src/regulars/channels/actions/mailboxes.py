"""Setting a mailbox up from a page: tried before it is kept, and begun only when somebody says so."""

from typing import Any

from regulars.channels.actions import fetching, pausing, setting_up, signing_in
from regulars.channels.actions.fetching import Foreseen
from regulars.channels.email import imap
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.errors import MailboxNotReadable, NoSuchChannel
from regulars.channels.models import Channel
from regulars.kernel.actors import Actor


def keep(
    channel: Channel | None,
    *,
    by: Actor,
    name: str,
    address: str,
    settings: dict[str, Any],
    secret: dict[str, str],
    team_id: int | None,
) -> Channel:
    """Make or change a mailbox once its server was reached. A new one that is fetched rests until it is begun."""
    known = setting_up.secrets_of(channel) if channel else {}
    if not signing_in.lacks_permission(settings, {**known, **secret}):
        foresee(settings, {**_present_secrets(channel), **secret})
    if channel is not None:
        kept = setting_up.change(
            channel.pk, by=by, name=name, address=address, settings=settings, secret=secret, team_id=team_id
        )
        fetching.forget_pause(kept.pk)
        return kept
    made = setting_up.create(
        Channel.EMAIL, name, by=by, address=address, settings=settings, secret=secret, team_id=team_id
    )
    return pausing.pause(made.pk, by=by) if settings.get("imap_host") else made


def foresee(settings: dict[str, Any], secret: dict[str, str]) -> Foreseen | None:
    """What a first look brings; None where mail is handed over. Raises `MailboxNotReadable`, with the reason."""
    server = imap.way_in(settings, secret)
    if server is None:
        return None
    try:
        return fetching.foresee(server, since_days=settings.get("imap_since_days", fetching.SINCE_DAYS))
    except imap.Trouble as trouble:
        raise MailboxNotReadable(str(trouble)) from trouble


def foresee_of(channel_id: int) -> Foreseen | None:
    """What a first look at a kept mailbox would bring."""
    channel = Channel.objects.filter(pk=channel_id).first()
    if channel is None:
        raise NoSuchChannel
    return foresee(channel.settings, _present_secrets(channel))


def _present_secrets(channel: Channel | None) -> dict[str, str]:
    """With tokens that hold; raises `MailboxNotReadable` when there are none any more."""
    try:
        return signing_in.secrets_for(channel) if channel else {}
    except NotGiven as refusal:
        raise MailboxNotReadable(str(refusal)) from refusal
