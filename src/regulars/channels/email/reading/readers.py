"""Processes that understand mail, each kept for the next one, killed when a mail takes too long.

A reader ends by itself when the process that started it does: its input ends.
"""

import os
import pickle
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from regulars.channels.email.reading.framing import LENGTH
from regulars.channels.email.understanding import Mail
from regulars.kernel.said import phrase as _
from regulars.kernel.said import plain

LIMIT_SECONDS = 60.0
MOST_IDLE = 2
MOST_MAILS = 20_000  # then a fresh process takes over, whatever the old one has kept in memory
PIECE = 1024 * 1024


class NotUnderstood(Exception):
    """This mail could not be understood; the message says why."""


class Reader:
    """One process; used by one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.mails = 0

    def understand(self, raw: bytes, *, limit_seconds: float = LIMIT_SECONDS) -> Mail:
        """What this mail says; `NotUnderstood` when it takes too long or brings the process down."""
        try:
            answer = self._ask(raw, deadline=time.monotonic() + limit_seconds)
        except TimeoutError:
            self.close()
            words = _("It took longer than %(seconds)s seconds to understand.")
            raise NotUnderstood(words % {"seconds": f"{limit_seconds:.0f}"}) from None
        except (BrokenPipeError, EOFError, pickle.UnpicklingError):
            self.close()
            raise NotUnderstood(_("It brought the process down that tried to understand it.")) from None
        self.mails += 1
        if self.mails >= MOST_MAILS:
            self.close()
        if isinstance(answer, Mail):
            return answer
        raise NotUnderstood(plain(str(answer)))

    def close(self) -> None:
        """End the process; the next mail starts another."""
        process, self._process, self.mails = self._process, None, 0
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "regulars.channels.email.reading.child"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        return self._process

    def _ask(self, raw: bytes, *, deadline: float) -> object:
        process = self._started()
        assert process.stdin and process.stdout
        _write(process.stdin.fileno(), LENGTH.pack(len(raw)) + raw, deadline=deadline)
        size = LENGTH.unpack(_read(process.stdout.fileno(), LENGTH.size, deadline=deadline))[0]
        return pickle.loads(_read(process.stdout.fileno(), size, deadline=deadline))  # our own process


def _write(pipe: int, content: bytes, *, deadline: float) -> None:
    left = memoryview(content)
    while left:
        _, ready, _ = select.select([], [pipe], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        left = left[os.write(pipe, left[:4096]) :]  # this much never blocks once the pipe is ready


def _read(pipe: int, size: int, *, deadline: float) -> bytes:
    pieces: list[bytes] = []
    while size:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(pipe, min(size, PIECE))
        if not piece:
            raise EOFError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


_idle: list[Reader] = []
_turn = threading.Lock()


@contextmanager
def lent() -> Iterator[Reader]:
    """A reader for as long as it is needed; the process stays for the next one."""
    with _turn:
        reader = _idle.pop() if _idle else Reader()
    try:
        yield reader
    except BaseException:
        reader.close()  # an answer may still be on its way
        raise
    with _turn:
        if len(_idle) < MOST_IDLE:
            _idle.append(reader)
            return
    reader.close()
