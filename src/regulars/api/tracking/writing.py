"""Two threads: one understands calls, one stores them; what was understood meanwhile is stored together.

A call is stored as one row, as it was understood, and answered once that is durable; `settler.py`
does the dear part afterwards. A process has one transaction under way and the next one takes all
that came in since: throughput rises with load, and a lone call never waits.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from django.db import connection

from regulars.accounts.selectors import KeyInfo
from regulars.api.tracking import bodies, messages, understanding
from regulars.api.tracking.calls import Call, LookUp, Ready
from regulars.api.tracking.doors import Doors
from regulars.api.tracking.faults import noted, steadily
from regulars.api.tracking.limits import Limits
from regulars.api.tracking.refusals import Refusal, invalid, unavailable, wrong_key
from regulars.api.tracking.settler import Settler
from regulars.api.tracking.times import since_epoch
from regulars.api.tracking.understanding import Circumstances, Understood
from regulars.customers.tracking import pending, rejected, settling
from regulars.customers.tracking.facts import pack
from regulars.customers.tracking.pending import Receipt, Stored
from regulars.kernel import metrics, settings_table
from regulars.kernel.models import Source

MOST_BYTES_TOGETHER = 2_000_000  # in one transaction; one more call may go over it
_WRONG_KEYS_PER_SECOND = 5.0


class Writers:
    """The threads of one process, and what waits for each."""

    def __init__(self) -> None:
        self._arrived: queue.SimpleQueue[Call | LookUp | None] = queue.SimpleQueue()
        self._ready: queue.SimpleQueue[Ready | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self.doors = Doors()
        self._limits = Limits(settings_table.data_directory() / "tracking-limits")
        self._rates = {
            name: float(settings_table.at_start(f"tracking_{name}_rate")) for name in ("server", "browser", "address")
        }
        self._settler = Settler()
        self._threads = [
            threading.Thread(target=self._understand, name="tracking-understanding", daemon=True),
            threading.Thread(target=self._write, name="tracking-storing", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def take(self, work: Call | LookUp) -> None:
        """Queue something; its future is resolved on the loop."""
        self._settler.taken += 1
        self._arrived.put(work)

    def close(self) -> None:
        """Finish what is queued and give the connections back."""
        self._arrived.put(None)
        for thread in self._threads:
            thread.join(10)
        self._settler.close()

    def _understand(self) -> None:
        while (work := self._arrived.get()) is not None:
            try:
                if isinstance(work, Call):
                    self._ready.put(self._understood(work))
                else:
                    self._answer([(work, steadily(self._look_up(work.key_text)))])
            except Refusal as refusal:
                metrics.calls_refused.labels(refusal.code).inc()
                self._answer([(work, refusal)])
            except Exception as fault:
                noted(fault)
                self._answer([(work, unavailable())])
        self._ready.put(None)
        connection.close()

    def _write(self) -> None:
        while together := self._next():
            try:
                self._store(together)
                self._answer([(item.call, _answer_to(item)) for item in together])
            except Refusal as refusal:
                self._answer([(item.call, refusal) for item in together])
            except Exception as fault:
                noted(fault)
                self._answer([(item.call, unavailable()) for item in together])
        connection.close()

    def _next(self) -> list[Ready]:
        """Whatever waits, up to as much as one transaction should hold, by its size; nothing at the end."""
        together: list[Ready] = []
        size, item = 0, self._ready.get()
        while item is not None:
            together.append(item)
            size += len(item.stored.payload) if item.stored else 0
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
        self._settler.answered += len(answers)

    def _understood(self, call: Call) -> Ready:
        content = bodies.unpacked(call.body, encoding=call.encoding)
        body = messages.body_of(content) if call.kind is None else messages.single_of(content)
        key = self._key(call.key_text or body.write_key, call.address)
        self._hold_back(key, call.address, len(body.batch))
        around = Circumstances(
            key=key,
            received_us=since_epoch(call.received_at),
            currency=steadily(self.doors.currency),
            visitor_token=call.visitor_token,
            may_hold_token=key.kind == Source.BROWSER and b"visitorToken" in content,
        )
        understood = understanding.understand(body, kind=call.kind, around=around)
        if not understanding.is_plain(content, understood.tracked.properties):
            understood = understanding.understand(body, kind=call.kind, around=around.carefully())
        return Ready(call, key, len(body.batch), understood.rejections, _row(understood, key, around.received_us))

    def _key(self, text: str | None, address: str) -> Any:
        if not text:
            raise wrong_key()
        is_known, key = self.doors.remembered(text)
        if not is_known:
            self._wait_for(f"wrong {address}", 0, _WRONG_KEYS_PER_SECOND)
            key = steadily(self._look_up(text))
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

    def _store(self, ready: Sequence[Ready]) -> None:
        """Make sure that it is in the database for good."""
        rows = [item.stored for item in ready if item.stored]
        if not rows:
            return
        if not self._settler.has_room():
            raise unavailable()
        steadily(lambda: pending.store(rows))
        self._settler.stored(sum(row.weight for row in rows))


def _row(understood: Understood, key: KeyInfo, received_us: int) -> Stored | None:
    """What is to be kept of a call, if anything is."""
    facts = pack(understood.tracked, source_id=key.source_id, received_us=received_us)
    if not facts and not understood.said:
        return None
    return pending.stored(Receipt(key.id, key.name, key.kind, facts, msgspec.json.encode(understood.said)))


def _answer_to(item: Ready) -> Any:
    """The answer of a call that is stored: the events that were not taken, or a refusal when none was."""
    rejections = item.rejections
    if not rejections:
        return []
    metrics.calls_refused.labels("event").inc(len(rejections))
    try:
        rejected.keep(rejections, source_id=item.key.source_id)
    except settling.PASSING:
        connection.close()
    if len(rejections) == item.count:
        return invalid(rejections[0].reason, code=rejections[0].code)
    return [{"index": one.index, "code": one.code, "message": one.reason} for one in rejections[:100]]


def _resolve(answers: Sequence[tuple[Call | LookUp, Any]]) -> None:
    for work, answer in answers:
        if work.future.done():
            continue
        if isinstance(answer, Refusal):
            work.future.set_exception(answer)
        else:
            work.future.set_result(answer)
