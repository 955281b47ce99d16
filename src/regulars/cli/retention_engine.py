"""`regulars retention FOLDER --engine …`: the same question, counted by DuckDB, ClickHouse's engine or a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from regulars.cli.retention_file import Refusal

if TYPE_CHECKING:
    from tenure import Retention

_PARQUET = (".parquet", ".pq")


def one_file(source: str) -> Path:
    """The file to be read here; a folder is something for an engine."""
    path = Path(source)
    if not path.exists():
        raise click.BadParameter(f"File '{source}' does not exist.", param_hint="'FILE'")
    if path.is_dir():
        raise click.BadParameter(
            f"'{source}' is a folder. Say --engine duckdb to read all Parquet in it, or name a file.",
            param_hint="'FILE'",
        )
    return path


def refuse(source: str, *, date_order: str | None, skip_bad: bool) -> None:
    """What makes no sense with an engine, before anything is started."""
    for option, is_said in (("--date-order", date_order is not None), ("--skip-bad", skip_bad)):
        if is_said:
            raise click.UsageError(f"{option} is about files of text; with --engine the source is Parquet.")
    path = Path(source)
    if "://" in source or "*" in source or path.is_dir():
        return
    if path.suffix and path.suffix.lower() not in _PARQUET:
        raise Refusal(f"{path.name} is not Parquet, which is what engines read. Leave --engine out for this file.")


def answered(source: str, **question: Any) -> Retention:
    """The engine's answer; a session on a cluster ends with the command."""
    from tenure import engines

    try:
        return engines.retention(source, **question)
    finally:
        engines.close()
