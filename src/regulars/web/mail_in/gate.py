"""Who may bring a body to a mailbox's address: asked by its head alone, so that a stranger's fills no disk.

Whoever has the whole address is let in, however often they come. Who has not is counted by where they come
from, and waits once it is too often; a right address that was seen lately is asked for first, so that a
stranger behind the same proxy keeps no mail out.
"""

import math
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from regulars.channels.actions import provided
from regulars.channels.errors import NoSuchChannel

PLACE: Final = "/mail/in/"
LARGEST: Final = 50 * 1024 * 1024
EVERY_SECONDS: Final = 6.0  # one wrong address
AT_ONCE: Final = 10
MOST_KNOWN: Final = 10_000
_PATH: Final = re.compile(r"/mail/in/([^/]{1,60})/([a-z_]{1,30})(?:/(mime|events))?", re.ASCII)


_now = time.monotonic


@dataclass(slots=True)
class Strangers:
    """Who came with a wrong address, and until when that is paid for; of those who came long ago nothing is kept."""

    _paid_until: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, address: str) -> float:
        """How many seconds somebody has to wait; 0 when they may try."""
        return max(0.0, self._paid_until.get(address, 0.0) - _now() - (AT_ONCE - 1) * EVERY_SECONDS)

    def count(self, address: str) -> None:
        """Count one wrong try."""
        now = _now()
        with self._lock:
            self._paid_until[address] = max(self._paid_until.pop(address, 0.0), now) + EVERY_SECONDS
            while len(self._paid_until) > MOST_KNOWN:
                self._paid_until.popitem(last=False)


strangers = Strangers()
_right: OrderedDict[str, None] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a stranger hears, and how long to wait."""

    status: int
    words: str
    seconds: int = 0


def refusal(path: str, *, address: str) -> Refusal | None:
    """Why nothing is read of this call; None when it may bring its body."""
    found = _PATH.fullmatch(path)
    if found is None:
        return Refusal(404, "There is no such mailbox here; nothing was read.\n")
    seconds = strangers.wait(_unsigned(path, address)) or (0 if path in _right else strangers.wait(address))
    if seconds:
        return Refusal(429, "Too many wrong calls from there; nothing was read.\n", math.ceil(seconds))
    token, provider, ending = found.groups()
    try:
        provided.let_in(token, provider, provided.TELLS if ending == "events" else provided.BRINGS)
    except NoSuchChannel:
        _right.pop(path, None)
        strangers.count(address)
        return Refusal(404, "There is no such mailbox here; nothing was read.\n")
    _remember(path)
    return None


def count_unsigned(path: str, *, address: str) -> int:
    """Count a call to a right address that was not signed; returns how many seconds the next one has to wait."""
    strangers.count(_unsigned(path, address))
    return math.ceil(strangers.wait(_unsigned(path, address)))


def _unsigned(path: str, address: str) -> str:
    return f"{address} {path}"


def _remember(path: str) -> None:
    _right[path] = None
    while len(_right) > MOST_KNOWN:
        _right.popitem(last=False)
