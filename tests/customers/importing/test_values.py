"""Cells into moments and amounts."""

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.customers.importing.values import amounts, moments
from regulars.customers.importing.values.texts import identifier


def moment(text: str, order: str = "dmy", zone: str = "Europe/Berlin") -> str | None:
    micros = int(moments.moments(pa.array([text]), moments.Clock(order, zone))[0])
    if micros <= moments.UNREADABLE:
        return None
    return datetime.fromtimestamp(micros / 1e6, UTC).isoformat(timespec="seconds").removesuffix("+00:00")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2010-12-01 08:26:00", "2010-12-01T07:26:00"),
        ("2026-07-01", "2026-06-30T22:00:00"),
        ("31/12/2010", "2010-12-30T23:00:00"),
        ("31.12.10 14:05", "2010-12-31T13:05:00"),
        ("1 Dec 2010", "2010-11-30T23:00:00"),
        ("March 3rd, 2020 5:04 PM", "2020-03-03T16:04:00"),
        ("3. März 2021", "2021-03-02T23:00:00"),
        ("2020-01-01T00:00:00+05:30", "2019-12-31T18:30:00"),
        ("1583020800", "2020-03-01T00:00:00"),
        ("1583020800123", "2020-03-01T00:00:00"),
        ("45000", "2023-03-14T23:00:00"),  # days as spreadsheets count them
        ("45000.5", "2023-03-15T11:00:00"),
        ("26031", None),  # in 1971 to a spreadsheet, to others the last of January 2026
        ("2020-10-25 02:30", "2020-10-25T00:30:00"),  # happens twice: the first time counts
        ("2020-03-29 02:30", "2020-03-29T01:30:00"),  # does not happen: as if the clock had not moved yet
        ("2010-02-30", None),
        ("12/13/2010", None),
        ("yesterday", None),
        ("0000-00-00", None),
        ("2024-01-01 25:00", None),
    ],
)
def test_a_time_is_read_in_the_named_zone(text: str, utc: str | None) -> None:
    assert moment(text) == utc


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["2020-01-02", "2020-03-04"], "ymd"),
        (["01/02/2020", "13/02/2020"], "dmy"),
        (["01/02/2020", "02/13/2020"], "mdy"),
        (["01/02/2020", "03/04/2020"], None),
        (["13/02/2020", "02/13/2020"], None),
        (["05/05/2020"], "ymd"),
    ],
)
def test_the_order_of_dates_is_settled_only_by_a_column_that_leaves_one(column: list[str], order: str | None) -> None:
    assert moments.evidence(pa.array(column)).order == order


@pytest.mark.parametrize(
    ("text", "mark", "micros"),
    [
        ("2.55", "point", 2_550_000),
        ("1,234.50", "point", 1_234_500_000),
        ("1.234,50", "comma", 1_234_500_000),
        ("£5", "point", 5_000_000),
        ("(7.10)", "point", -7_100_000),
        ("-$5.00", "point", -5_000_000),
        ("EUR 9,99", "comma", 9_990_000),
        ("1 000", "point", 1_000_000_000),
        ("1e-3", "point", 1_000),
        ("abc", "point", int(amounts.UNREADABLE)),
        ("1.2.3", "point", int(amounts.UNREADABLE)),
        ("99999999999", "point", int(amounts.TOO_LARGE)),
        ("", "point", int(amounts.MISSING)),
    ],
)
def test_an_amount_is_exact_to_the_millionth(text: str, mark: str, micros: int) -> None:
    assert int(amounts.amounts(pa.array([text]), mark)[0]) == micros


@settings(max_examples=300, deadline=None)
@given(st.decimals(min_value=-999_999_999, max_value=999_999_999, places=6))
def test_the_fast_reading_of_numbers_agrees_with_decimals(number: Decimal) -> None:
    assert int(amounts.amounts(pa.array([f"{number:f}"]), "point")[0]) == int(number * 1_000_000)


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1", "2"], "point"),
        (["1.5", "2"], "point"),
        (["1,5", "2"], "comma"),
        (["1.234,5"], "comma"),
        (["1,234"], None),
        (["1.234"], None),
        (["1.234", "2.5"], "point"),
        (["1,5", "2.5"], None),
    ],
)
def test_the_decimal_mark_is_settled_only_by_a_column_that_leaves_one(column: list[str], mark: str | None) -> None:
    assert amounts.evidence(pa.array(column)).mark == mark


def test_a_customer_number_reads_the_same_from_a_table_with_gaps() -> None:
    assert identifier(pa.array([17850.0, None])).to_pylist() == ["17850", None]
    assert identifier(pa.array(["17850.0", "nan", " A-7 ", "NULL"])).to_pylist() == ["17850", None, "A-7", None]
