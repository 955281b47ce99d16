"""Any connection of Ibis to DuckDB, Spark or ClickHouse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tenure.engines.errors import EngineUnknown
from tenure.engines.opening import failures_said, local_files, paths_of

_NAMES: Final = {"duckdb": "DuckDB", "pyspark": "Apache Spark", "clickhouse": "ClickHouse"}
_MICROS: Final = {"duckdb": "epoch_us", "pyspark": "unix_micros", "clickhouse": "toUnixTimestamp64Micro"}


@dataclass(frozen=True, slots=True, eq=False)
class Connected:
    """A connection, and whether it was opened for this question only."""

    connection: Any
    kind: str
    is_ours: bool = False

    @classmethod
    def of(cls, connection: Any) -> Connected:
        """Somebody's own connection, which is left open."""
        kind = getattr(connection, "name", None)
        if kind not in _NAMES or not hasattr(connection, "to_pyarrow"):
            raise EngineUnknown(engine=connection)
        return cls(connection, kind)

    @property
    def name(self) -> str:
        return f"{_NAMES[self.kind]} {self.connection.version}"

    def table(self, source: Any) -> Any:
        """Parquet by path; on DuckDB also anything that can be made an Arrow table."""
        if self.kind == "duckdb" and not _is_paths(source):
            return _in_memory(source)
        if self.kind == "clickhouse":
            return self.connection.table(source)
        paths = paths_of(source, engine=self.name)
        if self.kind == "pyspark":
            from tenure.engines.spark import table_of

            return table_of(self.connection, paths, name=self.name)
        files = [local_files(path, engine=self.name) for path in paths]
        with failures_said(self.name):
            return self.connection.read_parquet(files, hive_partitioning=False, union_by_name=len(files) > 1)

    def is_naive(self, table: Any, name: str) -> bool:
        """ClickHouse has nothing but moments; Spark has both kinds, and Ibis calls them the same."""
        kind = table[name].type()
        if self.kind == "pyspark" and kind.is_timestamp():
            from tenure.engines.spark import is_naive

            return is_naive(self.connection, table.select(name))
        return kind.is_date() or (kind.is_timestamp() and kind.timezone is None and self.kind != "clickhouse")

    def micros(self, column: Any) -> Any:
        if self.kind == "duckdb":
            return micros_of("duckdb")(column.cast("timestamp(6)") if column.type().is_date() else column)
        return micros_of(self.kind)(column.cast("timestamp('UTC', 6)"))

    def run(self, expression: Any) -> Any:
        with failures_said(self.name):
            if self.kind == "pyspark":
                from tenure.engines.spark import run

                return run(self.connection, expression)
            return self.connection.to_pyarrow(expression)

    def close(self) -> None:
        if self.is_ours:
            self.connection.disconnect()


def duckdb() -> Connected:
    """A DuckDB of this process, for one question."""
    import ibis

    return Connected(ibis.duckdb.connect(), "duckdb", is_ours=True)


@cache
def micros_of(kind: str) -> Any:
    """The engine's own function from a timestamp to whole microseconds; going by seconds would round."""
    import ibis

    def micros(column: Any) -> int: ...

    micros.__annotations__ = {"return": int}  # any type of column
    builtin: Any = ibis.udf.scalar.builtin
    return builtin(micros, name=_MICROS[kind])


def _is_paths(source: Any) -> bool:
    import os

    one = source[0] if isinstance(source, (list, tuple)) and source else source
    return isinstance(one, (str, os.PathLike))


def _in_memory(source: Any) -> Any:
    import ibis

    from tenure.inputs import as_frame

    return ibis.memtable(as_frame(source).to_arrow())
