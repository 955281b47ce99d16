"""Pieces of pages drawn once: kept while nothing changed of what they show.

What a piece shows is its key, so nothing here can be out of date: whatever changes makes it another piece. Kept are
the pieces used last, so many letters in all, none longer than a quarter of an hour after its last use; and none at
all once somebody was erased, in every process (`forget_all`, told by `kernel.live` as `ERASED`). See docs/adr/0017.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import Any, Final, TypeVar

P = TypeVar("P", bound=Sized)

MOST_LETTERS: Final = 24_000_000
LARGEST: Final = 200_000  # letters; a longer piece is drawn each time
SECONDS: Final = 900.0

_kept: "OrderedDict[Hashable, tuple[Any, float]]" = OrderedDict()  # least recently used first
_letters = 0
_lock = threading.Lock()


def piece(key: Hashable, draw: Callable[[], P]) -> P:
    """The piece with this key: as it was drawn before, or drawn now. It is as long as it has letters."""
    now = time.monotonic()
    with _lock:
        _drop_old(now)
        known = _kept.get(key)
        if known is not None:
            _kept[key] = (known[0], now)
            _kept.move_to_end(key)
            return known[0]
    html = draw()
    if len(html) <= LARGEST:
        _keep(key, html, now)
    return html


def forget_all() -> None:
    """Keep nothing of what was drawn."""
    global _letters
    with _lock:
        _kept.clear()
        _letters = 0


def _keep(key: Hashable, html: Sized, now: float) -> None:
    global _letters
    with _lock:
        before = _kept.pop(key, None)
        _letters += len(html) - (len(before[0]) if before else 0)
        _kept[key] = (html, now)
        while _letters > MOST_LETTERS:
            _letters -= len(_kept.popitem(last=False)[1][0])


def _drop_old(now: float) -> None:
    global _letters
    while _kept and next(iter(_kept.values()))[1] < now - SECONDS:
        _letters -= len(_kept.popitem(last=False)[1][0])
