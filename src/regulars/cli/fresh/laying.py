"""Lay a new database out at once, instead of taking every step that older ones took."""

from pathlib import Path

TABLES = Path(__file__).with_name("tables.sql")
WRITTEN_ON = 180_000  # the PostgreSQL that wrote it; what it writes, an older one need not understand

# Somebody's own tables, or the schema of an operator who chose another, are for migrations to deal with.
_LOOK = """
SELECT current_setting('server_version_num')::int, current_schema() = 'public'
   AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""
# As pg_dump itself begins, so that every name is read as it was written.
_AS_WRITTEN = """
SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = warning
"""


def is_possible() -> bool:
    """Whether this database holds nothing yet and understands what was written."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        version, is_empty = cursor.fetchone()
    return is_empty and version >= WRITTEN_ON


def lay_out() -> None:
    """Make every table and standing row, all or none; the migrations it stands for are noted as applied."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statements in whole():
            cursor.execute(statements)


def whole() -> tuple[str, ...]:
    """What is to be said within one transaction."""
    return _AS_WRITTEN, TABLES.read_text()
