"""Spans of time as the database has them, gathered into arrays by step and group in one pass over the rows.

Percentiles of a whole cannot be made of those of its parts, so every span is read once and kept apart
by the smallest parts; what the parts have together is worked out from them here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from regulars.desk.selectors.numbers.asking import Query, Question
from regulars.desk.selectors.numbers.rows import fetch_gathered
from regulars.kernel import clock


@dataclass(frozen=True, slots=True)
class Span:
    """SQL about one kind of span: of which rows, its seconds, and when its promise is kept, broken and still open."""

    condition: str
    seconds: str
    is_kept: str
    is_broken: str
    is_open: str


@dataclass(frozen=True, slots=True)
class Spans:
    """The seconds of one kind in one step and one group, and how many promises were kept, broken, open and broken."""

    step: date
    group: str
    seconds: np.ndarray
    counts: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One step and one group, with every kind that was asked for."""

    step: date
    group: str
    kinds: tuple[tuple[bytes | None, int, int, int], ...]

    def of(self, place: int) -> Spans:
        """The spans of one kind, by its place among those asked for."""
        written, *counts = self.kinds[place]
        seconds = np.frombuffer(written or b"", dtype=">f8").astype(float)
        return Spans(self.step, self.group, seconds, (counts[0], counts[1], counts[2]))


def cells(question: Question, row: str, wanted: Sequence[Span]) -> Iterator[Cell]:
    """Every step and group in which anything began."""
    query = Query(question, row, {"now": clock.now()})
    steps = question.steps()
    sql = f"""
        SELECT {query.step_of(query.began_at)}, {query.group()}, {", ".join(_gathered(span) for span in wanted)}
        {query.tables()} {query.spread()} WHERE {query.counted()} GROUP BY 1, 2
    """
    for place, group, *found in fetch_gathered(sql, query.given):
        kinds = tuple((found[at], *found[at + 1 : at + 4]) for at in range(0, len(found), 4))
        yield Cell(steps[place], group or "", kinds)


def _gathered(span: Span) -> str:
    return f"""
        string_agg(float8send({span.seconds}), ''::bytea) FILTER (WHERE {span.condition}),
        count(*) FILTER (WHERE {span.condition} AND {span.is_kept}),
        count(*) FILTER (WHERE {span.condition} AND {span.is_broken}),
        count(*) FILTER (WHERE {span.condition} AND {span.is_broken} AND {span.is_open})
    """
