"""`python -m bench.ingest`: facts a second through HTTP /v1/batch until durable, beside a bare binary COPY.

A new installation is started in a temporary directory: the built-in PostgreSQL with its production
settings, and `regulars web` as it ships. A separate process sends prepared requests of 100 events
over connections that stay open; one event in ten repeats an earlier one, one in twenty is of a
customer nobody saw before. A fact is durable when its call was answered 200, which is after the commit
that stored it; it is in the log a little later. Both rates are given, and how much was stored but not yet
in the log when the last answer came: in a short round most of the dear work is still to come, so only the
second rate can be kept up for ever (`--requests 20000` lasts long enough that answers wait for the log).

Beside it the very rows that came of it go by COPY … (FORMAT binary) into a table without an index,
on the same server, in the same run, each round after the round through HTTP. At the end both are
counted: the facts and the customers must be exactly those that were sent.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench._measure import emit
from bench._sent import Plan, expected

_roots: dict[str, int] = {}  # the first process of each part of the installation
_COLUMNS = (
    "epoch, tx, id, customer_id, occurred_at, recorded_at, received_at, source_id, is_trusted, is_recorded_assumed,"
    " name, message_id, properties"
)


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as folder, _installation(Path(folder)) as (port, key):
        rounds = [
            _round(Plan(number, options.requests, options.customers, options.connections), port, key)
            for number in range(options.rounds + 1)
        ]
        _report(rounds[1:], is_right=_agrees(options))  # the first fills the customers' table and warms everything


def _report(measured: list[dict[str, Any]], *, is_right: bool) -> None:
    copy = _rate(measured, "copy_seconds")
    stored = {"pending_share": round(statistics.median(one["pending_share"] for one in measured), 3)}
    contenders = (
        ("regulars /v1/batch, until durable", "seconds", "cpu", stored),
        ("regulars /v1/batch, until in the log", "settled_seconds", "settled_cpu", {}),
        ("COPY binary, no index", "copy_seconds", "copy_cpu", {}),
    )
    for name, seconds, cpu, further in contenders:
        times = [one[seconds] for one in measured]
        emit(
            bench="ingest",
            contender=name,
            version=_version(name),
            form="raw",
            facts=measured[-1]["facts"],
            seconds=round(statistics.median(times), 3),
            peak_mb=None,
            agrees=is_right,
            facts_per_second=round(_rate(measured, seconds)),
            share_of_copy=round(_rate(measured, seconds) / copy, 3),
            cpu_us_a_fact={
                part: round(statistics.median(one[cpu][part] / one["facts"] for one in measured) * 1e6, 1)
                for part in measured[0][cpu]
            },
            rounds=[round(one, 3) for one in times],
            load_average=os.getloadavg()[0],
            **further,
        )


def _rate(measured: list[dict[str, Any]], seconds: str) -> float:
    return statistics.median(one["facts"] / one[seconds] for one in measured)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest")
    parser.add_argument("--requests", type=int, default=2_000, help="requests of 100 events a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--customers", type=int, default=20_000, help="customers there are before the first round")
    parser.add_argument("--connections", type=int, default=32)
    return parser.parse_args()


def _round(plan: Plan, port: int, key: str) -> dict[str, Any]:
    """One round through HTTP from another process until everything is in the log, then the same rows by COPY."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    before = _cpu_seconds()
    with subprocess.Popen(
        [sys.executable, "-m", "bench._sending", str(port), key, json.dumps(asdict(plan))], stdout=subprocess.PIPE
    ) as sender:
        answer = json.loads(sender.stdout.readline() if sender.stdout else b"")
        answered = _cpu_seconds()
        answer["pending_share"] = _pending() / plan.requests
        while _pending():
            time.sleep(0.02)
        answer["settled_seconds"] = time.perf_counter() - answer["began"]
        settled = _cpu_seconds()
    answer["cpu"] = {name: answered[name] - used for name, used in before.items()}
    answer["settled_cpu"] = {name: settled[name] - used for name, used in before.items()}
    answer["cpu"]["sender"] = answer["settled_cpu"]["sender"] = answer["sender_cpu"]
    return answer | _copied(plan)


def _pending() -> int:
    """How many calls were answered and are not in the log yet."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_pendingcall")
        return cursor.fetchone()[0]


def _cpu_seconds() -> dict[str, float]:
    """What the web processes and the database have used so far, from /proc; the rest of the machine is not counted."""
    used = dict.fromkeys(_roots, 0.0)
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        times[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    for part, root in _roots.items():
        found = [root]
        while found:
            pid = found.pop()
            used[part] += times.get(pid, 0.0)
            found += children.get(pid, [])
    return used


def _copied(plan: Plan) -> dict[str, Any]:
    """Take the round's rows out as binary COPY writes them, and time their way into a bare table."""
    import psycopg
    from django.db import connection

    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(f"CREATE TABLE bare AS SELECT {_COLUMNS} FROM kernel_fact WITH NO DATA")
        where = f"message_id LIKE '{plan.number}-%'"
        with cursor.copy(f"COPY (SELECT {_COLUMNS} FROM kernel_fact WHERE {where}) TO STDOUT (FORMAT binary)") as out:
            rows = b"".join(bytes(part) for part in out)
        cursor.execute("CHECKPOINT")
        before, began = _cpu_seconds(), time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN (FORMAT binary)") as copy:
            for start in range(0, len(rows), 1 << 18):
                copy.write(rows[start : start + (1 << 18)])
        seconds = time.perf_counter() - began
        cpu = _cpu_seconds()["database"] - before["database"]
        cursor.execute("SELECT count(*) FROM bare")
        row = cursor.fetchone()
        cursor.execute("DROP TABLE bare")
    return {"copy_seconds": seconds, "copy_cpu": {"database": cpu}, "facts": row[0] if row else 0}


def _agrees(options: argparse.Namespace) -> bool:
    """Whether exactly the facts and the customers that were sent are there."""
    from django.db import connection

    facts, customers = 0, options.customers
    for number in range(options.rounds + 1):
        of_round = expected(Plan(number, options.requests, options.customers, options.connections))
        facts, customers = facts + of_round.facts, customers + of_round.new_customers
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM kernel_fact WHERE source_id <> 1), (SELECT count(*) FROM customers_customer),"
            " (SELECT count(*) FROM customers_identity), (SELECT count(DISTINCT message_id) FROM kernel_fact)"
        )
        found = cursor.fetchone()
    print(f"facts {facts}, customers {customers}; found {found}", file=sys.stderr)
    return found == (facts, customers, customers, facts)


@contextmanager
def _installation(data: Path) -> Iterator[tuple[int, str]]:
    """The database and `regulars web` on a free port, with a server key."""
    data.chmod(0o755)  # the unprivileged user that runs PostgreSQL must pass through
    port = _free_port()
    os.environ |= {
        "REGULARS_DATA": str(data),
        "REGULARS_PORT": str(port),
        "REGULARS_TRACKING_SERVER_RATE": "0",
        "DJANGO_SETTINGS_MODULE": "regulars.settings",
    }
    from regulars.kernel import postgres

    cluster = postgres.of(data)
    postgres.create(cluster)
    database = postgres.start(cluster, stderr=(data / "postgres.log").open("wb"))
    web = None
    try:
        postgres.ensure_database(cluster, "regulars")
        subprocess.run([sys.executable, "-m", "regulars.cli", "migrate"], check=True, stdout=subprocess.DEVNULL)
        web = subprocess.Popen([sys.executable, "-m", "regulars.cli", "web"], stdout=(data / "web.log").open("wb"))
        _roots.update(database=database.pid, web=web.pid)
        key = _key()
        _wait_for(port)
        yield port, key
    finally:
        if web is not None:
            web.terminate()
            web.wait(30)
        database.send_signal(signal.SIGINT)
        database.wait(30)


def _key() -> str:
    import django

    django.setup()
    from regulars.accounts.actions import keys
    from regulars.kernel.actors import SYSTEM

    return keys.create("server", name="bench", by=SYSTEM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    """Wait until the web processes answer and have nothing left to do: the socket is open before they are ready."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        before = _cpu_seconds()["web"]
        time.sleep(1.0)
        if _answers(port) and _cpu_seconds()["web"] - before < 0.1:
            return
    raise RuntimeError("the web server was not ready within two minutes")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/projects/none/settings", timeout=60):
            return True
    except urllib.error.HTTPError as refusal:
        return refusal.code == 404
    except OSError:
        return False


def _version(contender: str) -> str:
    if contender.startswith("regulars"):
        from importlib.metadata import version

        return version("regulars")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


if __name__ == "__main__":
    main()
