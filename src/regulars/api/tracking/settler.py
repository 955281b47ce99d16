"""The thread that settles what was stored, when there is nothing more urgent to do.

Somebody waits for every answer and nobody for the log, so calls go first: settling begins once
nothing is in hand, but is never put off for long. What a process that died left behind is found by
whoever looks next.
"""

import threading
import time

import structlog
from django.db import connection

from regulars.api.tracking.faults import noted
from regulars.customers.tracking import pending, settling
from regulars.customers.tracking.facts import Store

QUIET_SECONDS = 0.005  # so long nothing was in hand
PATIENCE_SECONDS = 2.0  # so long, at most, is settling put off for calls
LOOK_EVERY_SECONDS = 5.0  # for what others left
ROOM_SECONDS = 10.0  # so long does a call wait for room
PRESSING = 64 * 1024 * 1024  # with so much waiting, settling goes on beside the calls
MOST_PENDING = 2 * PRESSING  # and with so much, calls wait for it

_log = structlog.get_logger("regulars.tracking")


class Settler:
    """One process's settling thread."""

    def __init__(self) -> None:
        self.taken = 0  # calls that came in
        self.answered = 0
        self._waiting = 0  # by weight: as it was when last looked at, and what was stored since
        self._stored = threading.Event()
        self._is_closing = False
        self._store = Store()
        self._thread = threading.Thread(target=self._run, name="tracking-settling", daemon=True)
        self._thread.start()

    def stored(self, weight: int) -> None:
        """There is more to settle."""
        self._waiting += weight
        self._stored.set()

    def has_room(self) -> bool:
        """Whether more may be stored; waits for it for a while."""
        deadline = time.monotonic() + ROOM_SECONDS
        while self._waiting >= MOST_PENDING and time.monotonic() < deadline:
            time.sleep(QUIET_SECONDS)
        return self._waiting < MOST_PENDING

    def close(self) -> None:
        """Finish what is under way; the rest is found at the next start."""
        self._is_closing = True
        self._stored.set()
        self._thread.join(10)

    def _run(self) -> None:
        is_new = True
        while not self._is_closing:
            try:
                if is_new and (count := pending.try_again()):
                    _log.info("calls that were set aside are tried again", calls=count)
                is_new = False
                self._settle_all()
                self._stored.wait(LOOK_EVERY_SECONDS)
            except settling.PASSING:
                connection.close()
                time.sleep(0.2)
            except Exception as fault:
                noted(fault)
                time.sleep(1.0)
        connection.close()

    def _settle_all(self) -> None:
        self._stored.clear()
        while not self._is_closing:
            self._let_calls_go_first()
            count = settling.settle(self._store)
            self._waiting = pending.total_weight() if count else 0
            if not count:
                break

    def _let_calls_go_first(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        is_quiet = False
        while not is_quiet and self._waiting < PRESSING and time.monotonic() < deadline and not self._is_closing:
            before = self.taken
            time.sleep(QUIET_SECONDS)
            is_quiet = self.taken == before == self.answered
