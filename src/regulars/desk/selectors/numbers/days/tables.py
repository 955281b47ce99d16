"""Many days side by side: each column of all their rows as one array, put together when it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np

from regulars.desk.selectors.numbers.days import files, reading
from regulars.desk.selectors.numbers.days.columns import BROKEN, COLUMNS, KEPT, NOBODY, OPEN
from regulars.desk.selectors.numbers.days.reading import Day

_SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)


def moment(at: datetime) -> int:
    """A moment as days keep it, for one at a whole second."""
    return (at - _SINCE) // timedelta(seconds=1)


@dataclass
class Table:
    """The rows of one kind of many days: `episode`, `turn` or `label`."""

    row: str
    days: Sequence[Day]
    _columns: dict[str, np.ndarray] = field(default_factory=dict)

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._columns:
            parts = [day.columns[self.row][name] for day in self.days]
            self._columns[name] = np.concatenate(parts) if parts else np.empty(0, COLUMNS[self.row][name].kept)
        return self._columns[name]

    @cached_property
    def sizes(self) -> list[int]:
        """How many rows each day has."""
        return [len(next(iter(day.columns[self.row].values()))) for day in self.days]

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each day's rows begin."""
        sizes = np.array(self.sizes, int)
        return np.cumsum(sizes) - sizes

    def promises(self, now: datetime) -> np.ndarray:
        """What became of each promise by now: `KEPT`, `BROKEN`, with `OPEN` when it is broken and still runs."""
        states, at = self["promise"] & (KEPT | BROKEN), moment(now) * 1_000_000 + now.microsecond
        for start, day in zip(self.starts, self.days, strict=True):  # few run; most dues stay unread
            running = np.flatnonzero(day.columns[self.row]["promise"] & OPEN)
            if running.size:
                states[start + running[day.columns[self.row]["due"][running] < at]] |= BROKEN | OPEN
        return states

    def words(self, name: str, among: str) -> tuple[np.ndarray, list[str]]:
        """A column of texts: the place of each row's among all the texts there are."""
        texts = sorted({text for day in self.days for text in day.words[among]})
        places = {text: place for place, text in enumerate(texts)}
        parts = [
            np.array([*(places[text] for text in day.words[among]), NOBODY], "<i2")[day.columns[self.row][name]]
            for day in self.days
        ]
        return (np.concatenate(parts) if parts else np.empty(0, "<i2")), texts


@dataclass
class Tables:
    """Episodes, their waits and their labels; a wait says its episode by the place among all of them."""

    days: Sequence[Day]

    def __post_init__(self) -> None:
        self.of: Mapping[str, Table] = {row: Table(row, self.days) for row in COLUMNS}

    @cached_property
    def episode_of_turn(self) -> np.ndarray:
        """The place of each wait's episode among all episodes."""
        return self.of["turn"]["episode"] + np.repeat(self.of["episode"].starts, self.of["turn"].sizes)


def days_between(*, since: datetime, until: datetime) -> Tables:
    """Every day in which something lies that began, was answered or ended since then, or that is open, up to then.

    What is not on disk with the marks of this moment is read from the database, and kept.
    """
    wanted = [day for day in reading.versions().items() if day[0] < _day_after(until)]
    found = (day_as_it_stands(day, version) for day, version in wanted)
    start = moment(since)
    return Tables([day for day in found if day.latest >= start])


def day_as_it_stands(day: date, version: str) -> Day:
    """From disk, or else from the database."""
    found = files.find(day, version)
    if found is None:
        found = reading.day_of(day)
        files.keep(day, found)
    return found


def _day_after(until: datetime) -> date:
    return (until.astimezone(UTC) + timedelta(days=1)).date()
