"""Write `tables.sql` anew, after a migration was added: python -m regulars.cli.fresh.writing

It migrates a new database step by step and says what is there then.
"""

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo

from regulars.cli.fresh.laying import TABLES
from regulars.kernel import postgres

HEAD = "-- What all migrations leave. Written by: python -m regulars.cli.fresh.writing\n"
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


def main() -> None:
    """Write the file."""
    TABLES.write_text(after_every_migration())


def after_every_migration() -> str:
    """What a database holds that took every step."""
    with _new_database() as url:
        _migrate(url)
        return said_of(url)


def said_of(url: str) -> str:
    """A database as SQL, without what differs each time it is asked."""
    command = [postgres.binary("pg_dump"), "--no-owner", "--no-privileges", "--rows-per-insert=1000", "-d", url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for pattern, instead in _PASSING:
        told = re.sub(pattern, instead, told)
    return HEAD + told.strip("\n") + "\n"


@contextmanager
def _new_database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="regulars-fresh-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the unprivileged user that runs PostgreSQL must pass through
        cluster = postgres.Cluster(folder / "postgres", folder / "run", (("fsync", "off"),))
        postgres.create(cluster)
        server = postgres.start(cluster, stderr=subprocess.DEVNULL)
        try:
            postgres.ensure_database(cluster, "regulars")
            yield make_conninfo(host=str(cluster.sockets), user="postgres", dbname="regulars")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _migrate(url: str) -> None:
    from regulars.cli import django_side
    from regulars.cli.running import environment
    from regulars.kernel import starting

    with tempfile.TemporaryDirectory(prefix="regulars-fresh-") as folder:
        os.environ |= {"REGULARS_DATA": folder, "REGULARS_DATABASE_URL": url}
        environment.set_up(process="fresh")
        starting.set_django_up()
        django_side.migrate(step_by_step=True)
        _close()


def _close() -> None:
    from django.db import connection

    connection.close()


if __name__ == "__main__":
    main()
