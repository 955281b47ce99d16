"""How long a web process waits for whoever speaks to it, and to how many it listens.

A line costs a file number and some memory, and both end. Whoever connects and says nothing, begins a request and does
not go on, or reads no further is left alone after a while. When there are too many lines, whoever has the most gives
one up: a stranger with ten thousand of them keeps nobody else out. What is said before a body has to end too.
"""

import resource
from collections import Counter
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LOOK_SECONDS = 5.0
HEAD_SECONDS = 20.0  # for a request's head, from its first byte; or from the beginning of the line
BODY_SECONDS = 60.0  # in which nothing of a body came
READ_SECONDS = 120.0  # in which nothing of an answer was taken
LONGEST_HEAD = 128 * 1024
MOST_LINES = 8_000
KEPT_FILES: Final = 256  # file numbers for everything that is no line: the database, files, streams of the log
TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_MANY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


def make_room() -> int:
    """Have as many file numbers as the machine gives; returns for how many lines they last."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_LINES + KEPT_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(MOST_LINES, soft - KEPT_FILES))


class PatientProtocol(HttpToolsProtocol):
    """HTTP with time limits, which uvicorn's own has only between two requests."""

    most_lines = MOST_LINES

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.heard_at = self.taken_at = self.loop.time()
        self._head_from: float | None = self.heard_at
        self._said = self._left = 0
        self._look_later = self.loop.call_later(LOOK_SECONDS, self._look)
        if len(self.connections) > self.most_lines:
            self._let_one_go()

    def connection_lost(self, exc: Exception | None) -> None:
        self._look_later.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.heard_at = self.loop.time()
        self._said += len(data)
        if self._head_from is None and not self._is_under_way():
            self._head_from = self.heard_at
        super().data_received(data)
        if self._said > LONGEST_HEAD and not self.transport.is_closing():
            self.transport.write(TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        self._said = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._said, self._head_from = 0, None
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._said = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._said = 0
        super().on_message_complete()

    def is_waiting(self) -> bool:
        """Whether it is for the other side to go on: nothing is asked, or not yet all of it."""
        return not self._is_under_way() or self.cycle.more_body

    def _is_under_way(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _look(self) -> None:
        self._look_later = self.loop.call_later(LOOK_SECONDS, self._look)
        if self._is_too_late(self.loop.time()):
            self.transport.abort()  # what is still to be written is not read either

    def _is_too_late(self, now: float) -> bool:
        left = self.transport.get_write_buffer_size()
        if left == 0 or left != self._left:
            self._left, self.taken_at = left, now
        if now - self.taken_at > READ_SECONDS:
            return True
        if self._head_from is not None:
            return now - self._head_from > HEAD_SECONDS
        is_sending = self._is_under_way() and self.cycle.more_body and not self.flow.read_paused
        return is_sending and now - self.heard_at > BODY_SECONDS

    def _let_one_go(self) -> None:
        """Whoever has the most lines gives up the one that has been quiet the longest, or else this one."""
        lines = [cast("PatientProtocol", each) for each in self.connections]
        counts = Counter(each.host for each in lines)
        waiting = [each for each in lines if each.is_waiting() and not each.transport.is_closing()]
        gone = min(waiting, key=lambda each: (-counts[each.host], each.heard_at), default=self)
        if gone is self:
            self.transport.write(TOO_MANY)
            self.transport.close()
        else:
            gone.transport.abort()

    @property
    def host(self) -> str:
        """Where the line comes from."""
        return self.client[0] if self.client else ""
