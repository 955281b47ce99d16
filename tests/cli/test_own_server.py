"""A PostgreSQL of the operator's own: what does not suit is said with its remedy, before anything is half done."""

import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from regulars.cli.checks import database
from regulars.cli.checks.finding import bad, ok, warn
from tests.running.house import clean_environment

SUITABLE = database.Server(
    user="shop",
    database="regulars",
    encoding="UTF8",
    is_read_only=False,
    may_create_tables=True,
    may_create_extensions=True,
    is_installed=False,
    present=frozenset(),
    offered=frozenset({"pg_trgm"}),
)


def run(command: str, url: str, data: Path) -> tuple[int, str]:
    """The exit status and everything said."""
    done = subprocess.run(
        [sys.executable, "-m", "regulars.cli", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        env=clean_environment() | {"REGULARS_DATABASE_URL": url, "REGULARS_DATA": str(data)},
    )
    return done.returncode, done.stdout


@pytest.fixture
def empty_database() -> Iterator[str]:
    own = os.environ["REGULARS_DATABASE_URL"]
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS regulars_empty")
        connection.execute("CREATE DATABASE regulars_empty")
        yield make_conninfo(own, dbname="regulars_empty")
        connection.execute("DROP DATABASE regulars_empty WITH (FORCE)")


@pytest.fixture
def newcomer(empty_database: str) -> Iterator[str]:
    """A user who may use an empty database and no more."""
    with psycopg.connect(empty_database, autocommit=True) as connection:
        try:
            connection.execute("CREATE ROLE regulars_newcomer LOGIN PASSWORD 'knock'")
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("the tests' user on this server may not make other users")
        connection.execute("GRANT CREATE ON SCHEMA public TO regulars_newcomer")
        yield make_conninfo(empty_database, user="regulars_newcomer", password="knock")
        connection.execute(sql.SQL("DROP OWNED BY regulars_newcomer"))
        connection.execute("DROP ROLE regulars_newcomer")


def tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row
    return row[0]


def test_a_server_that_suits_is_asked_to_switch_on_what_is_missing() -> None:
    assert list(database.suits(SUITABLE)) == [
        warn("extension pg_trgm is not switched on yet", "regulars migrate does it.")
    ]
    assert list(database.suits(replaced(present=frozenset({"pg_trgm"})))) == [ok("extension pg_trgm")]


def replaced(**changes: Any) -> database.Server:
    """A suitable server but for these."""
    return replace(SUITABLE, **{"present": frozenset({"pg_trgm"}), **changes})


def test_a_database_without_unicode_is_refused() -> None:
    remedy = "Make it again: CREATE DATABASE regulars ENCODING 'UTF8' TEMPLATE template0"
    assert next(database.suits(replaced(encoding="LATIN1"))) == bad(
        "the database regulars stores text as LATIN1", remedy, stops_here=True
    )


def test_who_may_not_create_tables_cannot_begin_but_can_go_on() -> None:
    remedy = "As its owner: GRANT CREATE ON SCHEMA public TO shop"
    what = "shop may not create tables in the database regulars"
    assert next(database.suits(replaced(may_create_tables=False))) == bad(what, remedy, stops_here=True)
    assert next(database.suits(replaced(may_create_tables=False, is_installed=True))) == warn(
        f"{what}, so it cannot be brought up to a newer version", remedy
    )


@pytest.mark.parametrize("command", ["doctor", "migrate"])
def test_a_user_without_the_right_to_switch_on_an_extension_is_told_who_can(
    command: str, newcomer: str, tmp_path: Path
) -> None:
    status, said = run(command, newcomer, tmp_path)
    assert status == 1
    assert "regulars_newcomer may not switch on the extension pg_trgm" in said
    assert "As its owner, in regulars_empty: CREATE EXTENSION pg_trgm" in said
    assert "Traceback" not in said
    assert tables(newcomer) == 0


@pytest.mark.parametrize("command", ["doctor", "migrate"])
def test_a_database_that_can_only_be_read_is_said_to_be_so(command: str, empty_database: str, tmp_path: Path) -> None:
    status, said = run(command, make_conninfo(empty_database, options="-c default_transaction_read_only=on"), tmp_path)
    assert status == 1
    assert "the database regulars_empty can only be read by" in said
    assert "Use the primary server, and a user whose default_transaction_read_only is off." in said
    assert "Traceback" not in said
    assert tables(empty_database) == 0


@pytest.mark.parametrize("command", ["doctor", "migrate"])
def test_a_server_that_is_too_old_is_said_to_be_so(command: str, tmp_path: Path) -> None:
    with OldServer() as server:
        status, said = run(command, f"host=127.0.0.1 port={server.port} user=shop dbname=shop", tmp_path)
    assert status == 1
    assert "PostgreSQL 14 is too old" in said
    assert "Use PostgreSQL 15 or newer." in said
    assert "Traceback" not in said


def test_a_server_that_is_not_there_is_said_without_a_stack_trace(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        status, said = run("migrate", f"host=127.0.0.1 port={unused.getsockname()[1]} user=a dbname=a", tmp_path)
    assert status == 1
    assert said.startswith("Error: your database server does not answer (")
    assert said.endswith("Check REGULARS_DATABASE_URL, and that the server runs and lets this machine in.\n")


class OldServer:
    """Lets anybody in as PostgreSQL 14 would, and can do nothing else."""

    def __enter__(self) -> "OldServer":
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.door.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            with client:
                self._let_in(client)

    def _let_in(self, client: socket.socket) -> None:
        while client.recv(4096)[4:8] == struct.pack("!I", 80877103):  # may we speak TLS? No.
            client.sendall(b"N")
        said = {"server_version": "14.9", "client_encoding": "UTF8", "standard_conforming_strings": "on"}
        answer = message(b"R", struct.pack("!I", 0))
        for name, value in said.items():
            answer += message(b"S", f"{name}\0{value}\0".encode())
        client.sendall(answer + message(b"K", struct.pack("!II", 1, 1)) + message(b"Z", b"I"))
        client.recv(4096)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body
