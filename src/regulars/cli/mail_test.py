"""The work of `regulars mail test`; imported only once Django is set up."""

from __future__ import annotations

from collections.abc import Iterator

import click

from regulars.channels import selectors
from regulars.channels.email import round_trip
from regulars.channels.email.round_trip import Finding

SIGNS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


def channels_to_test(channel_id: int | None) -> list[int]:
    """The one asked for, else every mailbox."""
    mailboxes = [channel.pk for channel in selectors.channels() if channel.kind == channel.EMAIL]
    return mailboxes if channel_id is None else [pk for pk in mailboxes if pk == channel_id]


def findings(channel_id: int, *, wait_seconds: float) -> Iterator[Finding]:
    """What a round trip through one channel shows."""
    channel = selectors.channel(channel_id)
    assert channel is not None
    click.secho(f"{channel.name} <{channel.address}>", bold=True)
    yield from round_trip.run(channel, wait_seconds=wait_seconds)


def show(finding: Finding) -> None:
    """One line for one finding."""
    sign, colour = SIGNS[finding.is_well]
    click.echo(f"  {click.style(sign, fg=colour)} {finding.words}")
