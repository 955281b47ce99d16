"""Engines: what each is called, how its tables are opened, and how it runs an expression."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tenure.engines.errors import EngineFailed, EnginesMissing, EngineSource, EngineUnknown


class Engine(Protocol):
    """Something that reads Parquet and runs an expression of Ibis."""

    @property
    def name(self) -> str:
        """As the notes of an answer call it."""
        ...

    def table(self, source: Any) -> Any:
        """The source as a table of Ibis."""
        ...

    def is_naive(self, table: Any, name: str) -> bool:
        """Whether a timestamp or date names no zone."""
        ...

    def micros(self, column: Any) -> Any:
        """A timestamp or date as microseconds since 1970 in UTC; one without a zone as if it were UTC."""
        ...

    def run(self, expression: Any) -> Any:
        """The result as an Arrow table."""
        ...

    def close(self) -> None:
        """Give back what was opened for one question."""
        ...


@contextmanager
def opened(engine: Any, source: Any, *, patience: float) -> Iterator[tuple[Engine, Any]]:
    """The engine with its table, given back afterwards; a Spark session stays for the next question."""
    needs_ibis()
    running = _engine(engine, patience=patience)
    try:
        yield running, source if _is_table(source) else running.table(source)
    finally:
        running.close()


def close() -> None:
    """End the Spark session that questions to "spark://…" left open for the next one."""
    from tenure.engines import spark

    spark.close()


def needs_ibis() -> None:
    """Refuse, saying what to install, where Ibis is missing."""
    try:
        import ibis  # noqa: F401
    except ImportError as missing:
        raise EnginesMissing(package="Ibis", install='"tenure[engines]"') from missing


def _engine(engine: Any, *, patience: float) -> Engine:
    from tenure.engines import clickhouse, connected, spark

    if not isinstance(engine, str):
        return connected.Connected.of(engine)
    if engine == "duckdb":
        return connected.duckdb()
    if engine == "clickhouse":
        return clickhouse.ClickHouse()
    if engine.startswith(("spark://", "local")):
        return spark.opened(engine, patience=patience)
    raise EngineUnknown(engine=engine)


def paths_of(source: Any, *, engine: str) -> list[str]:
    """The paths named, refused where they are something else."""
    if isinstance(source, (str, os.PathLike)):
        return [os.fspath(source)]
    if isinstance(source, Sequence) and source and all(isinstance(path, (str, os.PathLike)) for path in source):
        return [os.fspath(path) for path in source]
    raise EngineSource(engine=engine, what=f"an object of type {type(source).__name__}")


def local_files(path: str, *, engine: str) -> str:
    """A file, or a pattern for all Parquet below a folder; addresses of stores and patterns are left as they are."""
    if "://" in path or "*" in path:
        return path
    place = Path(path).absolute()
    if place.is_dir():
        if next(place.rglob("*.parquet"), None) is None:
            raise EngineSource(engine=engine, what=f"{path}: there is no .parquet file in it")
        return f"{place}/**/*.parquet"
    if not place.exists():
        raise EngineSource(engine=engine, what=f"{path}: there is nothing there")
    return str(place)


@contextmanager
def failures_said(engine: str) -> Iterator[None]:
    """What an engine says when it fails, in one line."""
    try:
        yield
    except Exception as failed:
        raise EngineFailed(engine=engine, reason=first_line(failed)) from failed


def first_line(failed: Exception) -> str:
    """The first line that says something: the bridge to Java puts one of its own before Java's."""
    lines = [line.strip(" .:") for line in str(failed).splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith("An error occurred while calling")]
    return (said or lines or [type(failed).__name__])[0][:300]


def _is_table(source: Any) -> bool:
    import ibis

    return isinstance(source, ibis.Table)
