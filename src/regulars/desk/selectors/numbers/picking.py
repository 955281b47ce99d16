"""Which kept rows a question counts, in which step and in which group each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from regulars.desk.selectors.numbers.asking import Question, is_overlapping
from regulars.desk.selectors.numbers.days import Table, Tables, days_between, moment
from regulars.desk.selectors.numbers.days.columns import NOBODY
from regulars.desk.selectors.numbers.wearing import worn

_IDS: Final = ("agent", "team", "channel", "priority")


def tables_for(question: Question) -> Tables:
    """The days a question is about."""
    return days_between(since=question.start, until=question.end)


@dataclass(frozen=True, slots=True)
class Parts:
    """In which part each row is, by its place among `names`; one that does not count lies beyond them.

    `rows` are the rows meant, where one may be in several parts; None are all of them in their order.
    """

    names: Sequence[Any]
    places: np.ndarray
    rows: np.ndarray | None = None

    def of(self, column: np.ndarray) -> np.ndarray:
        """What a column says of each of these."""
        return column if self.rows is None else column[self.rows]


@dataclass(frozen=True)
class Picked:
    """The episodes, or the waits, that began in the period and are as narrowed, in their parts."""

    question: Question
    tables: Tables
    row: str

    @property
    def table(self) -> Table:
        return self.tables.of[self.row]

    @cached_property
    def others(self) -> np.ndarray:
        """Which rows do not count."""
        began = self.table["began"]
        beyond = (began < moment(self.question.start)) | (began >= moment(self.question.end))
        if self.row == "episode":
            beyond |= self.table["is_merged"]
        if self.question.where:
            beyond |= ~narrowed(self.question, self.tables, self.row)
        return beyond

    @cached_property
    def steps(self) -> Parts:
        steps = self.question.steps()
        edges = np.array([moment(self.question.midnight(day)) for day in steps[1:]], "<i4")
        places = np.searchsorted(edges, self.table["began"], side="right").astype("<u2")
        places[self.others] = len(steps)
        return Parts(steps, places)

    @cached_property
    def groups(self) -> Parts:
        """By what was asked; one that wears several labels is in several groups."""
        if is_overlapping(self.question.by):
            return self._worn
        codes, names = _codes(self.table, self.question.by)
        places = codes.astype("<u2")
        places[self.others] = len(names)
        return Parts(names, places)

    @cached_property
    def _worn(self) -> Parts:
        rows, found = np.flatnonzero(~self.others), worn(self.question.by, self.tables)
        repeated, codes = found.spread(rows, rows if self.row == "episode" else self.tables.episode_of_turn[rows])
        return Parts(["", *found.names], (codes + 1).astype("<u2"), repeated)


def narrowed(question: Question, kept: Tables, row: str) -> np.ndarray:
    """Which rows are as narrowed."""
    table = kept.of[row]
    meets = np.ones(len(table["agent"]), bool)
    for name, value in question.where:
        if is_overlapping(name):
            wearing = worn(name, kept).has(value)
            meets &= wearing if row == "episode" else wearing[kept.episode_of_turn]
        else:
            codes, names = _codes(table, name)
            meets &= codes == (names.index(value) if value in names else NOBODY)
    return meets


def _codes(table: Table, by: str) -> tuple[np.ndarray, list[str]]:
    """The place of each row's group, and the groups as text; empty for those without one."""
    if by == "kind":
        return table.words("kind", "kinds")
    if by not in _IDS:
        raise ValueError(f"days do not keep {by!r}")
    there = np.flatnonzero(np.bincount(table[by] + 1))
    places = np.zeros((there[-1] if there.size else 0) + 1, "<u2")
    places[there] = np.arange(len(there))
    return places[table[by] + 1], ["" if value == 0 else str(value - 1) for value in there]
