"""A new database laid out at once is the one that every migration leaves."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from regulars.cli.fresh import laying, writing
from tests.running.house import clean_environment


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every step leaves, written down."""
    file = tmp_path_factory.mktemp("fresh") / "tables.sql"
    print_it = "from regulars.cli.fresh import writing; print(writing.after_every_migration(), end='')"
    with file.open("w") as said:
        subprocess.run([sys.executable, "-c", print_it], env=clean_environment(), check=True, stdout=said)
    return file


@pytest.fixture(scope="module")
def laid_out(written: Path) -> Iterator[str]:
    """Where a database is that was laid out with it."""
    own = os.environ["REGULARS_DATABASE_URL"]
    with psycopg.connect(own, autocommit=True) as server:
        if server.info.server_version < laying.WRITTEN_ON:
            pytest.skip("an older PostgreSQL takes every step")
        server.execute("DROP DATABASE IF EXISTS regulars_laid_out")
        server.execute("CREATE DATABASE regulars_laid_out")
        url = make_conninfo(own, dbname="regulars_laid_out")
        with psycopg.connect(url) as fresh:
            for statements in (laying.AS_WRITTEN, written.read_text()):
                fresh.execute(statements)  # type: ignore[arg-type]  # read from a file of ours
        yield url
        server.execute("DROP DATABASE regulars_laid_out WITH (FORCE)")


def test_laid_out_it_is_what_every_step_leaves(laid_out: str, written: Path) -> None:
    """But for where PostgreSQL writes the type of a constant, each time it reads its own words."""
    assert without_casts(writing.said_of(laid_out)) == without_casts(written.read_text())


def test_the_migrations_it_stands_for_are_noted(laid_out: str) -> None:
    with psycopg.connect(laid_out) as fresh:
        rows = fresh.execute("SELECT app, name FROM django_migrations").fetchall()
    assert {"kernel", "desk", "account", "procrastinate"} <= {app for app, _ in rows}
    assert len(rows) == len(set(rows)) > 100


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where it is kept here; it was written for the migrations there are."""
    monkeypatch.setattr(laying.kept_with_environment, "folder", lambda: tmp_path)
    file = laying.tables()
    assert file
    file.parent.mkdir()
    file.write_text("SELECT 1")
    return file


@pytest.mark.django_db
def test_a_database_with_something_in_it_is_migrated_step_by_step(kept: Path) -> None:
    assert laying.is_possible() is False


@pytest.mark.django_db
@pytest.mark.parametrize("missing", [0, 10_000])
def test_an_older_postgresql_takes_every_step(kept: Path, missing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "_LOOK", f"SELECT {laying.WRITTEN_ON - missing}, true")
    assert laying.is_possible() is (missing == 0)


@pytest.mark.django_db
def test_what_was_written_for_other_migrations_is_not_used(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "_LOOK", f"SELECT {laying.WRITTEN_ON}, true")
    kept.rename(kept.with_name("0" * 32 + ".sql"))
    assert laying.is_possible() is False


def without_casts(said: str) -> str:
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", said)
