"""One moment of the database, for as long as it takes to write it down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from regulars.kernel.moving_out import SINCE, Kind
from regulars.kernel.moving_out.folders import Folder

# Quoting by letters that JSON never holds bare: the lines come out as they are.
_COPY = r"COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')"


@contextmanager
def taken(*, since: datetime | None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own that sees the database as it is now, whatever happens meanwhile, and changes nothing."""
    options = {name: value for name, value in connection.get_connection_params().items() if name not in _NOT_OURS}
    with psycopg.connect(**options) as snapshot:
        snapshot.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot.read_only = True
        snapshot.execute("SET TIME ZONE 'UTC'")
        snapshot.execute("SELECT set_config(%s, %s, false)", [SINCE, since.isoformat() if since else "-infinity"])
        yield snapshot


def count(snapshot: psycopg.Connection[Any], query: str) -> int:
    """What a counting query says."""
    row = snapshot.execute(query).fetchone()  # type: ignore[arg-type]  # made of our own constants
    return row[0] if row else 0


def write(
    snapshot: psycopg.Connection[Any], kind: Kind, folder: Folder, *, is_narrowed: bool, progress: Callable[[int], None]
) -> int:
    """Stream one kind into its file; returns how many lines."""
    written, name = 0, f"{kind.name}.jsonl"
    folder.append(name, b"")
    query = _COPY.format(query=kind.query(is_narrowed=is_narrowed))
    with snapshot.cursor() as cursor, cursor.copy(query) as rows:  # type: ignore[arg-type]  # our own words
        for block in rows:
            said = bytes(block)
            lines = said.count(b"\n")
            folder.append(name, said, lines=lines)
            written += lines
            progress(lines)
    return written


_NOT_OURS = frozenset({"cursor_factory", "context", "prepare_threshold", "autocommit"})
