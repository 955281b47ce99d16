"""`python -m bench.mail`: mails through SMTP to the inbox, and the memory it takes; and mails understood a second.

A new installation is started in a temporary directory: the built-in PostgreSQL with its production
settings, `regulars mail receive` and `regulars worker` as they ship. Separate processes send mails over
connections that stay open; six in ten answer an earlier one. A mail is accepted when the server said
250, which is after the commit that stored it, and placed when its message stands in a conversation. At
the end both are counted: exactly the mails and conversations that were sent must be there. Memory is that
of the receiver and of the worker with the process in which it reads mails, as often as `--every` says; beside
the whole list stand both after a tenth of the mails, when what is needed is loaded, at half, and at the end.
pandas, which only tests install and Arrow loads where it finds it, is out of sight, as in an installation.
"""

from __future__ import annotations

import argparse
import os
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench._mails import written
from bench._measure import emit
from bench.ingest import _cpu_seconds, _free_port, _roots

_POINTS = (("tenth", 0.1), ("half", 0.5))


def main() -> None:
    options = _options()
    _understanding(options)
    with tempfile.TemporaryDirectory(prefix="bench-mail-") as folder, _installation(Path(folder)) as port:
        _through(options, port)


def _understanding(options: argparse.Namespace) -> None:
    """How many mails one process understands a second, without a database."""
    from regulars.channels.email.understanding import understand

    raws = [raw for _, raw, _ in written(min(options.mails, 3_000), customers=options.customers, seed=1)]
    began, cpu = time.perf_counter(), time.process_time()
    for raw in raws:
        understand(raw)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    emit(
        bench="mail", contender="understanding alone, one process", mails=len(raws), seconds=round(seconds, 2),
        mails_per_second=round(len(raws) / seconds), cpu_us_a_mail=round(cpu / len(raws) * 1e6),
    )  # fmt: skip


def _through(options: argparse.Namespace, port: int) -> None:
    began, before = time.perf_counter(), _cpu_seconds()
    memory: list[dict[str, Any]] = []
    share = options.mails // options.connections
    with ProcessPoolExecutor(options.connections) as pool:
        sent = [pool.submit(_send, port, share, options.customers, seed) for seed in range(options.connections)]
        while not all(each.done() for each in sent):
            _look(memory, began, options.every)
        accepted = time.perf_counter() - began
        expected = sum(each.result() for each in sent)
    while _count("channels_incoming WHERE state = 'stored'"):
        _look(memory, began, options.every)
    placed = time.perf_counter() - began
    _look(memory, began, 0)
    mails = share * options.connections
    found = _count("desk_message"), _count("desk_conversation"), _count("channels_incoming WHERE state = 'placed'")
    emit(
        bench="mail", contender="SMTP to the inbox", mails=mails, accepted_seconds=round(accepted, 1),
        accepted_per_second=round(mails / accepted), placed_seconds=round(placed, 1),
        placed_per_second=round(mails / placed),
        cpu_ms_a_mail=_used(before, mails), agrees=found == (mails, expected, mails),
        worker_mb=_between(memory, mails, "worker"), receiver_mb=_between(memory, mails, "receiver"), memory_mb=memory,
        load_average=os.getloadavg()[0],
    )  # fmt: skip


def _between(memory: list[dict[str, Any]], mails: int, part: str) -> dict[str, int]:
    """How much a part took after a tenth of the mails, at half of them, at the end, and at most."""
    at = {name: next((one[part] for one in memory if one["placed"] >= mails * share), 0) for name, share in _POINTS}
    return {**at, "end": memory[-1][part], "most": max(one[part] for one in memory)}


def _used(before: dict[str, float], mails: int) -> dict[str, float]:
    """Processor time of each part for one mail: what stays true on a machine that others use, too."""
    return {part: round((spent - before[part]) * 1000 / mails, 1) for part, spent in _cpu_seconds().items()}


def _send(port: int, count: int, customers: int, seed: int) -> int:
    """Send one share over one connection; returns how many conversations it begins."""
    begun = 0
    with smtplib.SMTP("127.0.0.1", port, timeout=120) as client:
        for who, raw, is_new in written(count, customers=customers, seed=seed):
            client.sendmail(who, ["help@shop.example"], raw)
            begun += is_new
    return begun


def _look(memory: list[dict[str, Any]], began: float, every: float) -> None:
    now = {
        "at": round(time.perf_counter() - began),
        "stored": _count("channels_incoming"),
        "placed": _count("desk_message"),
    }
    memory.append({**now, **{name: _resident_mb(pid) for name, pid in _roots.items() if name != "database"}})
    print(memory[-1], file=sys.stderr)
    time.sleep(every)


def _resident_mb(pid: int) -> int:
    """A process with the processes it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    everybody = {pid, *map(int, children), *(int(child) for each in threads for child in each)}
    return sum(_own_mb(each) for each in everybody)


def _own_mb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def _count(what: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {what}")
        return cursor.fetchone()[0]


@contextmanager
def _installation(data: Path) -> Iterator[int]:
    data.chmod(0o755)  # the unprivileged user that runs PostgreSQL must pass through
    port = _free_port()
    os.environ |= {"REGULARS_DATA": str(data), "DJANGO_SETTINGS_MODULE": "regulars.settings"}
    from regulars.kernel import postgres

    cluster = postgres.of(data)
    postgres.create(cluster)
    database = postgres.start(cluster, stderr=(data / "postgres.log").open("wb"))
    running: list[subprocess.Popen[bytes]] = []
    try:
        postgres.ensure_database(cluster, "regulars")
        subprocess.run([sys.executable, "-m", "regulars.cli", "migrate"], check=True, stdout=subprocess.DEVNULL)
        _mailbox()
        listen = f"127.0.0.1:{port}"
        for name, command in (("receiver", ["mail", "receive", "--listen", listen]), ("worker", ["worker"])):
            log = (data / f"{name}.log").open("wb")
            command = [sys.executable, "-m", "regulars.cli", *command]
            running.append(subprocess.Popen(command, stdout=log, stderr=log, env=_as_installed(data)))
            _roots[name] = running[-1].pid
        _roots["database"] = database.pid
        _wait_for(port)
        yield port
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(30)
        database.send_signal(signal.SIGINT)
        database.wait(30)


def _as_installed(data: Path) -> dict[str, str]:
    """The environment without what only the tests have."""
    folder = data / "hidden"
    folder.mkdir(exist_ok=True)
    (folder / "pandas.py").write_text('raise ImportError("not in an installation")\n')
    return {**os.environ, "PYTHONPATH": f"{folder}:{os.environ.get('PYTHONPATH', '')}"}


def _mailbox() -> None:
    import django

    django.setup()
    from regulars.channels.actions import setting_up
    from regulars.kernel.actors import SYSTEM

    setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the receiver was not ready within a minute")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS")
    return parser.parse_args()


if __name__ == "__main__":
    main()
