"""Tokens by which a mailbox is signed in to: allowed once by a person, renewed before they end, kept sealed.

Two workers renew one after the other, and the second takes what the first got: some services give a
new renewing token each time, and take the old one for stolen when it comes again.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.channels.actions import deliveries, setting_up
from regulars.channels.email.oauth import asking
from regulars.channels.email.oauth.asking import NotGiven, Tokens
from regulars.channels.email.oauth.services import giver
from regulars.channels.errors import NotConnected
from regulars.channels.models import Channel, Mailbox
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.said import refusal_of

AHEAD = timedelta(minutes=5)
_LOCK = 7_301_906


def secrets_for(channel: Channel, *, anew: bool = False) -> dict[str, str]:
    """A channel's secrets with tokens that hold for a while yet; `anew` when the present one was refused.

    Raises `NotGiven`, with what to do, when they end and there are no others.
    """
    secret = setting_up.secrets_of(channel)
    if giver(channel.settings, secret) is None:
        return secret
    if not anew and _holds(secret):
        return _with_tokens(secret)
    return _with_tokens(_renewed(channel.pk, refused=secret.get("oauth_access", "") if anew else ""))


def is_by_token(channel: Channel) -> bool:
    """Whether this channel's tokens are renewed by us."""
    return bool(channel.settings.get("oauth_giver"))


def lacks_permission(settings: dict[str, object], secret: dict[str, str]) -> bool:
    """Whether somebody must allow it first."""
    return giver(settings, secret) is not None and not secret.get("oauth_refresh")


@transaction.atomic
def connect(channel_id: int, *, code: str, verifier: str, redirect: str, by: Actor) -> Channel:
    """Keep the tokens for what a person allowed just now; raises `NotConnected` with the reason."""
    permission.require("manage_desk", by=by)
    channel = setting_up.held(channel_id)
    asked = giver(channel.settings, setting_up.secrets_of(channel))
    if asked is None:
        raise NotConnected
    try:
        tokens = asking.exchange(asked, code=code, verifier=verifier, redirect=redirect)
    except NotGiven as refusal:
        raise NotConnected(str(refusal)) from refusal
    setting_up.add_secrets(channel, _kept(tokens))
    Mailbox.objects.filter(channel=channel).update(failures=0, next_try_at=None)
    deliveries.hurry(channel.pk)
    audit.note(audit_verbs.CHANNEL_CHANGED, by=by, subject=f"channel:{channel.pk}", details={"name": channel.name})
    return channel


@transaction.atomic(durable=True)
def _renewed(channel_id: int, *, refused: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, channel_id])
    channel = Channel.objects.get(pk=channel_id)
    secret = setting_up.secrets_of(channel)
    if _holds(secret) and secret["oauth_access"] != refused:
        return secret  # somebody was faster
    asked = giver(channel.settings, secret)
    if asked is None or not secret.get("oauth_refresh"):
        raise NotGiven(refusal_of(NotConnected()), is_refusal=True)
    tokens = asking.renew(asked, refresh=secret["oauth_refresh"])
    return setting_up.add_secrets(setting_up.held(channel_id), _kept(tokens))


def _kept(tokens: Tokens) -> dict[str, str]:
    kept = {"oauth_access": tokens.access, "oauth_expires_at": tokens.expires_at.isoformat()}
    return kept | ({"oauth_refresh": tokens.refresh} if tokens.refresh else {})


def _holds(secret: dict[str, str]) -> bool:
    ends = secret.get("oauth_expires_at", "")
    return bool(secret.get("oauth_access") and ends) and datetime.fromisoformat(ends) > clock.now() + AHEAD


def _with_tokens(secret: dict[str, str]) -> dict[str, str]:
    access = secret.get("oauth_access", "")
    return {**secret, "imap_token": access, "smtp_token": access}
