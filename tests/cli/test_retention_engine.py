"""`regulars retention --engine`: the tables of the kernels, from engines; what is refused, and how."""

from __future__ import annotations

import datetime as dt
import socket
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner

from regulars.cli.retention import retention

pytest.importorskip("ibis", reason="engines need ibis-framework[duckdb]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mirror of two days: Ada comes back the next month, Musa two months later."""
    rows = [(1, "2026-01-31T23:30:00+00:00"), (1, "2026-03-02T09:00:00+00:00"), (2, "2026-02-01T09:00:00+00:00")]
    for day, part in (("2026-02-01", rows[:1]), ("2026-03-02", rows[1:])):
        times = [dt.datetime.fromisoformat(at) for _, at in part]
        table = pa.table(
            {"customer_id": [who for who, _ in part], "occurred_at": pa.array(times, pa.timestamp("us", "UTC"))}
        )
        (tmp_path / f"mirror/day={day}").mkdir(parents=True)
        parquet.write_table(table, tmp_path / f"mirror/day={day}/from-1.parquet")
    return tmp_path / "mirror"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(retention, list(arguments))
    return done.exit_code, done.output


@pytest.mark.parametrize("engine", ["duckdb", "clickhouse"])
def test_a_folder_of_parquet_is_counted_in_the_zones_months(engine: str, folder: Path) -> None:
    if engine == "clickhouse":
        pytest.importorskip("chdb", reason="ClickHouse's dialect is executed by chdb")
    asked = ("--zone", "Europe/Berlin", "--as-of", "2026-05-01", "--kind", "classic", "--csv", "-")
    code, said = run(str(folder), "--engine", engine, *asked)
    assert code == 0, said
    lines = said.splitlines()
    assert lines[:2] == ["cohort,period,at_risk,retained,rate,low,high", "2026-02-01,0,2,2,1.0,1.0,1.0"]
    assert lines[2].startswith("2026-02-01,1,2,1,0.5,")
    assert any(line.startswith("Counted by ") for line in lines)


def test_a_folder_without_an_engine_says_which_to_choose(folder: Path) -> None:
    code, said = run(str(folder))
    assert code == 2
    assert "is a folder. Say --engine duckdb" in said


def test_text_files_and_their_options_are_not_for_engines(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "orders.csv").write_text("customer,date\n1,2026-01-01\n")
    code, said = run(str(tmp_path / "orders.csv"), "--engine", "duckdb")
    assert (code, "orders.csv is not Parquet" in said) == (2, True)
    code, said = run(str(folder), "--engine", "duckdb", "--skip-bad")
    assert (code, "--skip-bad is about files of text" in said) == (2, True)


def test_a_cluster_that_cannot_be_reached_is_said_in_a_line(folder: Path) -> None:
    pytest.importorskip("pyspark", reason="only with pyspark can a cluster be missing")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        code, said = run(str(folder), "--engine", f"spark://127.0.0.1:{nobody.getsockname()[1]}")
    assert code == 2
    assert "There is no Spark master at spark://127.0.0.1:" in said
    assert "Nothing was counted" in said


def test_a_missing_package_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ibis", None)
    code, said = run(str(folder), "--engine", "duckdb")
    assert (code, 'pip install "tenure[engines]"' in said) == (2, True)
