"""The question, put to an engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tenure import clocks
from tenure.answers import Told, answered
from tenure.asking import Choices, choices
from tenure.births import needs_born
from tenure.engines.errors import EngineCannot
from tenure.engines.opening import Engine, opened
from tenure.errors import NobodyBegan, TooManySegments
from tenure.kinds import KINDS, BracketFrom
from tenure.periods import ended_before
from tenure.results import Retention

_MOST_SEGMENTS = 1_000


def retention(
    source: Any,
    *,
    engine: Any = "duckdb",
    customer: str | None = None,
    time: str | None = None,
    begin: Any = None,
    back: Any = None,
    cohort: str = "first_ever",
    born: str | None = None,
    since: Any = None,
    until: Any = None,
    period: str = "day",
    window: str = "calendar",
    zone: str = "UTC",
    as_of: Any = None,
    periods: int | None = None,
    bracket_from: BracketFrom = None,
    by: str | None = None,
    by_when: str = "birth",
    follow_up: int | None = None,
    kinds: Iterable[str] | str = KINDS,
    level: float = 0.95,
    patience: float = 60.0,
) -> Retention:
    """Who comes back, counted by an engine: the words of `tenure.retention`, and its answer cell by cell.

    `source` is a Parquet file, a folder of them (with all below it), a list of paths, or a table of Ibis; DuckDB also
    takes what `tenure.retention` takes. `engine` is "duckdb", "clickhouse" (chdb, in this process),
    "spark://host:port", "local[2]", or an Ibis connection to one of the three. `customer`, `time`, `born` and `by`
    name columns; `begin` and `back` are `tenure.where(...)`, a column of booleans, or an expression of Ibis.
    Only counts by cohort and period leave the engine. Refused by name: personal windows, `by_when="then"`, values
    instead of columns. Where the first facts of a customer share one moment and differ in `by`, the least value is
    taken and the notes say how often (the kernels take the fact that comes first in the file, and an engine has no
    order of rows). `patience` is how many seconds a cluster may take to give a worker.
    """
    _refuse(window, by_when)
    asked = choices(
        cohort=cohort, period=period, zone=zone, kinds=kinds, since=since, until=until, periods=periods,
        bracket_from=bracket_from, by=by if by is None else str(by), follow_up=follow_up, level=level,
    )  # fmt: skip
    needs_born(asked, born)
    columns = {"customer": customer, "time": time, "begin": begin, "back": back, "by": by}
    columns["born"] = born if cohort == "born_column" else None
    with opened(engine, source, patience=patience) as (running, table):
        return _answer(running, table, asked, columns, as_of=as_of)


def _refuse(window: str, by_when: str) -> None:
    if window == "personal":
        raise EngineCannot(
            what='window="personal"', instead='Ask tenure.retention, or calendar periods with window="calendar".'
        )
    if by_when == "then":
        raise EngineCannot(
            what='by_when="then"', instead='Ask tenure.retention, or the value at birth, by_when="birth".'
        )


def _answer(engine: Engine, table: Any, asked: Choices, columns: dict[str, Any], *, as_of: Any) -> Retention:
    from tenure.engines.counting import counts_of
    from tenure.engines.expressions import cells_of, plan_of
    from tenure.engines.facts import facts_of, limit_of

    facts = facts_of(engine, table, zone=asked.zone, **columns)
    limit = limit_of(facts, as_of, zone=asked.zone)
    ended = ended_before(clocks.local_day(limit, zone=asked.zone), asked.period)
    earliest = min(facts.first, facts.born[0] if facts.born else facts.first)
    longest = ended - _number(earliest, asked)
    plan = plan_of(asked, limit=limit, longest=longest)
    tags, names = (None, None) if asked.by is None else _segments(engine, facts, limit)
    cells = engine.run(cells_of(facts, plan))
    if not cells.num_rows:
        raise NobodyBegan
    periods, cut = asked.horizon(ended - int(cells["base"].to_numpy().min()))
    counts = counts_of(cells, plan, tags, ended=ended, periods=periods)
    notes = (*facts.notes, *_ties(cells, asked), f"Counted by {engine.name}.")
    told = Told(*facts.words, clocks.in_words(limit, zone=asked.zone), segments=names, notes=notes)
    return answered(counts, asked.starts(periods), asked, told, notes=cut)


def _number(moment: int, asked: Choices) -> int:
    return ended_before(clocks.local_day(moment, zone=asked.zone), asked.period) + 1


def _segments(engine: Engine, facts: Any, limit: int) -> tuple[list[str], tuple[Any, ...]]:
    """The texts that stand for the values, and the values, in the order of the rows: the unknown last."""
    from tenure.engines.expressions import labels_of

    found = engine.run(labels_of(facts, limit=limit, most=_MOST_SEGMENTS)).to_pylist()
    known = {row["tag"]: row["label"] for row in found if row["label"] is not None}
    if len(known) > _MOST_SEGMENTS:
        raise TooManySegments(count=f"more than {_MOST_SEGMENTS:,}", most=f"{_MOST_SEGMENTS:,}")
    order = sorted(known, key=lambda tag: (str(type(known[tag])), known[tag]))
    return [*order, "~"], (*(known[tag] for tag in order), None)


def _ties(cells: Any, asked: Choices) -> tuple[str, ...]:
    if asked.by is None:
        return ()
    tied = int(cells["tied"].to_numpy().sum())
    said = f"{tied:,} births have several first facts at one moment that differ in {asked.by}; the least was taken."
    return (said,) if tied else ()
