"""The process tree: starts programs, passes their lines on, heals them, and stops them in order.

One thread, because a child's death signal follows the thread that started it, and because forking
with other threads about is a gamble.
"""

import selectors
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

from regulars.cli.running.lines import NOTE, Lines
from regulars.cli.running.program import Program, Running, how_it_ended

TICK_SECONDS = 0.25


class Stopping(Exception):
    """Somebody asked us to stop."""


class StepFailed(Exception):
    """A step that must succeed before the rest can start did not."""


class Tree:
    """A context in which programs run; leaving it stops them all."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.running: dict[str, Running] = {}
        self.is_stopping = False
        self._asked_to_stop_at: float | None = None
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()

    def __enter__(self) -> Self:
        for end in (self._wake, self._woken):
            end.setblocking(False)
        signal.set_wakeup_fd(self._woken.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._wake, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # it only has to wake us
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None):
        self._stop()

    def start(self, program: Program) -> Running:
        """Start a program and keep it running."""
        run = self.running[program.name] = Running(program)
        self._start(run)
        return run

    def step(self, program: Program) -> list[str]:
        """Run a program to its end and return what it said to us; it must succeed."""
        return self.end_of(self.start(program))

    def end_of(self, run: Running) -> list[str]:
        """Wait for the end of a program that was started and return what it said to us; it must succeed."""
        self.until(lambda: run.program.name not in self.running)
        if run.process and run.process.returncode:
            raise StepFailed(f"{run.program.name} {how_it_ended(run.process.returncode)}; its reason stands above.")
        return run.notes

    def until(self, is_so: Callable[[], bool], *, look_every_seconds: float = TICK_SECONDS) -> None:
        """Let the tree live until something is so; raises `Stopping` when asked to stop first."""
        while not is_so():
            if self._asked_to_stop_at is not None:
                raise Stopping
            self._live(look_every_seconds)

    def forever(self) -> None:
        """Let the tree live until somebody asks it to stop."""
        self.until(lambda: False)

    def is_alive(self, name: str) -> bool:
        """Whether a program has a process at this moment."""
        run = self.running.get(name)
        return run is not None and run.process is not None and run.ended() is None

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop_at = time.monotonic()

    def _start(self, run: Running) -> None:
        run.start()
        self._selector.register(run.output, selectors.EVENT_READ, run)

    def _live(self, at_most: float = TICK_SECONDS) -> None:
        """Read what there is to read, then see who has ended and who is due."""
        for key, _ in self._selector.select(self._patience(at_most)):
            if key.data is None:
                self._wake.recv(4096)
            else:
                self._read(key.data)
        for run in list(self.running.values()):
            self._look_after(run)

    def _patience(self, at_most: float) -> float:
        due = [run.start_again_at for run in self.running.values() if run.start_again_at is not None]
        return max(0.0, min([at_most, *(at - time.monotonic() for at in due)]))

    def _read(self, run: Running) -> None:
        output = run.output
        for line in run.take_lines():
            if line.startswith(NOTE):
                run.notes.append(line.removeprefix(NOTE))
            elif not (self.is_stopping and run.program.name == "database"):  # it reports each client it cuts off
                self.lines.pass_on(run.program.name, line)
        if run.output == -1:
            self._selector.unregister(output)

    def _look_after(self, run: Running) -> None:
        status = run.ended()
        if status is not None:
            self._bury(run, status)
        elif run.start_again_at is not None and time.monotonic() >= run.start_again_at and not self.is_stopping:
            self._start(run)

    def _bury(self, run: Running, status: int) -> None:
        while run.output != -1 and self._has_more(run):
            self._read(run)
        if run.output != -1:  # a grandchild still holds the pipe; what it says is lost
            self._selector.unregister(run.output)
            run.close()
        if self.is_stopping or not run.program.is_lasting:
            del self.running[run.program.name]
            return
        pause = run.plan_restart()
        self.lines.say(
            f"{run.program.name} {how_it_ended(status)}; starting it again in {pause:.1f} s", level="warning"
        )

    def _has_more(self, run: Running) -> bool:
        with selectors.DefaultSelector() as look:
            look.register(run.output, selectors.EVENT_READ)
            return bool(look.select(0))

    def _stop(self) -> None:
        """Stop rank by rank, each with its time limit; asking once more forces at once."""
        self.is_stopping = True
        began = time.monotonic()
        for rank in sorted({run.program.rank for run in self.running.values()}):
            self._stop_all([run for run in self.running.values() if run.program.rank == rank], began)

    def _stop_all(self, runs: list[Running], stopping_since: float) -> None:
        for run in runs:
            if run.process is None:
                del self.running[run.program.name]
            elif run.ended() is None:
                run.process.send_signal(run.program.stop_signal)
        began = time.monotonic()
        while any(run.program.name in self.running for run in runs):
            self._live(0.1)
            # A signal often comes twice at once, from the terminal and from whoever started us.
            is_hurried = (self._asked_to_stop_at or 0.0) > stopping_since + 1.0
            for run in runs:
                is_late = time.monotonic() - began > run.program.force_after_seconds
                if run.process and run.ended() is None and (is_late or is_hurried):
                    self.lines.say(f"{run.program.name} did not stop in time; ending it", level="warning")
                    run.process.kill()
