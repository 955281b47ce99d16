"""ClickHouse's engine in-process at its best: arrays of days per customer, or 64-day blocks of bits."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import partial
from itertools import pairwise

import numpy as np
import pyarrow as pa
from chdb import session

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

_CALENDAR = "toInt32(toRelativeDayNum(toDateTime(intDiv(moment, 1000000), 'Europe/Berlin')))"
_MASK30 = f"toUInt32(bitAnd(bitShiftRight({{bits}}, 1), {low_bits(30)}))"
_SHIFT = "bitShiftLeft(toUInt64(1), toUInt8(least(x - first, 63)))"


def version() -> str:
    import chdb

    return chdb.__version__


def formulations(facts: Facts, *, form: str) -> dict[str, Formulation]:
    folder = tempfile.mkdtemp(prefix="bench-chdb-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    db = session.Session(folder)
    db.query("CREATE DATABASE bench ENGINE = Atomic")
    tables = _load(db, facts, is_sorted=form != "raw")
    day = _day()
    if form == "reduced":
        return _reduced(db, _masks(day, tables[0])["array of days"])
    queries = {f"{name} ({table})": query for table in tables for name, query in _masks(day, table).items()}
    queries["array of days, zone function (bench.memory)"] = _masks(_CALENDAR, tables[0])["array of days"]
    if form == "sorted":
        queries["array of days (bench.merge_tree, in order)"] = _masks(day, tables[1])["array of days"]
    settings = {name: ", optimize_aggregation_in_order = 1" if "in order" in name else "" for name in queries}
    return {name: partial(_ask, db, _count_if(f"({query})"), settings[name]) for name, query in queries.items()}


def _load(db: session.Session, facts: Facts, *, is_sorted: bool) -> tuple[str, str]:
    """The facts in memory, and in a MergeTree (ordered by customer when the others are sorted too)."""
    loaded = pa.table({"customer": facts.customers, "moment": facts.times})  # noqa: F841 (read by name)
    columns = "(customer Int64, moment Int64)"
    db.query(f"CREATE TABLE bench.memory {columns} ENGINE = Memory")
    db.query("INSERT INTO bench.memory SELECT customer, moment FROM Python(loaded)")
    order = "customer" if is_sorted else "tuple()"
    db.query(f"CREATE TABLE bench.merge_tree {columns} ENGINE = MergeTree ORDER BY {order}")
    db.query("INSERT INTO bench.merge_tree SELECT * FROM bench.memory")
    db.query("OPTIMIZE TABLE bench.merge_tree FINAL")
    return "bench.memory", "bench.merge_tree"


def _reduced(db: session.Session, masks: str) -> dict[str, Formulation]:
    db.query("CREATE TABLE bench.masks (first UInt16, last UInt16, mask UInt32) ENGINE = Memory ")
    db.query(f"INSERT INTO bench.masks SELECT first, last, mask FROM ({masks}) ORDER BY first")
    db.query("CREATE TABLE bench.user_days (customer Int64, d UInt16) ENGINE = Memory")
    db.query(f"INSERT INTO bench.user_days SELECT DISTINCT customer, {_day()} d FROM bench.memory ORDER BY customer, d")
    rolled = _arrays("groupArray(d)", "bench.user_days")
    return {
        "31-bit masks, 150 countIf": partial(_ask, db, _count_if("bench.masks"), ""),
        "31-bit masks, histograms": partial(_ask_with_histograms, db),
        "user-day roll-up": partial(_ask, db, _count_if(f"({rolled})"), ""),
    }


def _ask(db: session.Session, query: str, settings: str) -> Answer:
    return answer_from(_columns(db, f"{query} SETTINGS max_threads = {THREADS}{settings}"))


def _ask_with_histograms(db: session.Session) -> Answer:
    """Full, rolling and return as running sums of one histogram each, from the stored masks."""
    tests = [f"bitAnd(mask, {1 << n - 1}) != 0" for n in _periods()]
    tests += [f"bitAnd(mask, {bracket_bits(n)}) != 0" for n in _periods()]
    counts = ", ".join(f"countIf({test})" for test in tests)
    plain = _columns(
        db, f"SELECT first, count(), {counts} FROM bench.masks GROUP BY first SETTINGS max_threads = {THREADS}"
    )
    tall = _columns(
        db,
        f"""SELECT 0 kind, first, bitCount(bitShiftRight(bitXor(mask, mask + 1), 1)) v, count()
            FROM bench.masks GROUP BY first, v
        UNION ALL SELECT 1, first, least(last, 30) v, count() FROM bench.masks GROUP BY first, v
        UNION ALL SELECT 2, first, bitCount(bitXor(mask, mask - 1)) v, count()
            FROM bench.masks WHERE mask != 0 GROUP BY first, v
        SETTINGS max_threads = {THREADS}""",
    )
    return answer_from_histograms(plain, tall)


def _columns(db: session.Session, query: str) -> list[np.ndarray]:
    table = pa.ipc.open_file(pa.py_buffer(db.query(query, "Arrow").bytes())).read_all()
    return [column.to_numpy().astype(np.int64) for column in table.columns]


def _day() -> str:
    offsets = berlin_offsets()
    cases = ", ".join(f"moment < {until}, {shift}" for (_, shift), (until, _) in pairwise(offsets))
    return f"toInt32(intDiv(moment + multiIf({cases}, {offsets[-1][1]}), {DAY_US}))"


def _masks(day: str, table: str) -> dict[str, str]:
    """Queries giving (first, last, mask): day numbers, and bit i for day i + 1 after the first."""
    joined = "bitOr(bitShiftRight(bitShiftRight(m0, z), 1), bitShiftLeft(m1, toUInt8(63 - z)))"
    mask, bit = f"toUInt32(bitAnd({joined}, {low_bits(30)}))", "bitShiftLeft(toUInt64(1), toUInt8(d % 64))"
    return {
        "array of days": _arrays(f"groupArray(toUInt16({day}))", table),
        "array of distinct days": _arrays(f"groupUniqArray(toUInt16({day}))", table),
        "64-day blocks": f"""
          SELECT first, last - first AS last, {mask} AS mask FROM (
            SELECT arraySort(groupArray((b, m))) AS a, a[1].1 AS b0, a[1].2 AS m0,
              if(a[2].1 = b0 + 1, a[2].2, toUInt64(0)) AS m1,
              toUInt8(bitCount(bitAnd(bitNot(m0), toUInt64(m0 - 1)))) AS z, b0 * 64 + z AS first, max(hi) AS last
            FROM (SELECT customer, intDiv(d, 64) AS b, groupBitOr(toUInt64({bit})) AS m, max(d) AS hi
              FROM (SELECT customer, {day} AS d FROM {table}) GROUP BY customer, b)
            GROUP BY customer)""",
        "join on the first day": f"""
          SELECT first, max(x) - first AS last, {_MASK30.format(bits=f"groupBitOr({_SHIFT})")} AS mask
          FROM (SELECT customer, {day} AS x FROM {table}) AS facts
          JOIN (SELECT customer, min({day}) AS first FROM {table} GROUP BY customer) AS firsts USING customer
          GROUP BY customer, first""",
    }


def _arrays(aggregate: str, table: str) -> str:
    bits = f"arrayReduce('groupBitOr', arrayMap(x -> {_SHIFT}, days))"
    return f"""
      SELECT first, last - first AS last, {_MASK30.format(bits=bits)} AS mask FROM (
        SELECT {aggregate} AS days, toInt32(arrayMin(days)) AS first, toInt32(arrayMax(days)) AS last
        FROM {table} GROUP BY customer)"""


def _count_if(masks: str) -> str:
    kinds = [
        [f"bitAnd(mask, {low_bits(n)}) = {low_bits(n)}" for n in _periods()],
        [f"bitAnd(mask, {1 << n - 1}) != 0" for n in _periods()],
        [f"last >= {n}" for n in _periods()],
        [f"bitAnd(mask, {low_bits(n)}) != 0" for n in _periods()],
        [f"bitAnd(mask, {bracket_bits(n)}) != 0" for n in _periods()],
    ]
    counts = ", ".join(f"countIf({test})" for tests in kinds for test in tests)
    return f"SELECT first, count(), {counts} FROM {masks} GROUP BY first"


def _periods() -> range:
    return range(1, PERIODS + 1)
