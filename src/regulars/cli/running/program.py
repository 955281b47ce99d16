"""One program of the tree, and one run of it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
STEADY_AFTER_SECONDS = 30.0

Start = Callable[[int], "subprocess.Popen[bytes]"]  # given where its output goes


@dataclass(frozen=True, kw_only=True)
class Program:
    """How to start a program and how to stop it. Lower `rank` stops first."""

    name: str
    start: Start
    rank: int
    stop_signal: int = signal.SIGTERM
    force_after_seconds: float = 10.0
    is_lasting: bool = True  # a lasting program that ends is started again


@dataclass
class Running:
    """A program, its present process if any, and when to try again."""

    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    output: int = -1
    unfinished: bytes = b""
    started_at: float = 0.0
    pause_seconds: float = FIRST_PAUSE_SECONDS
    start_again_at: float | None = None
    notes: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start the process, its output in a pipe we read."""
        self.output, theirs = os.pipe()
        os.set_blocking(self.output, False)
        try:
            self.process = self.program.start(theirs)
        finally:
            os.close(theirs)
        self.started_at = time.monotonic()
        self.start_again_at = None

    def ended(self) -> int | None:
        """The exit status of a process that has ended, else None."""
        return self.process.poll() if self.process else None

    def plan_restart(self) -> float:
        """Note when to start again and say in how many seconds; each failure in a row doubles the wait."""
        if time.monotonic() - self.started_at > STEADY_AFTER_SECONDS:
            self.pause_seconds = FIRST_PAUSE_SECONDS
        pause, self.pause_seconds = self.pause_seconds, min(2 * self.pause_seconds, LONGEST_PAUSE_SECONDS)
        self.process = None
        self.start_again_at = time.monotonic() + pause
        return pause

    def take_lines(self) -> list[str]:
        """Whole lines written since the last time; at the end of the output, the rest."""
        try:
            chunk = os.read(self.output, 65536)
        except BlockingIOError:
            return []
        if not chunk:
            return self.close()
        *whole, self.unfinished = (self.unfinished + chunk).split(b"\n")
        return [line.decode(errors="replace") for line in whole]

    def close(self) -> list[str]:
        """Stop reading and return an unfinished last line."""
        rest, self.unfinished = self.unfinished, b""
        os.close(self.output)
        self.output = -1
        return [rest.decode(errors="replace")] if rest else []


def how_it_ended(status: int) -> str:
    """An exit status in words."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"stopped with exit status {status}"
