"""ClickHouse's dialect: compiled by Ibis, executed by chdb, ClickHouse's engine in this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tenure.engines.connected import micros_of
from tenure.engines.errors import EnginesMissing, EngineSource
from tenure.engines.opening import failures_said, local_files, paths_of

_TABLE: Final = "facts"
_ODD: Final = set("{},?[]'\\")


@dataclass(slots=True, eq=False)
class ClickHouse:
    """Reads Parquet by path, with no server; what Ibis compiles runs on a server as well."""

    pattern: str = ""
    connection: Any = field(default_factory=lambda: _chdb().connect(":memory:"))

    @property
    def name(self) -> str:
        return f"ClickHouse (chdb {_chdb().__version__})"

    def table(self, source: Any) -> Any:
        """An unbound table of the file's schema; the reading of files is put in when it runs."""
        import ibis

        files = [local_files(path, engine="ClickHouse") for path in paths_of(source, engine="ClickHouse")]
        odd = [path for path in files if _ODD & set(path)]
        if odd:
            raise EngineSource(engine="ClickHouse", what=f"{odd[0]}: a path with any of {{}},?[]'\\ in it")
        self.pattern = files[0] if len(files) == 1 else "{" + ",".join(files) + "}"
        return ibis.table(_schema(files[0]), name=_TABLE)

    def is_naive(self, table: Any, name: str) -> bool:
        kind = table[name].type()
        return kind.is_date() or (kind.is_timestamp() and kind.timezone is None)

    def micros(self, column: Any) -> Any:
        return micros_of("clickhouse")(column.cast("timestamp('UTC', 6)"))

    def run(self, expression: Any) -> Any:
        import pyarrow as pa

        with failures_said("ClickHouse"):
            told = self.connection.query(sql_of(expression, pattern=self.pattern), "Arrow")
            return pa.ipc.open_file(pa.py_buffer(told.bytes())).read_all()

    def close(self) -> None:
        self.connection.close()


def sql_of(expression: Any, *, pattern: str) -> str:
    """The expression in ClickHouse's SQL, without a client for its server; its table is read from files."""
    import sqlglot.expressions as sql
    from ibis.backends.sql.compilers import ClickHouseCompiler

    def read(node: Any) -> Any:
        if not (isinstance(node, sql.Table) and node.name == _TABLE):
            return node
        wanted = [sql.Literal.string(pattern), sql.Literal.string("Parquet")]
        return sql.Table(this=sql.Anonymous(this="file", expressions=wanted), alias=node.args.get("alias"))

    compiler = ClickHouseCompiler()
    return compiler.to_sqlglot(expression).transform(read).sql(dialect=compiler.dialect)


def _schema(pattern: str) -> Any:
    """The columns of one of the files."""
    from pathlib import Path

    import ibis
    import pyarrow.parquet as parquet

    folder, _, _ = pattern.partition("/**/")
    one = next(Path(folder).rglob("*.parquet")) if folder != pattern else Path(pattern)
    with failures_said("ClickHouse"):
        return ibis.Schema.from_pyarrow(parquet.read_schema(one))


def _chdb() -> Any:
    try:
        import chdb
    except ImportError as missing:
        raise EnginesMissing(package="chdb", install="chdb") from missing
    return chdb
