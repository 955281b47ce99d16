"""Time against facts on a cluster: `python -m bench.cluster --facts 1e5 1e6 1e7`.

One question (`bench._question.ASK`) over the same Parquet files, from file to answer: by tenure's kernels in this
process, by DuckDB in this process, and by Apache Spark on a standalone cluster of one master and two workers (one
processor and a gigabyte each, on this machine: it shows what a cluster costs, not what many machines gain). Contenders
take turns; `first_seconds` has the start of engine and session in it, `seconds` is the median of the later runs.
Answers are compared cell by cell, and the process ends with 1 when any disagree.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

import tenure
from bench._facts import AS_OF, ZONE, generate
from bench._measure import emit
from bench._question import ASK, PERIODS
from tenure import engines

CONTENDERS = ("tenure", "duckdb", "spark")
FACTS_PER_FILE = 250_000
ASKED = {"period": "day", "zone": ZONE, "as_of": AS_OF, "periods": PERIODS}
NAMES = {"customer": "customer_id", "time": "occurred_at"}
DEFAULTS = """
spark.executor.memory 768m
spark.executor.cores 1
spark.driver.memory 1g
spark.sql.shuffle.partitions 8
spark.ui.enabled false
"""


def main() -> int:
    asked = _parsed()
    with tempfile.TemporaryDirectory(prefix="bench-cluster-") as made, _cluster(Path(made), asked.contenders) as master:
        agreed = [_compare(count, Path(made), master, asked) for count in asked.facts]
        engines.close()
    return 0 if all(agreed) else 1


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=ASK)
    parser.add_argument("--facts", nargs="+", type=lambda text: int(float(text)), default=[10**5, 10**6, 10**7])
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _compare(count: int, folder: Path, master: str, asked: argparse.Namespace) -> bool:
    source = _written(folder / f"facts-{count}", count, seed=asked.seed)
    ways: dict[str, Callable[[], tenure.Retention]] = {
        "tenure": lambda: _by_the_kernels(source),
        "duckdb": lambda: engines.retention(source, engine="duckdb", **NAMES, **ASKED),
        "spark": lambda: engines.retention(source, engine=master, **NAMES, **ASKED),
    }
    times: dict[str, list[float]] = {name: [] for name in asked.contenders}
    answers = {}
    for _ in range(asked.runs + 1):
        for name, runs in times.items():
            began = time.perf_counter()
            answers[name] = ways[name]()
            runs.append(time.perf_counter() - began)
    reference = answers[asked.contenders[0]].table()
    agree = {name: answer.table().equals(reference) for name, answer in answers.items()}
    ours = statistics.median(times["tenure"][1:]) if "tenure" in times else None
    for name, runs in times.items():
        seconds = statistics.median(runs[1:])
        against = None if ours is None else round(seconds / ours, 2)
        emit(
            bench="cluster", contender=name, facts=count, seconds=round(seconds, 3), first_seconds=round(runs[0], 3),
            runs=[round(run, 3) for run in runs[1:]], times_tenure=against, agrees=agree[name],
        )  # fmt: skip
    return all(agree.values())


def _by_the_kernels(source: Path) -> tenure.Retention:
    """Reading the two columns is part of it, as for the others."""
    facts = parquet.read_table(source, columns=list(NAMES.values()))
    return tenure.retention(facts, **NAMES, **ASKED)


def _written(folder: Path, count: int, *, seed: int) -> Path:
    """Files by the order in which facts arrive, not by customer; as many as give each a quarter of a million."""
    facts = generate(count, seed=seed).shuffled(seed=seed + 1)
    table = pa.table({"customer_id": facts.customers, "occurred_at": pa.array(facts.times, pa.timestamp("us", "UTC"))})
    for number, start in enumerate(range(0, count, FACTS_PER_FILE)):
        place = folder / f"day={number:03d}"
        place.mkdir(parents=True)
        parquet.write_table(table.slice(start, FACTS_PER_FILE), place / "from-0.parquet")
    return folder


@contextmanager
def _cluster(folder: Path, contenders: list[str]) -> Iterator[str]:
    """A master and two workers of this machine's Java on the loopback; ended by their ids."""
    if "spark" not in contenders:
        yield ""
        return
    import pyspark

    home = Path(pyspark.__file__).parent
    scala = next((home / "jars").glob("spark-core_*.jar")).name.split("_")[1].split("-")[0]
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    os.environ |= {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
    settings = {**os.environ, "SPARK_HOME": str(home), "SPARK_SCALA_VERSION": scala}
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> None:
        classes = ("-cp", f"{home}/jars/*", f"org.apache.spark.deploy.{name}", "--webui-port", "0")
        with (folder / "log").open("ab") as log:
            command = ["java", "-Xmx256m", *classes, "--host", "127.0.0.1", *arguments]
            running.append(subprocess.Popen(command, env=settings, stdout=log, stderr=log))

    master = f"spark://127.0.0.1:{port}"
    try:
        start("master.Master", "--port", str(port))
        _await_port(port)
        for number in (1, 2):
            start(
                "worker.Worker", "--memory", "1g", "--cores", "1", "--work-dir", str(folder / f"work{number}"), master
            )
        yield master
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(timeout=30)


def _await_port(port: int, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
