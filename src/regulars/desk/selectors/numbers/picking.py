"""Which kept rows a question counts, in which step and in which group each of them is."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from regulars.desk.selectors.numbers.asking import Question
from regulars.desk.selectors.numbers.days import Table, Tables, days_between, moment
from regulars.desk.selectors.numbers.days.columns import NOBODY

KEPT: Final = frozenset({"", "agent", "team", "channel", "priority", "kind", "label"})
_IDS: Final = ("agent", "team", "channel", "priority")


def tables_for(question: Question) -> Tables | None:
    """The days a question is about; None where it asks what they do not keep, such as who the customer is."""
    if {question.by, *(name for name, _ in question.where)} <= KEPT:
        return days_between(since=question.start, until=question.end)
    return None


@dataclass(frozen=True)
class Picked:
    """The episodes, or the waits, that began in the period and are as narrowed."""

    question: Question
    tables: Tables
    row: str

    @property
    def table(self) -> Table:
        return self.tables.of[self.row]

    @cached_property
    def rows(self) -> np.ndarray:
        """The places of those that count."""
        began = self.table["began"]
        counts = (began >= moment(self.question.start)) & (began < moment(self.question.end))
        if self.row == "episode":
            counts &= ~self.table["is_merged"]
        return np.flatnonzero(counts & narrowed(self.question, self.tables, self.row))

    def column(self, name: str) -> np.ndarray:
        return self.table[name][self.rows]

    @cached_property
    def steps(self) -> tuple[np.ndarray, list[date]]:
        """For each of them the place of its step, and the steps."""
        steps = self.question.steps()
        return self.place_of("began", [moment(self.question.midnight(day)) for day in steps[1:]]), steps

    def place_of(self, name: str, edges: list[int]) -> np.ndarray:
        """Between which edges a moment of each of them lies."""
        return np.searchsorted(np.array(edges, "<i4"), self.column(name), side="right").astype("<u2")

    @cached_property
    def groups(self) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Places among these, the group of each place, and the groups; with several labels one is in several."""
        by = self.question.by
        if by == "label":
            return self._labelled
        codes, names = _codes(self.table, by)
        return np.arange(len(self.rows)), codes[self.rows], names

    @cached_property
    def _labelled(self) -> tuple[np.ndarray, np.ndarray, list[str]]:
        worn, names = self.tables.of["label"].words("label", "labels")
        counts = self.tables.of["episode"]["labels"].astype(int)
        episodes = self.rows if self.row == "episode" else self.tables.episode_of_turn[self.rows]
        times = np.maximum(counts[episodes], 1)  # without a label it is in the group of those without one
        places = np.repeat(np.arange(len(episodes)), times)
        which = np.arange(len(places)) - np.repeat(np.cumsum(times) - times, times)
        first = (np.cumsum(counts) - counts)[episodes]
        label = np.append(worn.astype(int), NOBODY)[np.minimum(np.repeat(first, times) + which, len(worn))]
        label[np.repeat(counts[episodes] == 0, times)] = NOBODY
        return places, label + 1, ["", *names]


def narrowed(question: Question, kept: Tables, row: str) -> np.ndarray:
    """Which rows are as narrowed."""
    table = kept.of[row]
    meets = np.ones(len(table["agent"]), bool)
    for name, value in question.where:
        if name == "label":
            wearing = _wearing(kept, value)
            meets &= wearing if row == "episode" else wearing[kept.episode_of_turn]
        else:
            codes, names = _codes(table, name)
            meets &= codes == (names.index(value) if value in names else NOBODY)
    return meets


def _wearing(kept: Tables, label: str) -> np.ndarray:
    """Which episodes have a label."""
    worn, names = kept.of["label"].words("label", "labels")
    counts = kept.of["episode"]["labels"].astype(int)
    has = np.zeros(len(counts), bool)
    if label in names:
        has[np.repeat(np.arange(len(counts)), counts)[worn == names.index(label)]] = True
    return has


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
