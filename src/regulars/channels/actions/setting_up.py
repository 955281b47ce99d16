"""Channels are made, changed, paused and put away."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.channels.actions import deliveries
from regulars.channels.errors import AddressTaken, ChannelNotUsable, NoSuchChannel
from regulars.channels.models import Channel
from regulars.kernel import clock, secrets
from regulars.kernel.actors import Actor

LONGEST_NAME = 100
USE = "channel"


@transaction.atomic
def create(
    kind: str,
    name: str,
    *,
    by: Actor,
    address: str = "",
    settings: dict[str, Any] | None = None,
    secret: dict[str, str] | None = None,
    team_id: int | None = None,
) -> Channel:
    """Make a channel; an address belongs to one channel only."""
    permission.require("manage_desk", by=by)
    channel = Channel(
        kind=kind, name=_readable(name), address=_usable(kind, address), settings=settings or {},
        secrets=_seal(secret or {}), team_id=team_id, created_at=clock.now(),
    )  # fmt: skip
    _refuse_taken(channel)
    channel.save()
    _note(audit_verbs.CHANNEL_CREATED, channel, by=by)
    return channel


@transaction.atomic
def change(
    channel_id: int,
    *,
    by: Actor,
    name: str,
    address: str,
    settings: dict[str, Any],
    secret: dict[str, str] | None = None,
    team_id: int | None = None,
) -> Channel:
    """Change a channel; a secret that is not given stays as it is. What could not leave is tried anew."""
    permission.require("manage_desk", by=by)
    channel = held(channel_id)
    channel.name, channel.address = _readable(name), _usable(channel.kind, address)
    channel.settings, channel.team_id = settings, team_id
    if secret is not None:
        channel.secrets = _seal({**secrets_of(channel), **secret})
    channel.trouble, channel.trouble_at = "", None
    channel.out_trouble, channel.out_trouble_at = "", None
    _refuse_taken(channel)
    channel.save()
    deliveries.hurry(channel.pk)
    _note(audit_verbs.CHANNEL_CHANGED, channel, by=by)
    return channel


@transaction.atomic
def renew_door(channel_id: int, *, by: Actor) -> Channel:
    """Let mail services call another address from now on; the old one works no more."""
    permission.require("manage_desk", by=by)
    channel = held(channel_id)
    channel.settings = {**channel.settings, "door_number": int(channel.settings.get("door_number", 0)) + 1}
    channel.save(update_fields=["settings"])
    _note(audit_verbs.CHANNEL_CHANGED, channel, by=by)
    return channel


@transaction.atomic
def archive(channel_id: int, *, by: Actor) -> None:
    """Put a channel away: nothing comes or goes on it any more, its conversations stay."""
    permission.require("manage_desk", by=by)
    channel = held(channel_id)
    if channel.archived_at is None:
        channel.archived_at = clock.now()
        channel.save(update_fields=["archived_at"])
        _note(audit_verbs.CHANNEL_ARCHIVED, channel, by=by)


def held(channel_id: int) -> Channel:
    """Lock a channel until the transaction ends."""
    channel = Channel.objects.select_for_update(no_key=True).filter(pk=channel_id).first()
    if channel is None:
        raise NoSuchChannel
    return channel


def secrets_of(channel: Channel) -> dict[str, str]:
    """What is secret about a channel: passwords, tokens."""
    return json.loads(secrets.unseal(channel.secrets, use=USE)) if channel.secrets else {}


def add_secrets(channel: Channel, secret: dict[str, str]) -> dict[str, str]:
    """Keep these secrets of a held channel beside those it has; returns all."""
    every = {**secrets_of(channel), **secret}
    channel.secrets = _seal(every)
    channel.save(update_fields=["secrets"])
    return every


def _seal(secret: dict[str, str]) -> bytes:
    return secrets.seal(json.dumps(secret), use=USE) if secret else b""


def _readable(name: str) -> str:
    word = " ".join(name.split())
    if not 1 <= len(word) <= LONGEST_NAME or "\x00" in word:
        raise ChannelNotUsable
    return word


def _usable(kind: str, address: str) -> str:
    address = address.strip()
    if kind == Channel.EMAIL or address:
        try:
            validate_email(address)
        except ValidationError as refusal:
            raise ChannelNotUsable from refusal
    return address


def _refuse_taken(channel: Channel) -> None:
    others = Channel.objects.filter(archived_at=None).exclude(pk=channel.pk)
    if channel.address and others.filter(address__iexact=channel.address).exists():
        raise AddressTaken


def _note(verb: str, channel: Channel, *, by: Actor) -> None:
    audit.note(verb, by=by, subject=f"channel:{channel.pk}", details={"name": channel.name, "kind": channel.kind})
