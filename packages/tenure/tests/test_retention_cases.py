"""Matrices worked out by others, reproduced wherever their definition and ours are the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tenure

NOT_OURS = {
    "24h_hour_floored": "moments floored to the hour are no choice here: a personal window begins at the first moment",
}
CASES = (
    "clickhouse:retention_function", "databend:retention_late_joiner", "doris:retention_three_users",
    "mixpanel:10h_calendar_day",
    "mixpanel:10h_rolling_day", "mixpanel:fri_mon_calendar_week", "mixpanel:feb25_mar3_calendar_month",
    "amplitude:hour_floored_24h", "amplitude:24h_week0",
)  # fmt: skip


def loaded(path: Path, name: str) -> dict[str, Any]:
    return next(case for case in map(json.loads, path.read_text().splitlines()) if case["id"] == name)


@pytest.mark.parametrize("name", CASES)
def test_a_published_matrix_is_reproduced(name: str, shared: Callable[[str], Path]) -> None:
    case = loaded(shared("retention_cases/cases.jsonl"), name)
    if case["window"] in NOT_OURS:
        pytest.skip(NOT_OURS[case["window"]])
    events, row = case["events"], case["expected_matrix"][0]
    names = {"customer": "user", "time": "ts", "name": "event"}
    answer = tenure.retention(
        {new: [event[old] for event in events] for new, old in names.items()},
        begin=tenure.where(name=case["start_event"]), back=tenure.where(name=case["return_event"]),
        cohort="recurring" if case["cohort_mode"] == "recurring" else "first_ever", period=case["period"],
        window="calendar" if case["window"] == "calendar" else "personal", zone=case["timezone"],
        as_of="2030-01-01", periods=len(row) - 1,  # their open periods count as ended, so ours must have ended
    )  # fmt: skip
    first = np.datetime64(case["first_cohort"][:10])
    assert answer.cohorts[0] - first < np.timedelta64(7, "D")
    assert answer.retained["classic"][0].tolist() == row


def test_the_pooled_rate_is_the_one_weighted_by_customers(shared: Callable[[str], Path]) -> None:
    case = loaded(shared("retention_cases/aggregates.jsonl"), "mixpanel:weighted_average")
    customers, moments = [], []
    for day, cohort in enumerate(case["cohorts"]):
        names = np.arange(cohort["size"]) + 10_000 * day
        customers += [names, names[: cohort["day1"]]]
        moments += [np.full(cohort["size"], day), np.full(cohort["day1"], day + 1)]
    times = np.concatenate(moments).astype("datetime64[D]")
    answer = tenure.retention(
        customer=np.concatenate(customers), time=times, period="day", as_of="1970-01-04", periods=1
    )
    assert answer.curve("classic").rate[1] == case["expected"]["simple_pooled_rate"]
    assert (int(answer.curve("classic").retained[1]), int(answer.curve("classic").at_risk[1])) == (900, 1500)


def test_a_different_return_fact_leaves_period_0_the_size_of_the_cohort() -> None:
    facts = {"customer": [1, 2, 1], "time": ["2012-01-01", "2012-01-01", "2012-01-02"], "name": ["a", "a", "b"]}
    answer = tenure.retention(
        facts, begin=tenure.where(name="a"), back=tenure.where(name="b"), period="day", as_of="2012-01-03"
    )
    assert answer.retained["classic"].tolist() == [[2, 1]]
