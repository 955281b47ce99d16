"""The database: whether it answers, and whether it is what this version needs."""

from collections.abc import Iterator

from regulars.cli.checks.finding import Finding, bad, ok, warn
from regulars.kernel import postgres, starting
from regulars.kernel.database_url import connection_string

OLDEST = 150_000
NEEDED = ("pg_trgm",)
TIME_LIMIT_SECONDS = 5


def answers() -> Iterator[Finding]:
    """The database."""
    import psycopg

    try:
        with psycopg.connect(connection_string(), connect_timeout=TIME_LIMIT_SECONDS) as connection:
            version = connection.info.server_version
            present = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
            offered = {row[0] for row in connection.execute("SELECT name FROM pg_available_extensions")}
    except psycopg.Error as fault:
        yield _silent(str(fault).strip().splitlines()[0])
        return
    if version < OLDEST:
        yield bad(f"PostgreSQL {version // 10_000} is too old", "Use PostgreSQL 15 or newer.", stops_here=True)
        return
    yield ok(f"PostgreSQL {version // 10_000} answers")
    for name in NEEDED:
        yield from _extension(name, present=present, offered=offered)


def migrations() -> Iterator[Finding]:
    """Migrations."""
    starting.set_django_up()
    from regulars.cli import django_side

    pending = django_side.pending_migrations()
    if pending:
        yield bad(f"{len(pending)} migrations are pending", "Run regulars migrate.", stops_here=True)
    else:
        yield ok("the database is up to date")


def _silent(reason: str) -> Finding:
    if postgres.is_used():
        return bad(f"the built-in database does not answer ({reason})", "Start it: regulars up", stops_here=True)
    remedy = "Check REGULARS_DATABASE_URL, and that the server runs and lets this machine in."
    return bad(f"your database server does not answer ({reason})", remedy, stops_here=True)


def _extension(name: str, *, present: set[str], offered: set[str]) -> Iterator[Finding]:
    if name in present:
        yield ok(f"extension {name}")
    elif name in offered:
        yield warn(f"extension {name} is not switched on yet", "regulars migrate does it, if its user may.")
    else:
        yield bad(f"extension {name} is missing", "Install PostgreSQL's contrib package on the server.")


DATABASE_CHECKS = (answers, migrations)
