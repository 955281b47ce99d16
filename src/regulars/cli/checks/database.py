"""The database: whether it answers, and whether it is what this version needs."""

from collections.abc import Iterator
from dataclasses import dataclass

import click

from regulars.cli.checks.finding import Finding, bad, ok, warn
from regulars.kernel import postgres, starting
from regulars.kernel.database_url import connection_string

OLDEST = 150_000
NEEDED = ("pg_trgm",)
TIME_LIMIT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Server:
    """What a server says of itself and of what its user may do."""

    user: str
    database: str
    encoding: str
    is_read_only: bool
    may_create_tables: bool
    may_create_extensions: bool
    is_installed: bool
    present: frozenset[str]
    offered: frozenset[str]


# A trusted extension, as every one of ours is, may be switched on by who may create in the database.
_LOOK = """
SELECT current_user, current_database(), current_setting('server_encoding'),
       current_setting('transaction_read_only') = 'on',
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
       has_database_privilege(current_database(), 'CREATE'),
       to_regclass('django_migrations') IS NOT NULL,
       array(SELECT extname::text FROM pg_extension), array(SELECT name::text FROM pg_available_extensions)
"""


def answers() -> Iterator[Finding]:
    """The database."""
    import psycopg

    try:
        with psycopg.connect(connection_string(), connect_timeout=TIME_LIMIT_SECONDS) as connection:
            version = connection.info.server_version
            if version < OLDEST:
                yield bad(f"PostgreSQL {version // 10_000} is too old", "Use PostgreSQL 15 or newer.", stops_here=True)
                return
            row = connection.execute(_LOOK).fetchone()
    except psycopg.Error as fault:
        yield _silent(str(fault).strip().splitlines()[0])
        return
    assert row is not None  # a SELECT without FROM
    yield ok(f"PostgreSQL {version // 10_000} answers")
    yield from suits(Server(*row[:-2], present=frozenset(row[-2]), offered=frozenset(row[-1])))


def suits(server: Server) -> Iterator[Finding]:
    """Whether a server that answers lets us do what we must."""
    if server.encoding != "UTF8":
        remedy = f"Make it again: CREATE DATABASE {server.database} ENCODING 'UTF8' TEMPLATE template0"
        yield bad(f"the database {server.database} stores text as {server.encoding}", remedy, stops_here=True)
    if server.is_read_only:
        remedy = "Use the primary server, and a user whose default_transaction_read_only is off."
        yield bad(f"the database {server.database} can only be read by {server.user}", remedy, stops_here=True)
        return
    if not server.may_create_tables:
        yield _no_tables(server)
    for name in NEEDED:
        yield from _extension(name, server)


def migrations() -> Iterator[Finding]:
    """Migrations."""
    starting.set_django_up()
    from regulars.cli import django_side

    pending = django_side.pending_migrations()
    if pending:
        yield bad(f"{len(pending)} migrations are pending", "Run regulars migrate.", stops_here=True)
    else:
        yield ok("the database is up to date")


def refuse_what_does_not_suit() -> None:
    """End the command with the reason and the remedy before anything is half done."""
    for finding in answers():
        if finding.mark == "bad":
            raise click.ClickException(f"{finding.what}.\n{finding.remedy}")


def _silent(reason: str) -> Finding:
    if postgres.is_used():
        return bad(f"the built-in database does not answer ({reason})", "Start it: regulars up", stops_here=True)
    remedy = "Check REGULARS_DATABASE_URL, and that the server runs and lets this machine in."
    return bad(f"your database server does not answer ({reason})", remedy, stops_here=True)


def _no_tables(server: Server) -> Finding:
    what = f"{server.user} may not create tables in the database {server.database}"
    remedy = f"As its owner: GRANT CREATE ON SCHEMA public TO {server.user}"
    if server.is_installed:
        return warn(f"{what}, so it cannot be brought up to a newer version", remedy)
    return bad(what, remedy, stops_here=True)


def _extension(name: str, server: Server) -> Iterator[Finding]:
    if name in server.present:
        yield ok(f"extension {name}")
    elif name not in server.offered:
        yield bad(f"extension {name} is missing", "Install PostgreSQL's contrib package on the server.")
    elif server.may_create_extensions:
        yield warn(f"extension {name} is not switched on yet", "regulars migrate does it.")
    else:
        remedy = f"As its owner, in {server.database}: CREATE EXTENSION {name}"
        yield bad(f"{server.user} may not switch on the extension {name}", remedy, stops_here=True)


DATABASE_CHECKS = (answers, migrations)
