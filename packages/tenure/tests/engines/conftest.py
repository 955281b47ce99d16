"""The same question put to the kernels and to an engine, over the same Parquet; and a real cluster of Spark."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

import tenure

Agree = Callable[..., tenure.Retention]


@pytest.fixture
def folder_of(tmp_path: Path) -> Callable[[Any], Path]:
    """Facts written as a folder of Parquet, partitioned like the product's mirror."""

    def write(facts: Any) -> Path:
        table = facts if isinstance(facts, pa.Table) else pa.table(facts)
        half = max(1, table.num_rows // 2)
        for day, part in enumerate((table.slice(0, half), table.slice(half))):
            place = tmp_path / f"facts/day=2026-01-0{day + 1}"
            place.mkdir(parents=True, exist_ok=True)
            parquet.write_table(part, place / "from-0.parquet")
        return tmp_path / "facts"

    return write


@pytest.fixture
def agree(folder_of: Callable[[Any], Path]) -> Agree:
    """Ask both, hold every cell and the question against each other, and give the engine's answer."""
    from tenure import engines

    def ask(facts: Any, *, engine: str, **question: Any) -> tenure.Retention:
        kernel = tenure.retention(facts, **question)
        answer = engines.retention(folder_of(facts), engine=engine, **question)
        assert answer.table().equals(kernel.table())
        assert answer.question == kernel.question
        assert answer.followed.tolist() == kernel.followed.tolist()
        assert answer.notes[: len(kernel.notes)] == kernel.notes
        return answer

    return ask


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A master and two workers of this machine's Java, from the jars of the pyspark package; ended by their ids."""
    pyspark = pytest.importorskip("pyspark", reason="the tests on a cluster need the package pyspark")
    if shutil.which("java") is None:
        pytest.skip("the tests on a cluster need Java 17 or newer on the PATH")
    folder, port = tmp_path_factory.mktemp("spark"), _free_port()
    (folder / "spark-defaults.conf").write_text(_DEFAULTS)
    at = f"spark://127.0.0.1:{port}"
    running: list[subprocess.Popen[bytes]] = []
    kept = {name: os.environ.get(name) for name in ("SPARK_CONF_DIR", "SPARK_LOCAL_IP")}
    os.environ |= {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
    try:
        jars = Path(pyspark.__file__).parent
        running.append(
            _java(jars, folder, "master.Master", "--webui-port", "0", "--host", "127.0.0.1", "--port", str(port))
        )
        _await_port(port, running[0])
        for number in (1, 2):
            place = (
                "--webui-port",
                "0",
                "--work-dir",
                str(folder / f"work{number}"),
                "--memory",
                "512m",
                "--cores",
                "1",
            )
            running.append(_java(jars, folder, "worker.Worker", "--host", "127.0.0.1", *place, at))
        yield at
    finally:
        from tenure import engines

        engines.close()
        for process in reversed(running):
            process.terminate()
            process.wait(timeout=30)
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


_LEAN = ("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dspark.master.rest.enabled=false")
_DEFAULTS = """
spark.driver.memory 512m
spark.executor.memory 512m
spark.executor.cores 1
spark.sql.shuffle.partitions 2
spark.ui.enabled false
spark.driver.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1
spark.executor.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1
"""


def _java(jars: Path, folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            ["java", *_LEAN, "-cp", f"{jars}/jars/*", f"org.apache.spark.deploy.{name}", *arguments],
            env={**os.environ, "SPARK_HOME": str(jars), "SPARK_SCALA_VERSION": _scala(jars)}, stdout=log, stderr=log,
        )  # fmt: skip


def _scala(jars: Path) -> str:
    """A worker that is not started by Spark's scripts must be told which Scala its jars are of."""
    return next((jars / "jars").glob("spark-core_*.jar")).name.split("_")[1].split("-")[0]


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
    pytest.fail("the master did not start within a minute")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
