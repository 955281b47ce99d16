"""What the commands ask of Django; imported only once a command needs it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIGRATING = 7_262_019  # the advisory lock: two processes never migrate at the same time


def migrate(*, step_by_step: bool = False) -> int:
    """Apply what is pending, one process at a time; returns how many migrations were applied.

    A new database is laid out at once, unless every step is asked for.
    """
    from django.core.management import call_command

    from regulars.cli.fresh import laying

    with _alone():
        pending = pending_migrations()
        if pending and not step_by_step and laying.is_possible():
            laying.lay_out()
        if pending_migrations():
            call_command("migrate", verbosity=0, interactive=False)
    return len(pending)


def pending_migrations() -> list[str]:
    """The migrations this version has and the database has not."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def collect_static_files() -> bool:
    """Copy static files to where they are served from, if any changed; true when it did."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = static_files_digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    stamp.write_text(wanted)
    return True


def static_files_digest() -> str:
    """One digest over the name, size and age of every static file there is."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def first_owner_link() -> str | None:
    """The one-time link that creates the owner, or None when there is one."""
    from regulars.accounts.actions import first_owner

    with _only_where_links_lead():
        return first_owner.link()


def sign_in_link(email: str) -> str:
    """A link that signs one colleague in, once."""
    from regulars.accounts.actions import one_time_links

    with _only_where_links_lead():
        return one_time_links.sign_in_link(email)


@contextmanager
def _only_where_links_lead() -> Iterator[None]:
    """Addresses without the pages behind them, which take longer to load than all the rest."""
    from django.urls import set_urlconf

    set_urlconf("regulars.web.accounts.doors")
    try:
        yield
    finally:
        set_urlconf(None)


@contextmanager
def _alone() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
