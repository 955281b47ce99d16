"""A whole installation as a person would start it, seen from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psycopg

from regulars.kernel.database_url import built_in

REPOSITORY = Path(__file__).resolve().parents[2]
# How long a start takes is measured elsewhere: here others may be at work on the same processors.
START_PATIENCE_SECONDS = 180.0
PATIENCE_SECONDS = 60.0


@dataclass
class House:
    """`regulars up` in a process of its own."""

    data: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None

    def open(self) -> Self:
        """Start it and wait until it is well."""
        self.process = self.command("up", "--data", str(self.data), "--port", str(self.port))
        threading.Thread(target=self._listen, args=[self.process], daemon=True).start()
        self.until_well()
        return self

    def command(self, *arguments: str) -> "subprocess.Popen[str]":
        """A `regulars` command with this installation's environment."""
        return subprocess.Popen(
            [sys.executable, "-m", "regulars.cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
            env=clean_environment() | self.environment,
        )

    def ask(self, path: str) -> tuple[int, str]:
        """The status and body of an answer; redirects are not followed. Status 0: nobody answered."""
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read().decode()
        except OSError:
            return 0, ""

    def health(self) -> dict[str, Any]:
        """What /healthz says."""
        status, body = self.ask("/healthz")
        return json.loads(body) if status else {}

    def until_well(self) -> None:
        """Wait until every part is well."""
        wait_until(
            lambda: self.has_ended or self.ask("/healthz")[0] == 200,
            self.say,
            at_most_seconds=START_PATIENCE_SECONDS,
        )
        assert not self.has_ended, self.say()

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def say(self) -> str:
        """Everything it has written."""
        return "\n".join(self.lines)

    def pid(self, name: str) -> int:
        """The process of one part (database, worker, web-1); waits while it is being started again."""
        wanted = {"database": "postgres -D", "worker": "regulars.cli worker", "web-1": "--number 1"}[name]
        wait_until(lambda: self._pids(wanted), self.say)
        return self._pids(wanted)[0]

    def _pids(self, wanted: str) -> list[int]:
        assert self.process
        return [pid for pid in children(self.process.pid) if wanted in command_line(pid)]

    def kill(self, name: str) -> int:
        """End one part as a power cut would; returns the process that is no more."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_running(pid), self.say)
        return pid

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database, whichever it is."""
        where = self.environment.get("REGULARS_DATABASE_URL") or built_in(self.data)
        with psycopg.connect(where, autocommit=True) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[arg-type]  # a test's own words

    def close(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop, and return its exit status."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


def clean_environment() -> dict[str, str]:
    """Ours, without what the test run itself has set."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(
    is_so: Callable[[], Any],
    explain: Callable[[], str] = str,
    *,
    look_every_seconds: float = 0.05,
    at_most_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Look again and again; says what was written when it never becomes so."""
    deadline = time.monotonic() + at_most_seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it did not happen within {at_most_seconds:.0f} s:\n{explain()}"
        time.sleep(look_every_seconds)


def children(parent: int) -> list[int]:
    """The processes whose parent is this one."""
    return [pid for pid in all_processes() if parent_of(pid) == parent]


def family(parent: int) -> list[int]:
    """Children, their children, and so on."""
    found = children(parent)
    return [*found, *(pid for child in found for pid in family(child))]


def all_processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    """Whether a process lives; one that has ended and was not collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
