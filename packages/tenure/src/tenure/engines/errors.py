"""What can go wrong on an engine, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class EnginesMissing(TenureError):
    """Engines need {package}, which is not installed. Install it with: pip install {install}."""


class JavaMissing(TenureError):
    """Apache Spark needs Java 17 or newer on this machine, and none was found. Install a Java runtime, or set
    JAVA_HOME to where it is."""


class EngineUnknown(TenureError):
    """There is no engine called {engine!r}. Use duckdb, clickhouse, spark://host:port, local[2] or an Ibis connection
    to DuckDB, PySpark or ClickHouse."""


class EngineUnreachable(TenureError):
    """There is no Spark master at {address} ({reason}). Nothing was counted. Check that the master runs and that this
    machine may reach it; a master says its own address on its page and in its log."""


class ClusterBusy(TenureError):
    """The cluster at {address} gave no worker within {seconds} seconds. Nothing was counted. Check that workers are
    registered with the master and have {memory} of memory and a processor free, or wait longer with patience=…."""


class SessionElsewhere(TenureError):
    """This process already has a Spark session at {there}, and only one is possible. Ask that one, or call
    tenure.engines.close() first."""


class EngineFailed(TenureError):
    """{engine} could not answer: {reason}. Nothing was counted."""


class EngineCannot(TenureError):
    """Engines cannot answer this: {what}. {instead}"""


class EngineSource(TenureError):
    """{engine} cannot read {what}. Give a Parquet file, a folder of them, a list of paths or a table of Ibis."""


class EngineTime(TenureError):
    """The time column {column!r} is of type {kind}, which {engine} does not count exactly. Write it as a timestamp of
    microseconds, a date, or whole microseconds since 1970 in UTC."""


class SpanTooLong(TenureError):
    """The facts reach from {first} to {last}, in which {zone} has {count} changes of clock or {period}; an engine is
    asked with at most {most}. Leave out facts with impossible times."""
