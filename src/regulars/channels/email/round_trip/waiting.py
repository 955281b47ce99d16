"""Waiting for the mail to come back, where the channel's mail lies."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.channels.actions import signing_in
from regulars.channels.email import imap
from regulars.channels.models import Channel, Incoming

LOOK_EVERY_SECONDS = 1.0
LARGEST = 1_000_000
_OTHER_PLACES = ("junk", "spam", "bulk")


@dataclass(frozen=True, slots=True)
class Came:
    """It came: its bytes as far as they are still there, and where it lay."""

    raw: bytes
    folder: str = ""


class Place:
    """Where mail of a channel comes in: a folder on a server, else what a receiver stored.

    Raises `NotGiven` where it is signed in to by a token and there is none.
    """

    def __init__(self, channel: Channel, *, since: datetime) -> None:
        self.channel, self.since = channel, since
        self.server = imap.way_in(channel.settings, signing_in.secrets_for(channel))
        self.marks: dict[str, int] = {}

    def look_before(self) -> None:
        """Note where the folders end now, those for unwanted mail too; raises `imap.Trouble`."""
        if self.server is None:
            return
        with imap.opened(self.server) as folder:
            self.marks[self.server.folder] = folder.uid_next - 1
            others = [name for name in folder.names() if name.lower().rpartition("/")[2] in _OTHER_PLACES]
        for name in others:
            with imap.opened(replace(self.server, folder=name)) as folder:
                self.marks[name] = folder.uid_next - 1

    def wait(self, token: str, *, seconds: float) -> Came | None:
        """Look again and again until it is there or the time is over; raises `imap.Trouble`."""
        end = time.monotonic() + seconds
        while True:
            found = next(self._look(token), None)
            if found is not None or time.monotonic() > end:
                return found
            time.sleep(LOOK_EVERY_SECONDS)

    def _look(self, token: str) -> Iterator[Came]:
        if self.server is None:
            yield from self._received(token)
            return
        for name, mark in self.marks.items():
            with imap.opened(replace(self.server, folder=name)) as folder:
                for batch in folder.batches(folder.uids(after=mark), most=20, most_bytes=LARGEST):
                    for one in folder.fetch(batch, largest=LARGEST):
                        if token.encode() in one.raw:
                            yield Came(one.raw, name)

    def _received(self, token: str) -> Iterator[Came]:
        """A mail from a mailbox to itself is dropped once it is understood, and its bytes with it."""
        for row in Incoming.objects.filter(channel=self.channel, received_at__gte=self.since).order_by("-pk")[:200]:
            raw = bytes(row.raw)
            if token.encode() in raw or row.state == Incoming.DROPPED:
                yield Came(raw)
