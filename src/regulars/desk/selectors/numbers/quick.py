"""The figures from the days on disk: the same as the queries say, in a small part of the time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from regulars.desk.selectors.numbers.asking import Question
from regulars.desk.selectors.numbers.days import Tables, moment
from regulars.desk.selectors.numbers.days.columns import BROKEN, KEPT, NEVER, OPEN
from regulars.desk.selectors.numbers.picking import Parts, Picked, narrowed
from regulars.desk.selectors.numbers.spans import Spans
from regulars.kernel import clock


class Measuring:
    """The spans of one kind of row, by step and by group."""

    def __init__(self, question: Question, tables: Tables, row: str) -> None:
        self.picked = picked = Picked(question, tables, row)
        self.promises = picked.table.promises(clock.now())
        self.halves = ("first", "next") if row == "turn" else ("",)

    def by_step(self, kind: str, column: str) -> list[Spans]:
        found = self._steps.of(kind, self.picked.table[column])
        return [Spans(step, "", seconds, counts) for step, seconds, counts in found]

    def by_group(self, kind: str, column: str) -> list[Spans]:
        found, first = self._groups.of(kind, self.picked.table[column]), self.picked.question.since
        return [Spans(first, group, seconds, counts) for group, seconds, counts in found]

    @cached_property
    def _steps(self) -> "Sorted":
        return Sorted(self, self.picked.steps)

    @cached_property
    def _groups(self) -> "Sorted":
        return Sorted(self, self.picked.groups)


class Sorted:
    """Rows put in the order of their parts once, for every column that is asked for; first waits apart from next."""

    def __init__(self, measuring: Measuring, parts: Parts) -> None:
        self.parts, self.halves = parts, measuring.halves
        size = (len(parts.names) + 1) * len(self.halves)
        keys = parts.places.astype("<u2" if size < 65_536 else "<u4")  # the short ones are sorted much quicker
        if len(self.halves) > 1:
            keys = keys * keys.dtype.type(2) + parts.of(measuring.picked.table["is_next"])
        order = np.argsort(keys, kind="stable")
        self.order = order if parts.rows is None else parts.rows[order]
        self.ends = np.cumsum(np.bincount(keys, minlength=size))
        states = keys.astype("<u4") * 8 + parts.of(measuring.promises)
        self.states = np.bincount(states, minlength=size * 8).reshape(size, 8)
        self._columns: dict[int, np.ndarray] = {}

    def of(self, kind: str, column: np.ndarray) -> Iterator[tuple[Any, np.ndarray, tuple[int, int, int]]]:
        """Of every part: its name, the seconds of this kind, and how many promises were kept, broken, still open."""
        if id(column) not in self._columns:
            self._columns[id(column)] = column[self.order]
        ordered, half = self._columns[id(column)], self.halves.index(kind) if kind in self.halves else 0
        for number, name in enumerate(self.parts.names):
            place = number * len(self.halves) + half
            part = ordered[self.ends[place - 1] if place else 0 : self.ends[place]]
            yield name, part[~np.isnan(part)], self._promises(place) if kind != "bot" else (0, 0, 0)

    def _promises(self, place: int) -> tuple[int, int, int]:
        states = self.states[place]
        kept, broken, still = (
            sum(int(states[each]) for each in range(8) if each & bit) for bit in (KEPT, BROKEN, OPEN)
        )
        return kept, broken, still


def volume_counts(
    question: Question, tables: Tables
) -> tuple[list[tuple[date, list[int]]], list[tuple[str, list[int]]]]:
    """Of every step and of every group in which anything began: the counts of a `Volume`, in its order."""
    picked = Picked(question, tables, "episode")
    table = picked.table
    resolved = table["is_resolved"]
    counted = (None, table["is_again"], table["messages"], resolved, resolved & table["is_reopened"],
               resolved * table["replies"])  # fmt: skip
    return list(_summed(picked.steps, counted)), list(_summed(picked.groups, counted)) if question.by else []


def _summed(parts: Parts, columns: Sequence[np.ndarray | None]) -> Iterator[tuple[Any, list[int]]]:
    sums = [
        np.bincount(parts.places, None if each is None else parts.of(each), minlength=len(parts.names)).astype(int)
        for each in columns
    ]
    for place, name in enumerate(parts.names):
        if sums[0][place]:
            yield name, [int(each[place]) for each in sums]


def opened_and_ended(question: Question, tables: Tables, days: Sequence[date]) -> tuple[list[int], list[int], int]:
    """How many were opened and ended on each of these days, and how many were open when the first began."""
    table, end = tables.of["episode"], days[-1] + timedelta(days=1)
    edges = np.array([moment(question.midnight(day)) for day in (*days, end)], "<i4")
    counted = narrowed(question, tables, "episode")
    opened, ended = table["opened"][counted], table["ended"][counted]
    before = int(((opened < edges[0]) & ((ended == NEVER) | (ended >= edges[0]))).sum())
    by_day = [np.bincount(np.searchsorted(edges, each, side="right"), minlength=len(edges)) for each in (opened, ended)]
    return by_day[0][1 : len(edges)].tolist(), by_day[1][1 : len(edges)].tolist(), before


def done_by(question: Question, tables: Tables) -> dict[str, dict[int, int]]:
    """What was done in the period: for two parts of a `Load`, the agents and how much of it each has."""
    start, end = moment(question.start), moment(question.end)
    turn, episode = tables.of["turn"], tables.of["episode"]
    answered = (turn["answered"] >= start) & (turn["answered"] < end) & narrowed(question, tables, "turn")
    mine = narrowed(question, tables, "episode")
    resolved = (episode["ended"] >= start) & (episode["ended"] < end) & episode["is_resolved"] & mine
    return {
        "answered": _each(turn["agent"][answered]),
        "resolved": _each(episode["resolved_by"][resolved]),
    }


def _each(agents: np.ndarray) -> dict[int, int]:
    counts = np.bincount(agents + 1)
    return {int(place) - 1: int(counts[place]) for place in np.flatnonzero(counts) if place > 0}
