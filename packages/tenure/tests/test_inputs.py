"""What may be handed in, and what is said when it cannot be read."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

import tenure
from tenure import errors

FACTS = {"customer": ["Ada", "Ada", "Musa"], "time": ["2026-01-01", "2026-01-02", "2026-01-01"], "total": [5, 50, 500]}


def rates(data: Any, **choices: Any) -> list[list[int]]:
    return tenure.retention(data, period="day", as_of="2026-01-03", **choices).retained["classic"].tolist()


@pytest.mark.parametrize("make", [dict, pa.table, pd.DataFrame, pl.DataFrame, lambda facts: pl.DataFrame(facts).lazy()])
def test_any_data_frame_will_do(make: Any) -> None:
    assert rates(make(FACTS)) == [[2, 1]]


@pytest.mark.parametrize("name", ["facts.parquet", "facts.csv"])
def test_a_path_will_do(name: str, tmp_path: Path) -> None:
    (parquet.write_table if name.endswith("parquet") else csv.write_csv)(pa.table(FACTS), tmp_path / name)
    assert rates(str(tmp_path / name)) == rates(tmp_path / name, customer="customer", time="time") == [[2, 1]]


@pytest.mark.parametrize(
    "begin",
    [
        tenure.where(total=tenure.at_least(5)),
        np.array([True, True, True]),
        pl.col("total") >= 5,
        lambda frame: frame["total"] >= 5,
        "yes",
    ],
)
def test_a_condition_may_be_said_in_several_ways(begin: Any) -> None:
    assert rates(pl.DataFrame(FACTS).with_columns(yes=True), begin=begin) == [[2, 1]]


@pytest.mark.parametrize(
    "times",
    [
        ["2026-01-01T23:30:00+01:00", "2026-01-02T00:10:00+01:00"],
        [dt.datetime(2026, 1, 1, 22, 30, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, 23, 10, tzinfo=dt.UTC)],
        np.array(["2026-01-01T23:30", "2026-01-02T00:10"], "datetime64[ns]"),
        np.array([1767306600, 1767309000]) * 1_000_000,
        pd.Series(pd.to_datetime(["2026-01-01T22:30Z", "2026-01-01T23:10Z"])),
    ],
)
def test_times_with_and_without_a_zone_and_whole_microseconds_fall_on_the_same_local_days(times: Any) -> None:
    days = tenure.reduce([7, 7], times, zone="Europe/Berlin")
    assert [str(np.datetime64(int(day), "D")) for day in days.days] == ["2026-01-01", "2026-01-02"]


def test_what_is_missing_is_counted_and_said() -> None:
    answer = tenure.retention({"customer": [1, None, 2], "time": ["2026-01-01", "2026-01-01", None]}, period="day")
    assert answer.sizes.tolist() == [1]
    assert "1 of 3 facts have no customer and were left out." in answer.notes
    assert "1 of 3 facts have no time and were left out." in answer.notes
    assert any("customer is the column" in note for note in answer.notes)


def test_a_doubtful_hour_is_counted_and_said() -> None:
    times = np.array(["2026-10-25T02:30", "2026-03-29T02:30", "2026-06-01"], "datetime64[us]")
    answer = tenure.retention({"customer": [1, 2, 3], "time": times}, period="day", zone="Europe/Berlin")
    assert any(note.startswith("2 times fall in an hour that happened twice, or never") for note in answer.notes)


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"data": {"customer": [], "time": []}}, errors.NothingToRead, "no facts"),
        ({"data": {"customer": [None], "time": [None]}}, errors.NoFactsLeft, "lacks a customer or a time"),
        ({"zone": "Mars/Olympus"}, errors.UnknownZone, "Mars/Olympus"),
        ({"as_of": "2025-01-01"}, errors.AsOfBeforeEverything, "first fact is of 2026-01-01"),
        ({"as_of": "yesterday"}, errors.UnreadableTime, "yesterday"),
        ({"periods": 0}, errors.PeriodsTooFew, "1 or more"),
        ({"periods": 3, "bracket_from": 4}, errors.BracketBackwards, "from 4 to 3"),
        ({"bracket_from": 0}, errors.BracketBackwards, "1 ≤ M ≤ N"),
        ({"bracket_from": lambda n: n + 1}, errors.BracketBackwards, "from 2 to 1"),
        ({"periods": 3, "bracket_from": lambda n: 4 - n if n > 1 else 1}, errors.BracketUnsteady, "not shrink"),
        ({"kinds": "monthly"}, errors.UnknownKind, "full, classic"),
        ({"period": "fortnight"}, errors.UnknownPeriod, "fortnight"),
        ({"period": "month", "window": "personal"}, errors.PersonalMonths, "30 days"),
        ({"cohort": "born_column"}, errors.BornMissing, "born"),
        ({"cohort": "recurring", "window": "personal"}, errors.NoEffectOnThisQuestion, "recurring"),
        ({"customer": "who"}, errors.NoSuchColumn, "customer, time, total"),
        ({"data": {"a": [1], "time": ["2026-01-01"]}}, errors.WhichColumn, "customer=…"),
        ({"data": {"customer": [1, 2], "time": ["2026-01-01", "01/02/2026"]}}, errors.UnreadableTime, "Row 2"),
        ({"data": "nowhere.parquet"}, errors.UnreadableInput, "no file"),
        ({"data": object()}, errors.UnreadableInput, "object"),
        ({"begin": np.array([True])}, errors.LengthsDiffer, "1 rows"),
        ({"begin": tenure.where(total=tenure.at_least(1000))}, errors.NobodyBegan, "Widen"),
        ({"since": "2027-01-01"}, errors.NobodyBegan, "since"),
        ({"cohort": "weekly"}, errors.UnknownChoice, "first_ever"),
        ({"periods": 5, "follow_up": 3}, errors.NoEffectOnThisQuestion, "follow_up=3"),
    ],
)
def test_a_bad_question_is_refused_by_name_with_what_to_do(
    asked: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as refused:
        tenure.retention(**({"data": FACTS, "period": "day"} | asked))
    assert isinstance(refused.value, tenure.TenureError)
    assert "(" + "{" not in str(refused.value)


def test_an_ancient_and_a_future_date_are_counted_without_fear() -> None:
    answer = tenure.retention(
        {"customer": [1, 1, 2], "time": ["0203-01-01", "2026-01-01", "9000-01-01"]}, period="year", periods=2
    )
    assert [str(day) for day in answer.cohorts] == ["0203-01-01", "9000-01-01"]


def test_numbers_beyond_the_calendar_are_refused_with_their_row() -> None:
    with pytest.raises(errors.TimeOutOfRange, match="Row 2"):
        tenure.reduce([1, 2], np.array([0, 2**62]))


def test_one_column_of_several_kinds_and_two_of_one_name_are_refused_in_words() -> None:
    days = ["2025-01-01", "2025-01-02", "2025-02-01"]
    with pytest.raises(errors.UnreadableInput, match="values of several kinds"):
        tenure.retention(pd.DataFrame({"who": [1, "1", "b"], "day": days}), customer="who", time="day", period="month")
    twice = pd.DataFrame([["a", "a", "2025-01-01"]], columns=["who", "who", "day"])
    with pytest.raises(errors.UnreadableInput, match="several columns have the same name"):
        tenure.retention(twice, customer="who", time="day", period="month")


def test_names_may_be_uuids_and_texts_may_be_views() -> None:
    whom = [uuid.UUID(int=place // 2) for place in range(4)]
    days = pa.array(["2025-01-01", "2025-02-01", "2025-01-05", "2025-03-01"], pa.string_view())
    table = pa.table({"who": pa.array(whom), "day": days})
    assert tenure.retention(table, customer="who", time="day", period="month").sizes.tolist() == [2]


@pytest.mark.parametrize("unit", [1, 1_000])
def test_seconds_and_milliseconds_are_not_taken_for_microseconds_in_silence(unit: int) -> None:
    times = [(1_735_689_600 + place * 864_000) * unit for place in range(6)]
    asked: dict[str, Any] = {"customer": list("aaabbc"), "period": "month"}
    for column in (times, np.array(times)):
        assert any("multiply them by" in note for note in tenure.retention(time=column, **asked).notes)
        right = np.array(column) * (1_000_000 // unit)
        assert not any("multiply them by" in note for note in tenure.retention(time=right, **asked).notes)
