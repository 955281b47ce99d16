"""DuckDB's best: 64-day blocks of bits, a self-join on the first fact, or the user-day roll-up."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa

from bench._facts import DAY_US, Facts
from bench._measure import THREADS
from bench._question import (
    PERIODS,
    Answer,
    Formulation,
    answer_from,
    answer_from_histograms,
    berlin_offsets,
    bracket_bits,
    low_bits,
)

_CALENDAR = "((make_timestamp(moment) AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Berlin')::DATE - DATE '1970-01-01')"
_SHIFT = "1::UBIGINT << least({d} - first, 63)::UBIGINT"
_MASK30 = f"& {low_bits(30) << 1}::UBIGINT) >> 1)::UINTEGER"


def version() -> str:
    return duckdb.__version__


def formulations(facts: Facts, *, form: str) -> dict[str, Formulation]:
    db = duckdb.connect()
    db.execute(f"SET threads = {THREADS}")
    loaded = pa.table({"customer": facts.customers, "moment": facts.times})  # noqa: F841 (DuckDB reads it by name)
    db.execute("CREATE TABLE facts AS SELECT * FROM loaded")
    masks = _masks(_day())
    if form != "reduced":
        queries = {name: _count_if(query) for name, query in masks.items()}
        queries["64-day blocks with AT TIME ZONE"] = _count_if(_masks(_CALENDAR)["64-day blocks"])
        found: dict[str, Formulation] = {name: partial(_ask, db, query) for name, query in queries.items()}
        found["64-day blocks, histograms"] = partial(_ask_with_histograms, db, masks["64-day blocks"])
        return found
    best = masks["64-day blocks"]
    db.execute(
        f"CREATE TABLE masks AS SELECT first::SMALLINT first, last::SMALLINT AS last, mask FROM ({best}) ORDER BY first"
    )
    db.execute(f"CREATE TABLE user_days AS SELECT DISTINCT customer, {_day()} d FROM facts ORDER BY customer, d")
    queries = {
        "31-bit masks, 150 count_if": _count_if("masks"),
        "user-day roll-up": _count_if(_joined("user_days")),
    }
    found = {name: partial(_ask, db, query) for name, query in queries.items()}
    found["31-bit masks, histograms"] = partial(_ask_with_histograms, db, "masks")
    return found


def _ask(db: duckdb.DuckDBPyConnection, query: str) -> Answer:
    columns = db.execute(query).fetchnumpy()
    return answer_from([np.asarray(column, np.int64) for column in columns.values()])


def _day() -> str:
    """The Berlin day by arithmetic from the offsets of these years: 25 times faster here than AT TIME ZONE."""
    offsets = berlin_offsets()
    cases = " ".join(f"WHEN moment < {until} THEN {shift}" for (_, shift), (until, _) in pairwise(offsets))
    return f"CAST((moment + CASE {cases} ELSE {offsets[-1][1]} END) // {DAY_US} AS INTEGER)"


def _masks(day: str) -> dict[str, str]:
    """Queries giving (customer, first, last, mask): day numbers, and bit i for day i + 1 after the first."""
    days = f"(SELECT customer, {day} d FROM facts)"
    return {
        "64-day blocks": f"""
          WITH b AS MATERIALIZED (
            SELECT customer, d // 64 b, bit_or(1::UBIGINT << (d % 64)::UBIGINT) m, min(d) lo, max(d) hi
            FROM {days} GROUP BY 1, 2),
          f AS (SELECT customer, min(b) b, min(lo) first, max(hi) AS last, arg_min(m, b) m FROM b GROUP BY 1)
          SELECT f.first, f.last - f.first AS last, (((f.m >> (first % 64)::UBIGINT >> 1)::UHUGEINT
            | coalesce(n.m::UHUGEINT << (63 - first % 64)::UHUGEINT, 0)) & {low_bits(30)})::UINTEGER mask
          FROM f LEFT JOIN b n ON n.customer = f.customer AND n.b = f.b + 1""",
        "join on the first day": _joined(days),
        "user-days then join": _joined(f"(SELECT DISTINCT customer, d FROM {days})"),
    }


def _joined(days: str) -> str:
    return f"""
      SELECT first, max(d) - first AS last, ((bit_or({_SHIFT.format(d="d")}) {_MASK30} mask
      FROM {days} JOIN (SELECT customer, min(d) first FROM {days} GROUP BY 1) USING (customer)
      GROUP BY customer, first"""


def _count_if(masks: str) -> str:
    kinds = [
        [f"mask & {low_bits(n)}::UINTEGER = {low_bits(n)}::UINTEGER" for n in _periods()],
        [f"mask & {1 << n - 1}::UINTEGER <> 0" for n in _periods()],
        [f"last >= {n}" for n in _periods()],
        [f"mask & {low_bits(n)}::UINTEGER <> 0" for n in _periods()],
        [f"mask & {bracket_bits(n)}::UINTEGER <> 0" for n in _periods()],
    ]
    counts = ", ".join(f"count_if({test}) k{k}_{n}" for k, tests in enumerate(kinds) for n, test in enumerate(tests, 1))
    return f"SELECT first, count(*) customers, {counts} FROM {_source(masks)} GROUP BY first"


def _ask_with_histograms(db: duckdb.DuckDBPyConnection, masks: str) -> Answer:
    """Full, rolling and return as running sums of one histogram each: fewer counters in the big query."""
    if masks != "masks":
        db.execute(f"CREATE OR REPLACE TEMP TABLE m AS {masks}")
    table = masks if masks == "masks" else "m"
    counts = ", ".join(_bit_counts(table))
    plain = db.execute(f"SELECT first, count(*) customers, {counts} FROM {table} GROUP BY first").fetchnumpy()
    tall = db.execute(
        f"""SELECT 0 kind, first, bit_count(xor(mask, mask + 1::UINTEGER) >> 1) v, count(*) w
            FROM {table} GROUP BY ALL
        UNION ALL SELECT 1, first, least(last, 30) v, count(*) w FROM {table} GROUP BY ALL
        UNION ALL SELECT 2, first, bit_count(xor(mask, mask - 1::UINTEGER)) v, count(*) w
            FROM {table} WHERE mask <> 0 GROUP BY ALL"""
    ).fetchnumpy()
    return answer_from_histograms(
        [np.asarray(column, np.int64) for column in plain.values()],
        [np.asarray(column, np.int64) for column in tall.values()],
    )


def _bit_counts(table: str) -> list[str]:
    tests = [f"mask & {1 << n - 1}::UINTEGER <> 0" for n in _periods()]
    tests += [f"mask & {bracket_bits(n)}::UINTEGER <> 0" for n in _periods()]
    return [f"count_if({test}) c{i}" for i, test in enumerate(tests)]


def _source(masks: str) -> str:
    return masks if masks == "masks" else f"({masks})"


def _periods() -> range:
    return range(1, PERIODS + 1)
