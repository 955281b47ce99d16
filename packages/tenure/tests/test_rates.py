"""The single rates: by sets of customers, by hand and on real files."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.errors import LengthsDiffer, NobodyAtStart, UnknownChoice, WindowBackwards
from tenure.intervals import wilson
from tenure.rates import churn_rate, repeat_purchase_rate, retention_rate, retention_rate_of

people = st.sets(st.integers(0, 30))
purchases = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(0, 6)), min_size=1, max_size=60)


def test_two_hundred_at_the_start_two_hundred_and_ten_at_the_end_thirty_new_is_ninety_percent() -> None:
    start, end = range(200), [*range(20, 200), *range(200, 230)]
    found = retention_rate_of(list(start), end, new=list(range(200, 230)))
    assert (found.at_start, found.at_end, found.new, found.retained, found.lost) == (200, 210, 30, 180, 20)
    assert found.retention.value == 0.9 == found.by_counts
    assert found.churn.value == 0.1


def test_the_reactivated_break_the_formula_by_counts_and_not_the_rate() -> None:
    found = retention_rate_of([1, 2, 3, 4], [1, 2, 8, 9], new=[9])
    assert found.reactivated == 1
    assert (found.retention.value, found.by_counts) == (0.5, 0.75)


@given(people.filter(bool), people, people)
def test_retained_lost_new_and_reactivated_share_everybody_out(start: set[int], end: set[int], new: set[int]) -> None:
    found = retention_rate_of(start, end, new=new)
    assert found.retained + found.lost == len(start)
    assert found.retained + found.new + found.reactivated == len(end)
    assert found.retention.value + found.churn.value == pytest.approx(1)
    assert found.by_counts >= found.retention.value - 1e-12


def test_from_facts_a_customer_is_who_was_active_shortly_before() -> None:
    facts = {
        "customer": ["Ada", "Ada", "Musa", "Ines", "Bo", "Bo"],
        "time": ["2026-01-10", "2026-02-10", "2026-01-20", "2026-02-20", "2025-06-01", "2026-02-21"],
    }
    found = retention_rate(facts, start="2026-02-01", end="2026-03-01", active_days=31)
    # At the start Ada and Musa; at the end Ada, Ines (new) and Bo, who was here last year.
    assert (found.at_start, found.at_end, found.new, found.retained, found.reactivated) == (2, 3, 1, 1, 1)
    assert found.retention.value == 0.5
    assert churn_rate(facts, start="2026-02-01", end="2026-03-01", active_days=31).value == 0.5
    assert "2026-02-01 to 2026-03-01" in found.retention.definition


def test_a_window_begins_at_midnight_in_its_zone() -> None:
    facts = {"customer": [1, 1], "time": ["2026-01-31T23:30:00Z", "2026-02-10T12:00:00Z"]}
    assert retention_rate(facts, start="2026-02-01", end="2026-03-01", zone="UTC").at_start == 1
    with pytest.raises(NobodyAtStart):
        retention_rate(facts, start="2026-02-01", end="2026-03-01", zone="Europe/Berlin")


@given(purchases)
def test_repeat_purchase_is_its_obvious_twin_however_it_is_counted(rows: list[tuple[int, int, int]]) -> None:
    columns = {
        "customer": [who for who, _, _ in rows], "order": [order for _, order, _ in rows],
        "time": [f"2026-03-{day + 1:02d}" for _, _, day in rows],
    }  # fmt: skip
    for distinct, place in (("orders", 1), ("days", 2), ("rows", None)):
        seen: dict[int, set[int]] = defaultdict(set)
        for line, row in enumerate(rows):
            seen[row[0]].add(line if place is None else row[place])
        found = repeat_purchase_rate(columns, customer="customer", time="time", order="order", distinct=distinct)
        assert (found.hits, found.n) == (sum(len(s) > 1 for s in seen.values()), len(seen))


def test_what_is_counted_is_said() -> None:
    columns = {"customer": [1, 1, 2], "order": ["a", "b", "c"], "time": ["2026-01-01"] * 3}
    by_orders = repeat_purchase_rate(columns, customer="customer", time="time", order="order")
    by_days = repeat_purchase_rate(columns, customer="customer", time="time", zone="Europe/Berlin")
    assert (by_orders.value, by_days.value) == (0.5, 0.0)
    assert "distinct orders" in by_orders.definition and "distinct days in Europe/Berlin" in by_days.definition
    assert str(by_orders) == "Repeat purchase rate by distinct orders: 50.00% (1 of 2; 95% interval 9.45% to 90.55%)"


def test_a_rate_carries_wilsons_interval_and_nothing_is_not_zero() -> None:
    rate = repeat_purchase_rate({"customer": [1, 1, 2], "time": ["2026-01-01", "2026-01-02", "2026-01-01"]})
    low, high = wilson(1, 2)
    assert (rate.low, rate.high) == (float(low), float(high))
    assert rate.table().to_pylist()[0]["n"] == 2


def test_online_retail_cleaned_repeats_at_sixty_five_point_five_eight_percent(shared: Any) -> None:
    lines = parquet.read_table(shared("online_retail/online_retail.parquet"))
    is_sale = pc.and_(pc.greater(lines["Quantity"], 0), pc.greater(lines["UnitPrice"], 0))
    is_order = pc.and_(pc.is_valid(lines["CustomerID"]), pc.invert(pc.starts_with(lines["InvoiceNo"], "C")))
    cleaned = lines.filter(pc.and_(is_sale, is_order))
    assert (cleaned.num_rows, pc.count_distinct(cleaned["InvoiceNo"]).as_py()) == (397_884, 18_532)
    found = repeat_purchase_rate(cleaned, customer="CustomerID", time="InvoiceDate", order="InvoiceNo")
    assert (found.hits, found.n, round(found.value, 4)) == (2_845, 4_338, 0.6558)


def test_cdnow_repeats_differently_by_days_and_by_rows(shared: Any) -> None:
    rows = [line.split() for line in shared("cdnow/CDNOW_master.txt").read_text().splitlines()[1:]]
    days = [f"{row[1][:4]}-{row[1][4:6]}-{row[1][6:]}" for row in rows]
    table = pa.table({"customer": [row[0] for row in rows], "time": days})
    assert table.num_rows == 69_659
    by = {
        distinct: repeat_purchase_rate(table, customer="customer", time="time", distinct=distinct)
        for distinct in ("days", "rows")
    }
    assert (by["days"].n, round(by["days"].value, 4), round(by["rows"].value, 4)) == (23_570, 0.4886, 0.4948)


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ({"distinct": "weeks"}, UnknownChoice),
        ({"distinct": "orders"}, UnknownChoice),
        ({"order": [1]}, LengthsDiffer),
    ],
)
def test_an_unclear_purchase_is_refused(question: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        repeat_purchase_rate({"customer": [1, 2], "time": ["2026-01-01", "2026-01-02"]}, **question)


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(WindowBackwards):
        retention_rate({"customer": [1], "time": ["2026-01-01"]}, start="2026-02-01", end="2026-01-01")
