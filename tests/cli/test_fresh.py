"""A new database laid out at once is the one that every migration leaves."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from regulars.cli.fresh import laying, writing
from tests.running.house import clean_environment

WRITE_ANEW = "tables.sql is behind the migrations; run: python -m regulars.cli.fresh.writing"


@pytest.fixture(scope="module")
def laid_out() -> Iterator[str]:
    """Where such a database is."""
    own = os.environ["REGULARS_DATABASE_URL"]
    with psycopg.connect(own, autocommit=True) as server:
        if server.info.server_version < laying.WRITTEN_ON:
            pytest.skip("an older PostgreSQL takes every step")
        server.execute("DROP DATABASE IF EXISTS regulars_laid_out")
        server.execute("CREATE DATABASE regulars_laid_out")
        url = make_conninfo(own, dbname="regulars_laid_out")
        with psycopg.connect(url) as fresh:
            for statements in laying.whole():
                fresh.execute(statements)  # type: ignore[arg-type]  # read from a file of ours
        yield url
        server.execute("DROP DATABASE regulars_laid_out WITH (FORCE)")


def test_what_is_written_is_what_every_migration_leaves() -> None:
    print_it = "from regulars.cli.fresh import writing; print(writing.after_every_migration(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", print_it], env=clean_environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    assert done.stdout == laying.TABLES.read_text(), WRITE_ANEW


def test_laid_out_it_is_the_same_again(laid_out: str) -> None:
    """But for where PostgreSQL writes the type of a constant, each time it reads its own words."""
    assert without_casts(writing.said_of(laid_out)) == without_casts(laying.TABLES.read_text())


def test_the_migrations_it_stands_for_are_noted(laid_out: str) -> None:
    with psycopg.connect(laid_out) as fresh:
        rows = fresh.execute("SELECT app, name FROM django_migrations").fetchall()
    assert {"kernel", "desk", "account", "procrastinate"} <= {app for app, _ in rows}
    assert len(rows) == len(set(rows)) > 100


@pytest.mark.django_db
def test_a_database_with_something_in_it_is_migrated_step_by_step() -> None:
    assert laying.is_possible() is False


@pytest.mark.django_db
@pytest.mark.parametrize("missing", [0, 10_000])
def test_an_older_postgresql_takes_every_step(missing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "_LOOK", f"SELECT {laying.WRITTEN_ON - missing}, true")
    assert laying.is_possible() is (missing == 0)


def without_casts(said: str) -> str:
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", said)
