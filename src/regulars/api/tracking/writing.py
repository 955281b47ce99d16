"""Two threads: one understands calls, one writes them; what was understood meanwhile is written together.

A transaction costs the database as much as a hundred facts in it, so a process has one under way
and the next one takes all that came in since: throughput rises with load, and a lone call never
waits. Nobody is answered before the transaction that holds their facts is durable.
"""

import asyncio
import contextlib
import queue
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import django.db
import psycopg
import structlog
from django.db import connection
from psycopg import errors

from regulars.api.tracking import at_once, bodies, messages, understanding
from regulars.api.tracking.calls import Call, LookUp, Ready
from regulars.api.tracking.doors import Doors
from regulars.api.tracking.limits import Limits
from regulars.api.tracking.refusals import Refusal, invalid, unavailable, wrong_key
from regulars.api.tracking.times import since_epoch
from regulars.api.tracking.understanding import Circumstances, Understood
from regulars.customers.tracking import applying, rejected
from regulars.customers.tracking.facts import Store
from regulars.kernel import metrics, settings_table
from regulars.kernel.actors import Actor
from regulars.kernel.models import Source

MOST_BYTES_TOGETHER = 2_000_000  # in one transaction; one more call may go over it
_ATTEMPTS = 4
_WRONG_KEYS_PER_SECOND = 5.0

_T = TypeVar("_T")
_log = structlog.get_logger("regulars.tracking")
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, django.db.OperationalError, django.db.InterfaceError)
_UNSTORABLE = (psycopg.DataError, django.db.DataError)


class Writers:
    """The two threads of one process, and what waits for each."""

    def __init__(self) -> None:
        self._arrived: queue.SimpleQueue[Call | LookUp | None] = queue.SimpleQueue()
        self._ready: queue.SimpleQueue[Ready | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self.doors = Doors()
        self._store = Store()
        self._limits = Limits(settings_table.data_directory() / "tracking-limits")
        self._rates = {
            name: float(settings_table.at_start(f"tracking_{name}_rate")) for name in ("server", "browser", "address")
        }
        self._threads = [
            threading.Thread(target=self._understand, name="tracking-understanding", daemon=True),
            threading.Thread(target=self._write, name="tracking-writing", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def take(self, work: Call | LookUp) -> None:
        """Queue something; its future is resolved on the loop."""
        self._arrived.put(work)

    def close(self) -> None:
        """Finish what is queued and give the connections back."""
        self._arrived.put(None)
        for thread in self._threads:
            thread.join(10)

    def _understand(self) -> None:
        while (work := self._arrived.get()) is not None:
            try:
                if isinstance(work, Call):
                    self._ready.put(self._understood(work))
                else:
                    self._answer([(work, _steadily(self._look_up(work.key_text)))])
            except Refusal as refusal:
                metrics.calls_refused.labels(refusal.code).inc()
                self._answer([(work, refusal)])
            except Exception as fault:
                self._answer([(work, _unforeseen(fault))])
        self._ready.put(None)
        connection.close()

    def _write(self) -> None:
        while together := self._next():
            try:
                self._answer(self._written(together))
            except Exception as fault:
                refusal = _unforeseen(fault)
                self._answer([(item.call, refusal) for item in together])
        connection.close()

    def _next(self) -> list[Ready]:
        """Whatever waits, up to as much as one transaction should hold, by its size; nothing at the end."""
        together: list[Ready] = []
        size, item = 0, self._ready.get()
        while item is not None:
            together.append(item)
            size += len(item.content)
            if size > MOST_BYTES_TOGETHER:
                break
            try:
                item = self._ready.get_nowait()
            except queue.Empty:
                break
        if item is None and together:
            self._ready.put(None)
        return together

    def _answer(self, answers: Sequence[tuple[Call | LookUp, Any]]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may have ended: nobody waits any more
            self._loop.call_soon_threadsafe(_resolve, answers)

    def _understood(self, call: Call) -> Ready:
        content = bodies.unpacked(call.body, encoding=call.encoding)
        body = messages.body_of(content) if call.kind is None else messages.single_of(content)
        key = self._key(call.key_text or body.write_key, call.address)
        self._hold_back(key, call.address, len(body.batch))
        around = Circumstances(
            key=key,
            received_us=since_epoch(call.received_at),
            currency=_steadily(self.doors.currency),
            visitor_token=call.visitor_token,
            may_hold_token=key.kind == Source.BROWSER and b"visitorToken" in content,
        )
        understood = (call.kind is None and at_once.understand(body, around=around)) or understanding.understand(
            body, kind=call.kind, around=around
        )
        if not understanding.is_plain(content, understood.tracked.properties):
            understood = understanding.understand(body, kind=call.kind, around=around.carefully())
        return Ready(call, key, content, understood, len(body.batch))

    def _key(self, text: str | None, address: str) -> Any:
        if not text:
            raise wrong_key()
        is_known, key = self.doors.remembered(text)
        if not is_known:
            self._wait_for(f"wrong {address}", 0, _WRONG_KEYS_PER_SECOND)
            key = _steadily(self._look_up(text))
        if key is None or key.kind not in (Source.BROWSER, Source.SERVER):
            self._wait_for(f"wrong {address}", 1, _WRONG_KEYS_PER_SECOND)
            raise wrong_key()
        return key

    def _look_up(self, text: str) -> Callable[[], Any]:
        return lambda: self.doors.open(text)

    def _hold_back(self, key: Any, address: str, count: int) -> None:
        self._wait_for(f"key {key.id}", count, self._rates[key.kind])
        if key.kind == Source.BROWSER:
            self._wait_for(f"address {address}", count, self._rates["address"])

    def _wait_for(self, sender: str, amount: int, per_second: float) -> None:
        wait = self._limits.take(sender, amount, per_second=per_second)
        if wait > 0:
            raise Refusal(
                429,
                "too_many_requests",
                "More was sent than this key or address may send. Nothing of this call was kept; send it again later.",
                retry_after_seconds=int(wait) + 1,
            )

    def _written(self, ready: Sequence[Ready]) -> list[tuple[Call, Any]]:
        plain = [item for item in ready if not item.understood.said]
        answers: list[tuple[Call, Any]] = []
        for kind in (Source.SERVER, Source.BROWSER):
            answers += self._together([item for item in plain if item.key.kind == kind])
        return answers + [(item.call, self._alone(item)) for item in ready if item.understood.said]

    def _together(self, ready: Sequence[Ready]) -> list[tuple[Call, Any]]:
        if not ready:
            return []
        calls = [item.understood.tracked for item in ready]
        received_at = max(item.call.received_at for item in ready)
        try:
            stored = _steadily(lambda: self._store.write(calls, received_at=received_at))
        except Refusal as refusal:
            return [(item.call, refusal) for item in ready]
        except _UNSTORABLE:
            return [(item.call, self._alone(item)) for item in ready]
        _count(ready[0].key.kind, sent=sum(len(call.who) for call in calls), stored=stored)
        return [(item.call, _settled(item)) for item in ready]

    def _alone(self, item: Ready) -> Any:
        """Write one call by itself: it says who is who, or holds something that cannot be stored."""
        teller = applying.Teller(item.key.source_id, Actor("key", item.key.id, item.key.name))
        try:
            stored = _steadily(lambda: self._apply(item.understood, teller, item))
        except Refusal as refusal:
            return refusal
        except _UNSTORABLE:
            _log.warning("a call holds something that cannot be stored", key=item.key.id)
            return invalid("Something in this call cannot be stored. Please send its events one by one.")
        _count(item.key.kind, sent=len(item.understood.tracked.who), stored=stored)
        return _settled(item)

    def _apply(self, understood: Understood, teller: applying.Teller, item: Ready) -> int:
        return applying.write(
            understood.tracked,
            understood.said,
            teller=teller,
            store=self._store,
            received_at=item.call.received_at,
        )


def _unforeseen(fault: Exception) -> Refusal:
    """Note the place and the kind of fault; never its words or values, which may be about a person."""
    where = "".join(traceback.format_tb(fault.__traceback__))
    _log.error("a tracking thread met something unforeseen", fault=type(fault).__name__, where=where)
    connection.close()
    return unavailable()


def _steadily(write: Callable[[], _T]) -> _T:
    """Try again after a lost connection or a deadlock: every write may be repeated, by the messages' ids."""
    for attempt in range(_ATTEMPTS):
        try:
            return write()
        except (errors.DeadlockDetected, errors.SerializationFailure):
            continue
        except _LOST as error:
            if isinstance(error.__cause__, errors.DeadlockDetected):
                continue
            connection.close()
            if attempt:  # the first may have been a connection that died while nobody used it
                raise unavailable() from error
    raise unavailable()


def _settled(item: Ready) -> Any:
    """The answer of a call that was written: the events that were not taken, or a refusal when none was."""
    rejections = item.understood.rejections
    if not rejections:
        return []
    metrics.calls_refused.labels("event").inc(len(rejections))
    try:
        rejected.keep(rejections, source_id=item.key.source_id)
    except _LOST:
        connection.close()
    if len(rejections) == item.count:
        return invalid(rejections[0].reason, code=rejections[0].code)
    return [{"index": one.index, "code": one.code, "message": one.reason} for one in rejections[:100]]


def _count(kind: str, *, sent: int, stored: int) -> None:
    metrics.facts_received.labels(kind).inc(stored)
    if sent > stored:
        metrics.facts_repeated.labels(kind).inc(sent - stored)


def _resolve(answers: Sequence[tuple[Call | LookUp, Any]]) -> None:
    for work, answer in answers:
        if work.future.done():
            continue
        if isinstance(answer, Refusal):
            work.future.set_exception(answer)
        else:
            work.future.set_result(answer)
