"""Lay a new database out at once, instead of taking every step that older ones took."""

import hashlib
import sys
from pathlib import Path

from regulars.kernel import kept_with_environment

WRITTEN_ON = 180_000  # the PostgreSQL that writes it; what it writes, an older one need not understand

# Somebody's own tables, or the schema of an operator who chose another, are for migrations to deal with.
_LOOK = """
SELECT current_setting('server_version_num')::int, current_schema() = 'public'
   AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""
# As pg_dump itself begins, so that every name is read as it was written.
AS_WRITTEN = """
SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = warning
"""


def tables() -> Path | None:
    """Where what these very migrations leave stands, once `regulars tables` wrote it; none where nothing is kept."""
    folder = kept_with_environment.folder()
    return folder / "tables" / f"{_digest()}.sql" if folder else None


def is_possible() -> bool:
    """Whether this database holds nothing yet, and what to put there was written and is understood."""
    from django.db import connection

    written = tables()
    if written is None or not written.exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        version, is_empty = cursor.fetchone()
    return is_empty and version >= WRITTEN_ON


def lay_out() -> None:
    """Make every table and standing row, all or none; the migrations it stands for are noted as applied."""
    from django.db import connection, transaction

    written = tables()
    assert written
    with transaction.atomic(), connection.cursor() as cursor:
        for statements in (AS_WRITTEN, written.read_text()):
            cursor.execute(statements)


def _digest() -> str:
    """Of every migration of the product and of its packages, as they are now."""
    from django.db.migrations.loader import MigrationLoader

    found = MigrationLoader(None).disk_migrations
    digest = hashlib.sha256()
    for (app, name), migration in sorted(found.items(), key=lambda one: one[0]):
        file = sys.modules[type(migration).__module__].__file__
        content = Path(file).read_bytes() if file else b""
        digest.update(f"{app} {name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]
