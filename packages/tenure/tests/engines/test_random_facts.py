"""Small random facts, every choice an engine has: DuckDB's cells are the kernels'."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tenure
from tenure import engines

pytest.importorskip("ibis", reason="engines need ibis-framework[duckdb]")
HOUR = 3_600_000_000
START = 1_774_500_000_000_000  # 26 March 2026, three days before Berlin's clocks change
BRACKETS = (None, 2, lambda n: n // 2 + 1, lambda n: n)


@settings(max_examples=40, deadline=None)
@example(
    facts=[(0, 0, "b", "x")],
    period="day",
    zone="UTC",
    cohort="first_ever",
    begin=tenure.where(name="a"),
    back=None,
    bracket=2,
    by=None,
    since=None,
    periods=None,
)  # nobody began, and the bracket is longer than all that has ended
@given(
    facts=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 3_000), st.sampled_from("abc"), st.sampled_from(["x", "y", None])),
        min_size=1, max_size=60, unique_by=lambda fact: fact[:2],
    ),
    period=st.sampled_from(["day", "week", "month", "quarter"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York"]),
    cohort=st.sampled_from(["first_ever", "first_in_window", "recurring"]),
    begin=st.sampled_from([None, tenure.where(name="a")]),
    back=st.sampled_from([None, tenure.where(name=["b", "c"])]),
    bracket=st.sampled_from(BRACKETS),
    by=st.sampled_from([None, "plan"]),
    since=st.sampled_from([None, "2026-04-02"]),
    periods=st.sampled_from([None, 3, 70]),
)  # fmt: skip
def test_duckdb_counts_what_the_kernels_count(
    facts: list[tuple[int, int, str, str | None]], zone: str, bracket: Any, **question: Any
) -> None:
    columns = list(zip(*facts, strict=True))
    table = pa.table({
        "customer": columns[0], "time": pa.array(START + np.array(columns[1]) * HOUR, pa.timestamp("us", "UTC")),
        "name": columns[2], "plan": pa.array(columns[3], pa.string()),
    })  # fmt: skip
    asked = {**question, "zone": zone, "bracket_from": bracket}
    try:
        kernel = tenure.retention(table, **asked)
    except tenure.TenureError as refused:
        with pytest.raises(type(refused)):
            engines.retention(table, **asked)
        return
    answer = engines.retention(table, **asked)
    assert answer.table().equals(kernel.table())
    assert answer.question == kernel.question
