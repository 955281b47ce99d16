"""Setting a mailbox up from a page: tried before it is kept, and begun only when somebody says so."""

from typing import Any, Final

from regulars.channels.actions import fetching, pausing, setting_up, signing_in
from regulars.channels.actions.fetching import Foreseen
from regulars.channels.email import imap
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.email.oauth.services import OTHER
from regulars.channels.email.out import dkim_keys
from regulars.channels.email.providers import PROVIDERS
from regulars.channels.errors import GiverNotUsable, MailboxNotReadable, NoSuchChannel, NoSuchService, TwoWays
from regulars.channels.models import Channel
from regulars.kernel.actors import Actor

_TOKENS: Final = ("oauth_access", "oauth_refresh")
# Which secrets are told to the server that these settings name.
_SECRETS_OF: Final = {
    ("imap_host",): ("imap_password", "imap_token", *_TOKENS),
    ("smtp_host",): ("smtp_password", "smtp_token", *_TOKENS),
    ("oauth_giver", "oauth_token_url"): ("oauth_secret", *_TOKENS),
}


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
    reach(channel, settings=settings, secret=secret)
    return write_down(channel, by=by, name=name, address=address, settings=settings, secret=secret, team_id=team_id)


def reach(channel: Channel | None, *, settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Refuse what makes no sense or lets nobody in; not in a transaction, as a server may take its time."""
    _insist_on_sense(settings)
    stale = _of_other_servers(channel, settings)
    known = setting_up.secrets_of(channel) if channel else {}
    dkim_keys.insist(settings, {**known, **secret})
    if not signing_in.lacks_permission(settings, {**known, **stale, **secret}):
        present = {} if "oauth_refresh" in stale else _present_secrets(channel)
        foresee(settings, {**present, **stale, **secret})


def write_down(
    channel: Channel | None,
    *,
    by: Actor,
    name: str,
    address: str,
    settings: dict[str, Any],
    secret: dict[str, str],
    team_id: int | None,
) -> Channel:
    """Keep a mailbox that was reached."""
    if secret.get("dkim_key"):
        secret = {**secret, "dkim_key": dkim_keys.plain(secret["dkim_key"])}
    if channel is not None:
        secret = {**_of_other_servers(channel, settings), **secret}
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


def _of_other_servers(channel: Channel | None, settings: dict[str, Any]) -> dict[str, str]:
    """Emptied, the secrets meant for a server that is another now: whoever names one of their own learns nothing."""
    if channel is None:
        return {}
    kept, before = setting_up.secrets_of(channel), channel.settings
    moved = [
        names for names in _SECRETS_OF if any(before.get(one) and before[one] != settings.get(one) for one in names)
    ]
    return {name: "" for names in moved for name in _SECRETS_OF[names] if kept.get(name)}


def _insist_on_sense(settings: dict[str, Any]) -> None:
    """One way in and one way out, both known; else the same mail came twice, or nobody could say by which it left."""
    in_by, out_by = settings.get("in_provider"), settings.get("out_provider")
    if (settings.get("imap_host") and in_by) or (settings.get("smtp_host") and out_by):
        raise TwoWays
    if (in_by and in_by not in PROVIDERS) or (out_by and not (out_by in PROVIDERS and PROVIDERS[out_by].carries)):
        raise NoSuchService
    is_other = settings.get("oauth_giver") == OTHER
    if is_other and not (settings.get("oauth_authorize_url") and settings.get("oauth_token_url")):
        raise GiverNotUsable


def _present_secrets(channel: Channel | None) -> dict[str, str]:
    """With tokens that hold; raises `MailboxNotReadable` when there are none any more."""
    try:
        return signing_in.secrets_for(channel) if channel else {}
    except NotGiven as refusal:
        raise MailboxNotReadable(str(refusal)) from refusal
