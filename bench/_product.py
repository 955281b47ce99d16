"""The product as benchmarks run it: `regulars up` on a data directory, signed in to, spoken to, and weighed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any


class Product:
    """`regulars up` on a data directory, until the block ends."""

    def __init__(self, data: Path, port: int) -> None:
        self.command = [str(Path(sys.executable).parent / "regulars"), "up", "--data", str(data), "--port", str(port)]
        self.port, self.log = port, data / "up.log"

    def processor_seconds(self) -> dict[str, float]:
        """The processor time its processes have taken so far, by what they are: web, postgres, other."""
        parents, kinds, taken = _processes()
        total = {"web": 0.0, "postgres": 0.0, "other": 0.0}
        for pid, seconds in taken.items():
            if _descends(pid, self.process.pid, parents):
                total[kinds[pid]] += seconds
        return total

    def __enter__(self) -> Product:
        self.process = subprocess.Popen(self.command, stdout=self.log.open("ab"), stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return self
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise RuntimeError(self.log.read_text()[-2000:])

    def rest(self) -> None:
        """Wait until nothing goes on in it: after it is ready, the second web process is still being started."""
        for _ in range(60):
            before = sum(self.processor_seconds().values())
            time.sleep(2)
            if sum(self.processor_seconds().values()) - before < 0.2:
                return

    def __exit__(self, *_error: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


SIGN_IN = """
from django.conf import settings
from django.test import Client
from allauth.usersessions.models import UserSession
from regulars.accounts.models import Agent
EMAIL = "bench@shop.example"
agent = Agent.objects.filter(email=EMAIL).first() or Agent.objects.create_user(EMAIL, role="owner")
client = Client()
client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
key = client.session.session_key  # what signing in writes down for the page of one's sessions
UserSession.objects.get_or_create(session_key=key, defaults={"user": agent, "ip": "127.0.0.1"})
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


def in_product(data: Path, script: str) -> str:
    start = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", start + script],
        env={**os.environ, "REGULARS_DATA": str(data), "DJANGO_SETTINGS_MODULE": "regulars.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def connect(data: Path) -> Any:
    import psycopg

    os.environ["REGULARS_DATA"] = str(data)
    from regulars.kernel.database_url import connection_string

    return psycopg.connect(connection_string())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _processes() -> tuple[dict[int, int], dict[int, str], dict[int, float]]:
    parents, kinds, taken = {}, {}, {}
    tick = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "cmdline").read_bytes()
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        pid = int(folder.name)
        parents[pid], taken[pid] = int(fields[1]), (int(fields[11]) + int(fields[12])) / tick
        kinds[pid] = (
            "postgres"
            if said.startswith(b"postgres") or b"/postgres" in said.split(b"\0")[0]
            else ("web" if b"\0serve\0" in said else "other")
        )
    return parents, kinds, taken


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid and pid != root:
        pid = parents.get(pid, 0)
    return pid == root
