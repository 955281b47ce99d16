"""What readers make of files, good and broken."""

import gzip
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.customers.importing.errors import CannotRead
from regulars.customers.importing.reading import open_file
from regulars.customers.importing.reading.lines import Chunks
from regulars.customers.importing.reading.tables import ExcelReader
from regulars.kernel.spreadsheets import harmless

Read = Callable[..., tuple[list[dict[str, Any]], list[Any]]]


def said(bad: list[Any]) -> list[tuple[int, str]]:
    return [(line.line, line.reason) for line in bad]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(read: Read, separator: str) -> None:
    rows, bad = read(f"id{separator}name\n1{separator}Ada\n2{separator}Musa\n")
    assert rows == [{"line": 2, "id": "1", "name": "Ada"}, {"line": 3, "id": "2", "name": "Musa"}]
    assert bad == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_in_any_usual_encoding_reads_the_same(read: Read, encoding: str) -> None:
    rows, bad = read("id;name\n1;Zoë Müller\n".encode(encoding))
    assert (rows, bad) == ([{"line": 2, "id": "1", "name": "Zoë Müller"}], [])


def test_a_row_in_another_encoding_is_named_and_the_others_are_kept(read: Read) -> None:
    rows, bad = read("id,name\n1,Zoë\n2,José\n".encode() + "3,Müller\n".encode("cp1252") + b"4,Bo\n")
    assert [row["id"] for row in rows] == ["1", "2", "4"]
    assert said(bad) == [(4, "encoding")]


def test_every_kind_of_broken_row_is_named_with_its_line(read: Read) -> None:
    content = b'id,name,n\n1,a,2\n2,"abc,3\n3,b,4\n4,"x\ny",5\n5,q"r,6\n6,z\n7,\x00,1\n\n8,' + b"x" * 1_500_000
    rows, bad = read(content + b',3\n9,"q\n1,2,3\n1,2,4\nz",4\n10,ok,9')
    assert [(row["line"], row["id"], row["name"][:3]) for row in rows] == [
        (2, "1", "a"), (4, "3", "b"), (5, "4", "x\ny"), (7, "5", 'q"r'), (13, "1", "2"), (14, "1", "2"),
        (16, "10", "ok"),
    ]  # fmt: skip
    assert said(bad) == [
        (3, "quoting"), (8, "ragged"), (9, "nul"), (11, "too_long"), (12, "quoting"), (15, "ragged"),
    ]  # fmt: skip


def test_a_cell_of_ten_megabytes_costs_only_its_row(read: Read) -> None:
    rows, bad = read(b"id,name\n1,a\n2," + b"x" * 10_000_000 + b"\n3,c\n")
    assert [(row["line"], row["id"]) for row in rows] == [(2, "1"), (4, "3")]
    assert said(bad) == [(3, "too_long")]


def test_a_truncated_gzip_gives_what_came_before_the_break(read: Read) -> None:
    plain = b"id,n\n" + b"".join(b"%d,%d\n" % (number, number * 7919 % 100_003) for number in range(20_000))
    packed = gzip.compress(plain)
    rows, bad = read(packed[: len(packed) // 2], "file.csv.gz")
    assert len(rows) > 5_000
    assert all(int(row["n"]) == int(row["id"]) * 7919 % 100_003 for row in rows)  # the last number is not cut short
    assert said(bad) == [(rows[-1]["line"] + 1, "damaged")]


def test_a_gzip_of_several_members_is_one_file(read: Read) -> None:
    rows, bad = read(gzip.compress(b"id,n\n1,2\n") + gzip.compress(b"2,3\n"))
    assert ([row["id"] for row in rows], bad) == (["1", "2"], [])


def test_json_lines_keep_the_digits_of_numbers_and_name_broken_lines(read: Read) -> None:
    rows, bad = read('{"a":1.10,"b":"x"}\n{bad\n[1]\n{"a":"\\u0000"}\n{"c":{"d":1.50}}\n', "f.jsonl")
    assert rows == [
        {"line": 1, "a": "1.10", "b": "x", "c": None},
        {"line": 5, "a": None, "b": None, "c": '{"d":1.50}'},
    ]
    assert said(bad) == [(2, "bad_json"), (3, "bad_json"), (4, "nul")]


def test_excel_rows_carry_the_numbers_of_the_sheet(written: Callable[..., Path]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    moment = datetime(2026, 3, 2, 14, 5)  # noqa: DTZ001  a sheet knows no zones
    book = openpyxl.Workbook()
    for row in (
        ["Order", "When", "Price"],
        [536365, moment, 2.55],
        [None] * 3,
        ["x", None, 3],
    ):
        book.active.append(row)
    book.create_sheet("Returns").append(["Order"])
    book.create_sheet("Nothing")
    book.save(content := io.BytesIO())
    reader = open_file(written(content.getvalue(), "f.xlsx"))
    assert isinstance(reader, ExcelReader)
    assert reader.unread == ("Returns",)
    batch = next(iter(reader.batches()))
    assert reader.columns == ("Order", "When", "Price")
    assert batch.lines.tolist() == [2, 4]
    assert batch.columns["Order"].to_pylist() == ["536365", "x"]
    assert batch.columns["When"].to_pylist() == ["2026-03-02 14:05:00", None]
    assert batch.columns["Price"].to_pylist() == ["2.55", "3"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PAR1 and nothing more", "Parquet"),
        (b"PK\x03\x04 no workbook", "workbook"),
        (b'[{"a": 1}]', "one JSON list"),
        (b"<!DOCTYPE html><p>", "a page or a document"),
        (b"1,2,3\n4,5,6\n", "no names"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(written: Callable[..., Path], content: bytes, words: str) -> None:
    with pytest.raises(CannotRead, match=words):
        open_file(written(content))


def test_no_more_than_a_few_megabytes_of_one_line_are_held() -> None:
    chunks = Chunks([b"a\n", *[b"x" * 4_000_000] * 50, b"\nb\n"])
    assert [(chunk.first, chunk.data) for chunk in chunks] == [(1, b"a\n"), (3, b"b\n")]
    assert said(chunks.bad) == [(2, "too_long")]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12)] * 3),
        min_size=1,
        max_size=40,
    )
)
@example(rows=[("", "||", "||0"), ("", "||", "||")])  # what stands in the cells alone separates nothing
def test_what_we_write_is_read_back_whole(tmp_path_factory: Any, rows: list[tuple[str, str, str]]) -> None:
    import csv

    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b", "c"), *([harmless(cell) for cell in row] for row in rows)])
    path = tmp_path_factory.mktemp("csv") / "f.csv"
    path.write_text(text.getvalue(), newline="")
    batches = list(open_file(path).batches())
    bad = [line for batch in batches for line in batch.bad]
    found = [
        cells
        for batch in batches
        for cells in zip(*(column.to_pylist() for column in batch.columns.values()), strict=True)
    ]
    # A cell that itself looks like whole rows is given up rather than believed; nothing else may be lost.
    if not bad:
        assert found == [tuple(cell or None for cell in row) for row in rows]
    else:
        assert any("\n" in cell for row in rows for cell in row)
