"""The figures from the days on disk: the same as the queries say, in a small part of the time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from regulars.desk.selectors.numbers.asking import Question
from regulars.desk.selectors.numbers.days import Tables, moment
from regulars.desk.selectors.numbers.days.columns import KEPT, NEVER
from regulars.desk.selectors.numbers.picking import Picked, narrowed
from regulars.desk.selectors.numbers.spans import Spans
from regulars.kernel import clock

T = TypeVar("T", date, str)


class Measuring:
    """The spans of one kind of row, by step and by group."""

    def __init__(self, question: Question, tables: Tables, row: str) -> None:
        self.picked = picked = Picked(question, tables, row)
        broken, is_open = picked.table.broken(clock.now())
        kept = picked.table["promise"] & KEPT > 0
        self.promises = [each[picked.rows] for each in (kept, broken, is_open)]

    def by_step(self, kind: str, column: str) -> list[Spans]:
        codes, steps = self.picked.steps
        wanted = self._of(kind)
        return [
            Spans(steps[place], "", seconds, counts)
            for place, seconds, counts in self._parts(kind, column, wanted, codes[wanted])
        ]

    def by_group(self, kind: str, column: str) -> list[Spans]:
        places, codes, names = self.picked.groups
        wanted = np.zeros(len(self.picked.rows), bool)
        wanted[self._of(kind)] = True
        chosen = wanted[places]
        first = self.picked.question.since
        return [
            Spans(first, names[place], seconds, counts)
            for place, seconds, counts in self._parts(kind, column, places[chosen], codes[chosen])
        ]

    def _of(self, kind: str) -> np.ndarray:
        """The places of those that have a span of this kind."""
        if self.picked.row == "episode":
            return np.arange(len(self.picked.rows))
        return np.flatnonzero(self.picked.column("is_next") == (kind == "next"))

    def _parts(
        self, kind: str, column: str, places: np.ndarray, codes: np.ndarray
    ) -> Iterator[tuple[int, np.ndarray, tuple[int, int, int]]]:
        seconds = self.picked.column(column)[places]
        size = int(codes.max()) + 1 if codes.size else 0
        counts = [
            np.bincount(codes[each[places]], minlength=size) if kind != "bot" else np.zeros(size, int)
            for each in self.promises
        ]
        order = np.argsort(codes, kind="stable")
        ordered, ends = seconds[order], np.cumsum(np.bincount(codes, minlength=size))
        for place, end in enumerate(ends):
            part = ordered[ends[place - 1] if place else 0 : end]
            yield place, part[~np.isnan(part)], (int(counts[0][place]), int(counts[1][place]), int(counts[2][place]))


def volume_counts(
    question: Question, tables: Tables
) -> tuple[list[tuple[date, list[int]]], list[tuple[str, list[int]]]]:
    """Of every step and of every group in which anything began: the counts of a `Volume`, in its order."""
    picked = Picked(question, tables, "episode")
    resolved = picked.column("is_resolved")
    weights: list[np.ndarray] = [
        np.ones(len(picked.rows)), picked.column("is_again"), picked.column("messages"), resolved,
        resolved & picked.column("is_reopened"), resolved * picked.column("replies"),
    ]  # fmt: skip
    codes, steps = picked.steps
    by_step = list(_summed(codes, steps, weights))
    if not question.by:
        return by_step, []
    places, codes, names = picked.groups
    return by_step, list(_summed(codes, names, [each[places] for each in weights]))


def _summed(codes: np.ndarray, names: Sequence[T], weights: Sequence[np.ndarray]) -> Iterator[tuple[T, list[int]]]:
    sums = [np.bincount(codes, weights=each, minlength=len(names)).astype(int) for each in weights]
    for place, name in enumerate(names):
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
