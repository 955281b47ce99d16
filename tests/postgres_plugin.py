"""Starts a PostgreSQL for the tests before Django's settings are read.

Set REGULARS_TEST_DATABASE_URL to test on a server of your own; then without -n.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.kernel import postgres
from tests import installed

FAST = (
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "200"),
)
# Tells `tests/conftest.py` that the database of the tests is there.
IS_COPIED = "REGULARS_TESTING_IS_COPIED"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    own = os.environ.get("REGULARS_TEST_DATABASE_URL")
    if own:
        os.environ["REGULARS_DATABASE_URL"] = own
    # Each worker of a parallel run has a server of its own: an open transaction in one database of a
    # server holds back what may be read from the log in all of them (see kernel.tail).
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _prepare()
        if not own:
            _start_server(migrated_for=worker)
    elif not os.environ.get("REGULARS_TESTING"):
        _prepare()
        if getattr(early_config.known_args_namespace, "numprocesses", None):
            _share_with_workers()
        elif not own:
            _start_server()
    return (yield)


def _prepare() -> None:
    os.environ["REGULARS_TESTING"] = "1"
    atexit.register(_clean_up)
    _directory.append(directory := Path(tempfile.mkdtemp(prefix="regulars-test-")))
    directory.chmod(0o755)  # the unprivileged user that runs PostgreSQL must pass through
    os.environ["REGULARS_DATA"] = str(directory / "data")
    os.environ.setdefault("REGULARS_SECRET_KEY", "only-for-tests-" + "0" * 40)


def _share_with_workers() -> None:
    (place := _directory[0] / "installed").mkdir()
    place.chmod(0o755)
    os.environ[installed.PLACE] = str(place)


def _start_server(*, migrated_for: str | None = None) -> None:
    """A worker's has been migrated already, as migrating takes longer than most files of tests."""
    directory = _directory[0]
    cluster = postgres.Cluster(directory / "postgres", directory / "run", FAST)
    if migrated_for:
        installed.put_into(cluster.directory)
    else:
        postgres.create(cluster)
    log = (directory / "postgres.log").open("wb")
    _servers.append(postgres.start(cluster, stdout=log, stderr=log))
    postgres.ensure_database(cluster, "regulars")
    os.environ["REGULARS_DATABASE_URL"] = f"host={cluster.sockets} user=postgres dbname=regulars"
    if migrated_for:
        _copy_database(os.environ["REGULARS_DATABASE_URL"], f"test_regulars_{migrated_for}")


def _copy_database(url: str, name: str) -> None:
    from psycopg import connect, sql

    with connect(url, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE regulars").format(sql.Identifier(name)))
    os.environ[IS_COPIED] = "1"


_servers: list[subprocess.Popen[bytes]] = []
_directory: list[Path] = []


def _clean_up() -> None:
    """At exit rather than at pytest's end: a conftest that fails to import never reaches that."""
    for server in _servers:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
    for directory in _directory:
        shutil.rmtree(directory, ignore_errors=True)
