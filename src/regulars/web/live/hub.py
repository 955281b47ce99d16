"""The hub: one per web process. It listens to the database, gathers what changed, has it painted, and hands it out.

Changes of a quarter of a second go together, so that a page gets at most four events a second. Pages
that look at the same list with the same permissions are painted for once.
"""

import asyncio
import contextlib
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import psycopg
import structlog
from django.db import close_old_connections, connection

from regulars.kernel import live
from regulars.web import pieces
from regulars.web.live.open_page import OpenPage, Sent, Stream

log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.25
CHECK_SECONDS = 15.0
PAUSE_SECONDS = 1.0
Changed = dict[str, set[int]]  # ids by topic


_open: "weakref.WeakSet[Hub]" = weakref.WeakSet()


def end_all_streams() -> None:
    """A server that stops waits for its answers to end; streams would never end by themselves."""
    for hub in list(_open):
        hub.end_streams()


class Painter(Protocol):
    """The synchronous side: it asks the database and renders, in a thread."""

    def since(self, number: int) -> list[live.Told] | None:
        """What changed after a number; None when that is forgotten."""
        ...

    def lately(self) -> list[live.Told]:
        """What changed in the last seconds."""
        ...

    def latest(self) -> int:
        """The number of the last change."""
        ...

    def present(self, page: OpenPage) -> list[dict[str, Any]]:
        """Who else is at which conversation at this moment, of those this page's agent may see."""
        ...

    def paint(self, pages: Iterable[OpenPage], changed: Changed) -> Mapping[OpenPage, list[tuple[str, dict[str, Any]]]]:
        """The events (name, content) for each of these pages; pages nothing concerns are left out."""
        ...

    def still_in(self, session_keys: set[str]) -> set[str]:
        """Those of these sessions that are still somebody's."""
        ...


class Hub:
    """Streams come and go with `add` and `drop`; `open` and `close` stand around the life of the process."""

    def __init__(self, painter: Painter, *, threads: int = 1) -> None:
        self.streams: set[Stream] = set()
        self.number = 0
        self._painter = painter
        self._changed: Changed = defaultdict(set)
        self._something = asyncio.Event()
        self._listens = asyncio.Event()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="live")
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Begin to listen and to paint; once is enough."""
        if self._tasks:
            return
        _open.add(self)
        self._tasks = [asyncio.ensure_future(work()) for work in (self._listen, self._paint, self._check)]

    async def close(self) -> None:
        """End every stream and every task."""
        self.end_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=True, cancel_futures=True)

    def end_streams(self) -> None:
        """Let every page's stream end; pages connect again, to whoever listens then."""
        for stream in self.streams:
            stream.end()

    async def add(self, stream: Stream, *, last_seen: int | None) -> None:
        """Take a page's stream in, and tell it what it missed since the number it saw last, or while it was loaded."""
        await self._listens.wait()
        present = await self.in_thread(self._painter.present, stream.page)
        self.streams.add(stream)
        stream.bring(Sent("here", {"present": present}, self.number))
        missed = await (
            self.in_thread(self._painter.lately)
            if last_seen is None
            else self.in_thread(self._painter.since, last_seen)
        )
        if missed is None:
            stream.bring(Sent("reload", {}, self.number))
        elif missed:
            await self._hand_out([stream], _by_topic(missed), missed[-1].number)

    def drop(self, stream: Stream) -> None:
        """Forget a stream."""
        self.streams.discard(stream)

    async def in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run something synchronous in a thread that has a database connection of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _fresh, function, *arguments)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(**_where(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {live.CHANNEL}")
                    pieces.forget_all()  # whoever was erased while nobody listened
                    await self._catch_up()
                    async for notify in listening.notifies():
                        self._heard(live.parse(notify.payload))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _catch_up(self) -> None:
        """What was told while nobody listened, because the database was away."""
        if not self._listens.is_set():
            self.number = await self.in_thread(self._painter.latest)
            self._listens.set()
            return
        missed = await self.in_thread(self._painter.since, self.number)
        if missed is None:
            self.number = await self.in_thread(self._painter.latest)
            for stream in self.streams:
                stream.bring(Sent("reload", {}, self.number))
            return
        for told in missed:
            self._heard(told)

    def _heard(self, told: live.Told) -> None:
        self.number = max(self.number, told.number)
        if told.topic == live.ERASED:
            pieces.forget_all()
        if self.streams:
            self._changed[told.topic].add(told.subject_id)
            self._something.set()

    async def _paint(self) -> None:
        while True:
            await self._something.wait()
            await asyncio.sleep(GATHER_SECONDS)
            changed, self._changed, number = self._changed, defaultdict(set), self.number
            self._something.clear()
            try:
                await self._hand_out(list(self.streams), changed, number)
            except Exception:
                log.exception("open pages could not be told of changes")

    async def _hand_out(self, streams: list[Stream], changed: Changed, number: int) -> None:
        pages = {stream.page for stream in streams}
        if not pages:
            return
        painted = await self.in_thread(self._painter.paint, pages, changed)
        for stream in streams:
            for event, content in painted.get(stream.page, ()):
                stream.bring(Sent(event, content, number))

    async def _check(self) -> None:
        """End the streams of those who signed out or lost their access."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            keys = {stream.session_key for stream in self.streams}
            if not keys:
                continue
            with contextlib.suppress(Exception):
                still = await self.in_thread(self._painter.still_in, keys)
                for stream in [stream for stream in self.streams if stream.session_key not in still]:
                    stream.end()


def _where() -> dict[str, Any]:
    """The pages' own database; not through a pooler, which would break LISTEN."""
    said = connection.get_connection_params()
    return {name: said[name] for name in ("host", "port", "user", "password", "dbname", "sslmode") if name in said}


def _by_topic(told: Iterable[live.Told]) -> Changed:
    changed: Changed = defaultdict(set)
    for one in told:
        changed[one.topic].add(one.subject_id)
    return changed


def _fresh(function: Callable[..., Any], *arguments: Any) -> Any:
    """A thread may find its connection broken by a database that restarted: it gets a new one."""
    close_old_connections()
    return function(*arguments)
