"""Apache Spark: a session on a standalone cluster (or in this process), kept for the next question."""

from __future__ import annotations

import os
import shutil
import socket
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenure.engines.errors import (
    ClusterBusy,
    EngineFailed,
    EnginesMissing,
    EngineSource,
    EngineUnknown,
    EngineUnreachable,
    JavaMissing,
    SessionElsewhere,
)
from tenure.engines.opening import failures_said, first_line

if TYPE_CHECKING:
    from tenure.engines.connected import Connected

_REACH_SECONDS = 5.0


def opened(master: str, *, patience: float) -> Connected:
    """A connection to the cluster: the session this process has on it, or a new one."""
    from tenure.engines.connected import Connected

    _needs_pyspark()
    session = _present(master)
    if session is None:
        _needs_java()
        if master.startswith("spark://"):
            _reach(master)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            session = _started(master)
    if master.startswith("spark://"):
        _await_worker(session, master, patience=patience)
    import ibis

    return Connected(ibis.pyspark.connect(session), "pyspark")


def close() -> None:
    """End this process's session, if there is one."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        return
    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


def table_of(connection: Any, paths: list[str], *, name: str) -> Any:
    """Parquet below the paths. A path without a scheme is of this machine when it exists here, else of the cluster's
    own file system."""
    session = connection._session  # Ibis has no public name for it
    for path in paths:
        if path.startswith("/") and not os.path.lexists(path) and "*" not in path:
            raise EngineSource(engine=name, what=f"{path}: there is nothing there")
    reader = session.read.option("recursiveFileLookup", "true")
    if not any(Path(path).suffix for path in paths):
        reader = reader.option("pathGlobFilter", "*.parquet")
    with failures_said(name):
        reader.parquet(*[_address(path) for path in paths]).createOrReplaceTempView("tenure_facts")
        return connection.table("tenure_facts")


def is_naive(connection: Any, column: Any) -> bool:
    """Whether the one column of a table names no zone: dates, and what Spark calls TIMESTAMP_NTZ."""
    fields = connection._session.sql(connection.compile(column)).schema.fields
    return fields[0].dataType.typeName() in ("timestamp_ntz", "date")


def run(connection: Any, expression: Any) -> Any:
    """Straight to Arrow: by way of pandas, whole numbers beside a null would become fractions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PySpark about the version of pandas, which has no part in this
        return connection._session.sql(connection.compile(expression)).toArrow()


def _address(path: str) -> str:
    return f"file://{Path(path).resolve()}" if "://" not in path and os.path.lexists(path) else path


def _present(master: str) -> Any:
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None:
        return None
    there = session.sparkContext.master
    if there != master:
        raise SessionElsewhere(there=there)
    return session


def _started(master: str) -> Any:
    """A new session. Memory and processors are left to spark-defaults.conf and the environment."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("tenure")
    builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.log.level", "ERROR")
    if _is_here(master):
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    try:
        session = builder.getOrCreate()
    except Exception as failed:
        raise EngineFailed(engine=f"Apache Spark at {master}", reason=first_line(failed)) from failed
    session.sparkContext.setLogLevel("ERROR")
    return session


def _is_here(master: str) -> bool:
    return not master.startswith("spark://") or _host_and_port(master)[0] in ("127.0.0.1", "localhost")


def _host_and_port(master: str) -> tuple[str, int]:
    host, _, port = master.removeprefix("spark://").split(",")[0].rpartition(":")
    if not host or not port.isdigit():
        raise EngineUnknown(engine=master)
    return host, int(port)


def _reach(master: str) -> None:
    """Knock first: Spark itself would try for minutes and then end badly."""
    host, port = _host_and_port(master)
    try:
        socket.create_connection((host, port), timeout=_REACH_SECONDS).close()
    except OSError as refused:
        raise EngineUnreachable(address=master, reason=refused.strerror or "no answer in time") from refused


def _await_worker(session: Any, master: str, *, patience: float) -> None:
    """Spark waits for ever for a worker; we do not."""
    context = session.sparkContext
    tracker, until = context._jsc.sc().statusTracker(), time.monotonic() + patience
    while len(tracker.getExecutorInfos()) < 2:  # the first is this process
        if time.monotonic() > until:
            memory = context.getConf().get("spark.executor.memory", "1g")
            session.stop()
            raise ClusterBusy(address=master, seconds=round(patience), memory=memory)
        time.sleep(0.2)


def _needs_pyspark() -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError as missing:
        raise EnginesMissing(package="PySpark", install="pyspark") from missing


def _needs_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        raise JavaMissing
