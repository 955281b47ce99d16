"""What is worked by hand for the kernels holds on DuckDB and in ClickHouse's dialect, cell by cell."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import tenure
from tenure import engines

ACTIVE = {"A": [1, 2, 3, 5, 7, 9], "B": [1, 4, 10], "C": [1, 2], "D": [3], "E": []}
FACTS = {
    "customer": [name for name, days in ACTIVE.items() for _ in [0, *days]],
    "time": [dt.date(2026, 1, 1) + dt.timedelta(days=day) for days in ACTIVE.values() for day in [0, *days]],
}
Agree = Callable[..., tenure.Retention]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(params=["duckdb", "clickhouse"])
def engine(request: pytest.FixtureRequest) -> str:
    pytest.importorskip("ibis", reason="engines need ibis-framework[duckdb]")
    if request.param == "clickhouse":
        pytest.importorskip("chdb", reason="ClickHouse's dialect is executed by chdb")
    return request.param


def moments(facts: list[tuple[Any, str]]) -> dict[str, Any]:
    """Facts of (customer, time with an offset) with proper timestamps."""
    times = [dt.datetime.fromisoformat(at).astimezone(dt.UTC) for _, at in facts]
    return {"customer": [who for who, _ in facts], "time": pa.array(times, pa.timestamp("us", "UTC"))}


@pytest.mark.parametrize(
    ("n", "m", "rates"),
    [
        (3, 2, {"full": 0.2, "classic": 0.4, "rolling": 0.6, "return": 0.8, "bracket": 0.6}),
        (7, 4, {"full": 0.0, "classic": 0.2, "rolling": 0.4, "return": 0.8, "bracket": 0.4}),
    ],
)
def test_the_hand_worked_example_comes_out(n: int, m: int, rates: dict[str, float], engine: str, agree: Agree) -> None:
    answer = agree(FACTS, engine=engine, period="day", as_of="2026-01-12", bracket_from=m)
    assert {kind: answer.rate(kind)[0, n] for kind in answer.kinds} == rates
    assert answer.at_risk[0].tolist() == [5] * 11


@pytest.mark.parametrize(
    ("zone", "first", "second", "days"),
    [
        ("Europe/Berlin", "2026-03-28T23:30:00+01:00", "2026-03-29T00:30:00+01:00", 1),
        ("Europe/Berlin", "2026-03-29T23:30:00+02:00", "2026-03-30T00:10:00+02:00", 1),
        ("Europe/Berlin", "2026-10-24T23:59:00+02:00", "2026-10-25T23:59:00+01:00", 1),
        ("Europe/Berlin", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00", 0),  # 25 hours, one day
        ("America/New_York", "2026-03-08T23:59:00-04:00", "2026-03-09T00:01:00-04:00", 1),
        ("Asia/Shanghai", "2026-03-02T07:00:00+08:00", "2026-03-03T07:00:00+08:00", 1),
        ("Asia/Kolkata", "2026-03-02T23:59:59+05:30", "2026-03-03T00:00:00+05:30", 1),
        ("Pacific/Apia", "2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00", 2),  # the 30th never was
    ],
)
def test_a_day_is_a_day_of_the_zone(zone: str, first: str, second: str, days: int, engine: str, agree: Agree) -> None:
    facts = moments([(1, first), (1, second)])
    answer = agree(facts, engine=engine, period="day", zone=zone, as_of="2026-12-01", periods=2)
    assert answer.retained["classic"].tolist() == [[1, int(days == 1), int(days == 2)]]


@pytest.mark.parametrize(("period", "zone"), [("week", "Europe/Berlin"), ("month", "UTC"), ("quarter", "Asia/Tokyo")])
def test_weeks_begin_on_monday_and_longer_periods_are_those_of_the_calendar(
    period: str, zone: str, engine: str, agree: Agree
) -> None:
    facts = moments(
        [
            (1, "2025-12-31T23:30:00Z"),
            (1, "2026-01-04T22:59:59Z"),
            (1, "2026-01-04T23:00:00Z"),
            (2, "2026-03-31T15:00:00Z"),
        ]
    )
    agree(facts, engine=engine, period=period, zone=zone, as_of="2026-10-01")


def test_a_horizon_goes_beyond_any_machine_word(engine: str, agree: Agree) -> None:
    facts = {
        "customer": np.repeat([1, 2], 300),
        "time": [dt.date(2024, 1, 1) + dt.timedelta(days=day * step) for step in (1, 2) for day in range(300)],
    }
    answer = agree(
        facts, engine=engine, period="day", periods=290, as_of="2026-01-01", bracket_from=lambda n: n // 2 + 1
    )
    assert answer.retained["full"][0, [1, 64, 65, 128, 129, 290]].tolist() == [1] * 6
    assert answer.retained["classic"][0, [288, 289, 290]].tolist() == [2, 1, 2]


BOUGHT = {
    "customer": [1, 1, 1, 2, 2, 3, 3, 4],
    "time": pa.array(
        [dt.datetime(2026, month, 3, 12, tzinfo=dt.UTC) for month in (1, 2, 4, 1, 3, 2, 3, 5)],
        pa.timestamp("us", "UTC"),
    ),
    "name": [
        "Signed Up",
        "Order Completed",
        "Order Completed",
        "Signed Up",
        "Order Completed",
        "Signed Up",
        "Visit",
        None,
    ],
    "total": [None, 20.0, 60.0, None, 49.99, None, float("nan"), 80.0],
    "plan": ["free", "paid", "paid", None, "paid", "free", "free", "paid"],
    "signed_up": pa.array([dt.date(2025, 12, 1)] * 3 + [None] * 2 + [dt.date(2026, 1, 31)] * 3),
}
BUYS = tenure.where(name="Order Completed", total=tenure.at_least(50))


@pytest.mark.parametrize(
    "question",
    [
        {"begin": tenure.where(name="Signed Up"), "back": BUYS},
        {"begin": tenure.where(name=["Signed Up", "Visit"]), "back": tenure.where(total=tenure.between(0, 50))},
        {"by": "plan"},
        {"by": "plan", "cohort": "recurring", "since": "2026-01-01", "until": "2026-04-01"},
        {"cohort": "recurring", "follow_up": 3, "periods": 2},
        {"cohort": "first_in_window", "since": "2026-02-01"},
        {"since": "2026-02-01", "until": "2026-03-01", "zone": "Europe/Berlin"},
        {"cohort": "born_column", "born": "signed_up", "zone": "America/New_York"},
        {"cohort": "born_column", "born": "signed_up", "by": "plan", "kinds": "rolling"},
    ],
)
def test_births_returns_and_breakdowns_are_those_of_the_kernels(
    question: dict[str, Any], engine: str, agree: Agree
) -> None:
    agree(BOUGHT, engine=engine, period="month", as_of="2026-07-15", **question)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_times_without_a_zone_are_clocks_of_it(zone: str, engine: str, agree: Agree) -> None:
    clocks = ["2026-03-28T23:30", "2026-03-29T02:30", "2026-10-25T02:30", "2026-10-26T00:00", "2026-10-25T03:00"]
    facts = {"customer": [1, 1, 2, 2, 3], "time": pa.array([dt.datetime.fromisoformat(at) for at in clocks])}
    answer = agree(facts, engine=engine, period="day", zone=zone, periods=1)
    assert any("read as" in note for note in answer.notes)


def test_facts_without_a_customer_or_a_time_are_left_out_and_counted(engine: str, agree: Agree) -> None:
    facts = {"customer": [1, None, 1, 2], "time": [dt.date(2026, 1, 1), dt.date(2026, 1, 1), None, dt.date(2026, 1, 2)]}
    answer = agree(facts, engine=engine, as_of="2026-01-04")
    assert "1 of 4 facts have no customer and were left out." in answer.notes
    assert answer.customers == 2


def test_whole_microseconds_are_times_too(engine: str, agree: Agree) -> None:
    agree({"customer": [7, 7], "time": [-1, 86_400_000_000]}, engine=engine, as_of="1970-01-05")


def test_equal_first_moments_with_different_values_are_counted_in_the_notes(
    engine: str, folder_of: Callable[[Any], Path]
) -> None:
    facts = {"customer": [1, 1, 2], "time": [dt.date(2026, 1, 1)] * 3, "plan": ["paid", "free", "paid"]}
    answer = engines.retention(folder_of(facts), engine=engine, by="plan", as_of="2026-01-03")
    assert (answer.segments, answer.sizes.tolist()) == (("free", "paid"), [1, 1])
    assert "1 births have several first facts at one moment that differ in plan; the least was taken." in answer.notes


CASES = (
    "clickhouse:retention_function", "databend:retention_late_joiner", "doris:retention_three_users",
    "mixpanel:10h_calendar_day", "mixpanel:fri_mon_calendar_week", "mixpanel:feb25_mar3_calendar_month",
)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_published_matrix_is_reproduced(
    name: str, engine: str, shared: Callable[[str], Path], folder_of: Callable[[Any], Path]
) -> None:
    lines = shared("retention_cases/cases.jsonl").read_text().splitlines()
    case = next(case for case in map(json.loads, lines) if case["id"] == name)
    events, row = case["events"], case["expected_matrix"][0]
    if case["window"] != "calendar":
        pytest.skip("personal windows are refused on engines")
    times = [dt.datetime.fromisoformat(event["ts"]) for event in events]
    facts = pa.table({
        "customer": [event["user"] for event in events], "time": pa.array(times), "name": [e["event"] for e in events],
    })  # fmt: skip
    answer = engines.retention(
        folder_of(facts), engine=engine, begin=tenure.where(name=case["start_event"]),
        back=tenure.where(name=case["return_event"]),
        cohort="recurring" if case["cohort_mode"] == "recurring" else "first_ever", period=case["period"],
        zone=case["timezone"], as_of="2030-01-01", periods=len(row) - 1,
    )  # fmt: skip
    assert answer.retained["classic"][0].tolist() == row
