"""`regulars retention FILE`, as a person meets it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner, Result

from regulars.cli.retention import retention

# The hand-worked example: active days after day 0 are A{1,2,3,5,7,9}, B{1,4,10}, C{1,2}, D{3}, E{}.
ACTIVE = {"A": (0, 1, 2, 3, 5, 7, 9), "B": (0, 1, 4, 10), "C": (0, 1, 2), "D": (0, 3), "E": (0,)}
ROWS = [(name, f"2026-03-{1 + day:02d} 12:00:00") for name, days in ACTIVE.items() for day in days]
BY_HAND = {  # D3 with M = 2, D7 with M = 4
    "full": ("0.2", "0.0"),
    "classic": ("0.4", "0.2"),
    "rolling": ("0.6", "0.4"),
    "return": ("0.8", "0.8"),
    "bracket": ("0.6", "0.4"),
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(retention, [str(argument) for argument in arguments])


def written(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    lines = ["customer,time", *(f"{name},{time}" for name, time in ROWS)]
    return written(tmp_path / "visits.csv", "\n".join(lines) + "\n")


def cells(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize("kind", BY_HAND)
def test_the_five_kinds_are_the_hand_worked_ones(visits: Path, kind: str) -> None:
    bracket = lambda m: ("--from", m) if kind == "bracket" else ()  # noqa: E731
    asked = (visits, "--period", "day", "--kind", kind, "--as-of", "2026-03-15", "--csv", "-")
    third = next(row for row in cells(run(*asked, *bracket(2))) if row["period"] == "3")
    seventh = next(row for row in cells(run(*asked, *bracket(4))) if row["period"] == "7")
    assert (third["rate"], seventh["rate"]) == BY_HAND[kind]
    assert (third["at_risk"], third["cohort"]) == ("5", "2026-03-01")


def test_csv_to_the_output_is_exactly_the_seven_columns_and_nothing_else(visits: Path) -> None:
    result = run(visits, "--period", "day", "--periods", "2", "--as-of", "2026-03-15", "--csv", "-")
    assert result.stdout.splitlines() == [
        "cohort,period,at_risk,retained,rate,low,high",
        "2026-03-01,0,5,5,1.0,1.0,1.0",
        f"2026-03-01,1,5,3,0.6,{_low(3, 5)},{_high(3, 5)}",
        f"2026-03-01,2,5,2,0.4,{_low(2, 5)},{_high(2, 5)}",
    ]
    assert "Guessed: customer is the column “customer”" in result.stderr


def test_a_breakdown_comes_first_and_no_spreadsheet_runs_it(tmp_path: Path) -> None:
    lines = ["who,at,plan", "1,2026-01-05,=cmd()", "1,2026-02-05,=cmd()", "2,2026-01-06,pro", "2,2026-03-06,pro"]
    path = written(tmp_path / "plans.csv", "\n".join(lines))
    rows = cells(run(path, "--customer", "who", "--by", "plan", "--csv", "-", "--as-of", "2026-03-01"))
    assert list(rows[0]) == ["plan", "cohort", "period", "at_risk", "retained", "rate", "low", "high"]
    assert [(row["plan"], row["period"], row["retained"]) for row in rows] == [
        ("'=cmd()", "0", "1"), ("'=cmd()", "1", "1"), ("pro", "0", "1"), ("pro", "1", "0"),
    ]  # fmt: skip


def test_the_terminal_shows_five_kinds_with_n_and_names_what_was_guessed(visits: Path) -> None:
    result = run(visits, "--period", "day", "--as-of", "2026-03-15")
    assert result.exit_code == 0
    for words in ("full", "classic", "rolling (provisional)", "return", "bracket", "n at risk", "interval"):
        assert words in result.stdout
    assert "time is the column “time” (--time to change it)" in " ".join(result.stdout.split())


def test_one_kind_shows_its_interval(visits: Path) -> None:
    result = run(visits, "--period", "day", "--kind", "classic", "--as-of", "2026-03-15")
    assert "from" in result.stdout and "to" in result.stdout and "return" not in result.stdout


def test_a_day_is_a_day_in_the_named_zone(tmp_path: Path) -> None:
    path = written(
        tmp_path / "late.csv", "customer,time\n1,2026-06-01T21:00:00Z\n1,2026-06-01T23:00:00Z\n2,2026-06-05T00:00:00Z\n"
    )
    asked = (path, "--period", "day", "--kind", "classic", "--csv", "-")
    first = lambda rows: [row["retained"] for row in rows if row["period"] == "1" and row["cohort"] == "2026-06-01"]  # noqa: E731
    assert first(cells(run(*asked))) == ["0"]
    assert first(cells(run(*asked, "--zone", "Europe/Berlin"))) == ["1"]


@pytest.mark.parametrize("shape", ["tsv", "semicolons", "latin-1", "gz", "jsonl", "parquet", "xlsx"])
def test_every_kind_of_file_says_the_same(tmp_path: Path, visits: Path, shape: str) -> None:
    asked = ("--period", "day", "--as-of", "2026-03-15", "--csv", "-")
    assert cells(run(_as(shape, tmp_path), *asked)) == cells(run(visits, *asked))


def test_dates_in_any_order_are_asked_about_and_never_guessed(tmp_path: Path) -> None:
    path = written(tmp_path / "dates.csv", "customer,date\n1,03/04/2011\n1,05/04/2011\n2,03/04/2011\n")
    refused = run(path, "--csv", "-")
    assert refused.exit_code == 2 and refused.stdout == ""
    assert "03/04/2011" in refused.stderr and "--date-order dmy" in refused.stderr
    cohorts = lambda order: {row["cohort"] for row in cells(run(path, "--csv", "-", "--date-order", order))}  # noqa: E731
    assert cohorts("dmy") == {"2011-04-01"}
    assert cohorts("mdy") == {"2011-03-01"}


def test_a_column_that_leaves_one_order_is_read_and_the_order_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "dates.csv", "customer,date\n1,03/04/2011\n1,25/05/2011\n")
    result = run(path, "--csv", "-")
    assert {row["cohort"] for row in cells(result)} == {"2011-04-01"}
    assert "day/month/year" in result.stderr


REFUSALS = {
    "an empty file": ("", "empty"),
    "only a header": ("customer,time\n", "no rows"),
    "columns apart by spaces": ("customer  time\n1  2026-01-01\n", "Only one column was found"),
    "no such column": ("a,b\n1,2\n", "--customer"),
    "a word for a time": ("customer,time\n1,2026-01-01\n2,soon\n", "Row 3: “soon”"),
    "a day that does not exist": ("customer,time\n1,2026-02-30\n", "Row 2: “2026-02-30”"),
    "nobody": ("customer,time\n,2026-01-01\n", "No row has both"),
    "two candidates": ("customer,start_date,end_date\n1,2026-01-01,2026-01-02\n", "--time"),
    "broken quoting": (
        'customer,time,plan\n1,2026-01-01,"a\n2,2026-01-02,b\n',
        "Row 2 cannot be read: a quotation mark",
    ),
    "too many cells": ("customer,time\n1,2026-01-01\n1,2026-01-02,x\n", "Row 3 cannot be read: it has more or fewer"),
    "broken JSON": (
        '{"customer": 1, "time": "2026-01-01"}\n{"customer"\n',
        "Row 2 cannot be read: it is not a JSON object",
    ),
    "a list of JSON": ("[1, 2]", "one object a line"),
    "a page": ("<!doctype html><p>", "not a table"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_a_bad_file_gets_one_clear_line_and_ends_with_two(tmp_path: Path, what: str) -> None:
    text, expected = REFUSALS[what]
    result = run(written(tmp_path / "bad.csv", text), "--csv", "-")
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert expected in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1 and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.csv.gz", gzip.compress(b"customer,time\n" + b"1,2026-01-01\n" * 5000)[:-30]),
        ("not.parquet", b"PAR1 this is not one"),
        ("not.xlsx", b"PK\x03\x04 neither is this"),
        ("noise.csv", bytes(range(256)) * 20),
    ],
)
def test_damaged_files_are_refused_without_a_traceback(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert len(result.stderr.strip().splitlines()) == 1


def test_bad_rows_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "bad.csv", "customer,time\n1,2026-01-01\n2,soon\n1,2026-02-01\n")
    result = run(path, "--skip-bad", "--csv", "-")
    assert sum(int(row["at_risk"]) for row in cells(result) if row["period"] == "0") == 1
    assert "Left out: 1 rows whose time cannot be read, the first at row 3." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--zone", "Mars/Olympus"), "Mars/Olympus"),
        (("--as-of", "yesterday"), "yesterday"),
        (("--as-of", "1999-01-01"), "1999-01-01"),
        (("--customer", "custmer"), "Did you mean “customer”?"),
        (("--by", "plan"), "--by: there is no column “plan”"),
        (("--kind", "classic", "--from", "2"), "--from says where the bracket begins"),
        (("--csv", "/nowhere/at/all.csv"), "cannot be written"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_with_the_remedy(
    visits: Path, arguments: tuple[str, ...], expected: str
) -> None:
    result = run(visits, *arguments)
    assert result.exit_code == 2
    assert expected in result.stderr


def test_the_page_and_the_picture_are_whole_and_run_nothing(tmp_path: Path, visits: Path) -> None:
    page, picture, table = tmp_path / "page.html", tmp_path / "curves.svg", tmp_path / "table.csv"
    result = run(visits, "--period", "day", "--as-of", "2026-03-15", "--html", page, "--svg", picture, "--csv", table)
    assert result.exit_code == 0, result.output
    html = page.read_text()
    assert "<svg" in html and "60.0%" in html and "<script" not in html and "n 5" in html
    assert picture.read_text().startswith("<svg")
    assert table.read_text().startswith("cohort,period,at_risk,retained,rate,low,high\n")


def test_as_a_process_it_needs_no_settings_and_no_server(visits: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "REGULARS"))}
    command = [
        sys.executable,
        "-m",
        "regulars.cli",
        "retention",
        str(visits),
        "--period",
        "day",
        "--as-of",
        "2026-03-15",
        "--csv",
        "-",
    ]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "cohort,period,at_risk,retained,rate,low,high"
    missing = subprocess.run([*command[:4], "missing.csv"], env=clean, capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert "missing.csv" in missing.stderr and "Traceback" not in missing.stderr


def test_online_retail_is_read_as_it_is(shared_file: Path) -> None:
    rows = cells(run(shared_file, "--zone", "Europe/London", "--as-of", "2011-12-01", "--csv", "-"))
    assert sum(int(row["at_risk"]) for row in rows if row["period"] == "0") == 4_331
    assert next(row for row in rows if row["cohort"] == "2010-12-01" and row["period"] == "11")["rate"] == "0.5"


@pytest.fixture
def shared_file() -> Path:
    home = Path(os.environ.get("REGULARS_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
    path = home / "online_retail" / "online_retail.parquet"
    if not path.exists():
        pytest.skip("the Online Retail file is not here (REGULARS_SHARED_DATA)")
    return path


def _low(hits: int, n: int) -> float:
    import tenure

    return float(tenure.wilson(hits, n)[0])


def _high(hits: int, n: int) -> float:
    import tenure

    return float(tenure.wilson(hits, n)[1])


def _as(shape: str, folder: Path) -> Path:
    table = {"customer": [name for name, _ in ROWS], "time": [time for _, time in ROWS]}
    if shape == "parquet":
        parquet.write_table(pa.table(table), folder / "visits.parquet")
        return folder / "visits.parquet"
    if shape == "xlsx":
        return _workbook(folder / "visits.xlsx")
    if shape == "jsonl":
        lines = [json.dumps({"customer": name, "time": time}) for name, time in ROWS]
        return written(folder / "visits.jsonl", "\n".join(lines))
    mark = {"tsv": "\t", "semicolons": ";"}.get(shape, ",")
    text = "\n".join([f"customer{mark}time", *(f"{name}{mark}{time}" for name, time in ROWS)]) + "\n"
    if shape == "gz":
        (folder / "visits.csv.gz").write_bytes(gzip.compress(text.encode()))
        return folder / "visits.csv.gz"
    return written(folder / "visits.txt", text, encoding="latin-1")


def _workbook(path: Path) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["customer", "time"])
    for row in ROWS:
        book.active.append(row)
    book.save(path)
    return path
