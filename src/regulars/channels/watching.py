"""Watching mailboxes whose servers say when mail came, so that nobody waits for the next look.

One thread holds a line to each and waits on all of them. Whatever goes wrong with a line, the mailbox is
looked into every 20 seconds as before, and the line is tried again after a while.
"""

import select
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from imapclient.exceptions import IMAPClientError

from regulars.channels.actions import fetching, signing_in
from regulars.channels.email import imap
from regulars.channels.email.imap.idling import Idle
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.models import Channel
from regulars.channels.selectors import mailboxes

log = structlog.get_logger(__name__)

MOST_LINES = 100
LOOK_EVERY_SECONDS = 10.0
AGAIN_AFTER_SECONDS = 120.0
NOT_OFFERED_SECONDS = 3_600.0
WAIT_SECONDS = 1.0


@dataclass(slots=True)
class Watcher:
    """Holds the lines; `turn` is called again and again by one thread."""

    lines: dict[int, Idle] = field(default_factory=dict)
    known: dict[int, str] = field(default_factory=dict)  # by which settings each line was opened
    rests: dict[int, float] = field(default_factory=dict)  # until when a mailbox gets no line
    looked_at: float = -1e9

    def turn(self) -> float:
        """Wait a moment for news; returns how long to pause before the next turn."""
        if time.monotonic() - self.looked_at > LOOK_EVERY_SECONDS:
            self._look()
            self.looked_at = time.monotonic()
        if not self.lines:
            return WAIT_SECONDS
        said, _, _ = select.select(list(self.lines.values()), [], [], WAIT_SECONDS)
        for channel_id, line in list(self.lines.items()):
            if line in said or time.monotonic() - self.looked_at < WAIT_SECONDS:  # now and then all, to renew them
                self._listen(channel_id, line, is_readable=line in said)
        return 0.0

    def close(self) -> None:
        """Hang up everywhere."""
        for channel_id in list(self.lines):
            self._drop(channel_id)

    def _listen(self, channel_id: int, line: Idle, *, is_readable: bool) -> None:
        try:
            if line.heard(is_readable=is_readable):
                fetching.soon(channel_id)
        except (OSError, EOFError, IMAPClientError) as fault:
            log.info("a line to a mailbox was cut", channel_id=channel_id, fault=type(fault).__name__)
            self._drop(channel_id, rests=AGAIN_AFTER_SECONDS)

    def _look(self) -> None:
        """Lines to the mailboxes there are now, under the settings they have now; at most so many."""
        wanted = {row.pk: row for row in Channel.objects.filter(pk__in=mailboxes.to_look_into()[:MOST_LINES])}
        for channel_id in [pk for pk in self.lines if pk not in wanted or self.known[pk] != _as_set(wanted[pk])]:
            self._drop(channel_id)
        self._open(wanted)

    def _open(self, wanted: Mapping[int, Channel]) -> None:
        now = time.monotonic()
        for channel_id, channel in wanted.items():
            if channel_id in self.lines or self.rests.get(channel_id, 0) > now or channel.synced_at is None:
                continue
            try:
                server = imap.way_in(channel.settings, signing_in.secrets_for(channel))
                line = Idle(server) if server else None
            except (imap.Trouble, NotGiven):
                self.rests[channel_id] = now + AGAIN_AFTER_SECONDS  # looking into it says what is wrong
                continue
            if line is None or not line.is_offered:
                self.rests[channel_id] = now + NOT_OFFERED_SECONDS
                continue
            self.lines[channel_id], self.known[channel_id] = line, _as_set(channel)
            fetching.soon(channel_id)  # what came before the line stood

    def _drop(self, channel_id: int, *, rests: float = 0) -> None:
        self.known.pop(channel_id, None)
        self.lines.pop(channel_id).close()
        if rests:
            self.rests[channel_id] = time.monotonic() + rests


def _as_set(channel: Channel) -> str:
    named = sorted((name, str(value)) for name, value in channel.settings.items() if name.startswith("imap_"))
    return str(named)
