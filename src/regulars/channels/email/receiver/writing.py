"""Storing what comes in on many lines at once: whatever waits is written in one transaction.

A commit costs a wait for the disk, whether it holds one mail or fifty. Nobody hears yes before
their mail is committed.
"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from django.db import Error, connection

from regulars.channels.actions import incoming, mail_doors
from regulars.channels.actions.incoming import Came
from regulars.kernel.room import DISK_IS_FULL, is_out_of_room

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 100
MOST_BYTES_AT_ONCE = 16 * 1024 * 1024
MOST_WAITING = 200
SAY_WORKED_EVERY_SECONDS = 30.0


@dataclass(slots=True)
class _Waiting:
    came: list[Came]
    is_stored: "asyncio.Future[bool]"


@dataclass(slots=True)
class Writer:
    """Writes in a thread of its own, with a connection of its own, as long as `run` runs."""

    _queue: "asyncio.Queue[_Waiting]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _said: dict[int, float] = field(default_factory=dict)

    async def store(self, came: list[Came]) -> bool:
        """True once it is committed; false when it could not be, and must be sent again."""
        waiting = _Waiting(came, asyncio.get_running_loop().create_future())
        await self._queue.put(waiting)
        return await waiting.is_stored

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            batch = await self._gather()
            stored = await loop.run_in_executor(self._thread, self._write, batch)
            for waiting, is_stored in zip(batch, stored, strict=True):
                if not waiting.is_stored.done():  # whoever waited may have hung up
                    waiting.is_stored.set_result(is_stored)

    def close(self) -> None:
        """Give the connection back, once what is being written is."""
        self._thread.submit(lambda: connection.close())  # the thread's own
        self._thread.shutdown()

    async def _gather(self) -> list[_Waiting]:
        batch = [await self._queue.get()]
        size = _size(batch[0])
        while len(batch) < MOST_AT_ONCE and size < MOST_BYTES_AT_ONCE and not self._queue.empty():
            batch.append(self._queue.get_nowait())
            size += _size(batch[-1])
        return batch

    def _write(self, batch: Sequence[_Waiting]) -> list[bool]:
        """All at once, else one by one, so that one that cannot be stored takes no other with it."""
        if self._is_written([one for waiting in batch for one in waiting.came]):
            return [True] * len(batch)
        return [self._is_written(waiting.came) for waiting in batch]

    def _is_written(self, came: list[Came]) -> bool:
        try:
            incoming.store_all(came)
            self._say_worked({one.channel_id for one in came})
        except Error as fault:
            why = DISK_IS_FULL if is_out_of_room(fault) else type(fault).__name__
            log.warning("mail could not be stored and is asked for again", fault=why, mails=len(came))
            connection.close()
            return False
        return True

    def _say_worked(self, channel_ids: set[int]) -> None:
        now = time.monotonic()
        due = sorted(each for each in channel_ids if now - self._said.get(each, -1e9) > SAY_WORKED_EVERY_SECONDS)
        if due:
            mail_doors.worked(due)
            self._said.update(dict.fromkeys(due, now))


def _size(waiting: _Waiting) -> int:
    return sum(len(one.raw) for one in waiting.came)
