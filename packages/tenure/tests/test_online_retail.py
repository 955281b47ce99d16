"""UCI Online Retail, the figures of the design: the cohort of December 2010, months complete to 1 December 2011."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as parquet

import tenure


def test_the_first_cohort_of_online_retail_is_as_published(shared: Callable[[str], Path]) -> None:
    lines = parquet.read_table(shared("online_retail/online_retail.parquet"))
    sold = pc.and_(pc.greater(lines["Quantity"], 0), pc.greater(lines["UnitPrice"], 0))
    lines = lines.filter(pc.and_(sold, pc.invert(pc.starts_with(lines["InvoiceNo"], "C"))))
    answer = tenure.retention(
        lines,
        customer="CustomerID",
        time="InvoiceDate",
        period="month",
        zone="Europe/London",
        as_of="2011-12-01",
        bracket_from=9,
    )
    assert str(answer.cohorts[0]) == "2010-12-01"
    assert answer.sizes.tolist() == [885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323]
    assert {kind: round(100 * float(answer.rate(kind)[0, 11]), 1) for kind in answer.kinds} == {
        "full": 6.1, "classic": 50.3, "rolling": 50.3, "return": 86.0, "bracket": 67.1,
    }  # fmt: skip
    low, high = (end[0, 11] for end in answer.interval("classic"))
    assert (round(100 * low, 1), round(100 * high, 1)) == (47.0, 53.6)
    assert [round(100 * float(rate)) for rate in answer.rate("classic")[1, 1:11]] == [
        22,
        27,
        23,
        32,
        29,
        25,
        24,
        30,
        33,
        36,
    ]
    assert any("have no customer" in note for note in answer.notes)
    assert any("Europe/London" in note for note in answer.notes)
