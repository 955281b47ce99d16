"""Write down what all migrations leave: migrate a new database step by step and say what is there then."""

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from psycopg.conninfo import make_conninfo

from regulars.cli.fresh import laying
from regulars.kernel import postgres

# What says nothing about the tables, and each time something else.
_PASSING = (
    (r"(?ms)\A.*?^SET row_security = off;\n", ""),
    (r"(?m)^\\unrestrict \w+\n", ""),
    (r"(?m)^SET default_\w+ = .*;\n", ""),
    (r"\n--\n-- (Name|Data for Name|TOC entry|PostgreSQL database dump complete).*\n--\n", ""),
    (r"(?m)^COMMENT ON EXTENSION .*;\n", ""),
    (r"(?m)^SELECT pg_catalog\.setval\('.*', 1, false\);\n", ""),
    (r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00'", "now()"),
    (r"\n{3,}", "\n\n"),
)


@click.command()
def tables() -> None:
    """Write down what all migrations leave, so that a new database is laid out at once; nothing a second time."""
    try:
        write()
    except (postgres.CannotStart, OSError, subprocess.SubprocessError) as fault:
        click.echo(f"It could not be written down how a new database looks ({fault}); new ones take every step.")


def write() -> bool:
    """Write it for the environment we run in, unless it stands there; true when it was written."""
    with _place() as cluster:
        wanted = laying.tables()
        if wanted is None or wanted.exists():
            return False
        wanted.parent.mkdir(parents=True, exist_ok=True)
        said = wanted.with_suffix(f".{os.getpid()}.new")
        said.write_text(_after_every_step(cluster))
        for older in wanted.parent.glob("*.sql"):
            older.unlink(missing_ok=True)
        said.replace(wanted)
        return True


def after_every_migration() -> str:
    """What a database holds that took every step."""
    with _place() as cluster:
        return _after_every_step(cluster)


def said_of(url: str) -> str:
    """A database as SQL, without what differs each time it is asked."""
    command = [postgres.binary("pg_dump"), "--no-owner", "--no-privileges", "--rows-per-insert=1000", "-d", url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for pattern, instead in _PASSING:
        told = re.sub(pattern, instead, told)
    return told.strip("\n") + "\n"


@contextmanager
def _place() -> Iterator[postgres.Cluster]:
    """Where a database server may be, with Django set up for it: it can be set up for one only."""
    from regulars.cli.running import environment
    from regulars.kernel import starting

    with tempfile.TemporaryDirectory(prefix="regulars-fresh-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the unprivileged user that runs PostgreSQL must pass through
        cluster = postgres.Cluster(folder / "postgres", folder / "run", (("fsync", "off"),))
        os.environ |= {"REGULARS_DATA": str(folder / "data"), "REGULARS_DATABASE_URL": _url(cluster)}
        environment.set_up(process="fresh")
        starting.set_django_up()
        yield cluster


def _url(cluster: postgres.Cluster) -> str:
    return make_conninfo(host=str(cluster.sockets), user="postgres", dbname="regulars")


def _after_every_step(cluster: postgres.Cluster) -> str:
    from django.db import connection

    from regulars.cli import django_side

    postgres.create(cluster)
    server = postgres.start(cluster, stderr=subprocess.DEVNULL)
    try:
        postgres.ensure_database(cluster, "regulars")
        django_side.migrate(step_by_step=True)
        connection.close()
        return said_of(_url(cluster))
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
