"""From columns to numbers a model can weigh, by what the training rows were like; storable as plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.risk.errors import ColumnsDiffer, NotAModel, NothingToLearnFrom
from tenure.risk.rows import MISSING, Column, Rows
from tenure.risk.sentences import note

_FEWEST: Final = 20  # rows of a level, below which it joins the others
_SKEWED: Final = 2.0
_FAR: Final = 6.0  # standard deviations, beyond which a number weighs no more


@dataclass(frozen=True, slots=True)
class Number:
    """How one column of numbers is read: its middle stands in where nothing is known, and the gap is told apart."""

    name: str
    theme: str
    is_log: bool
    middle: float
    mean: float
    spread: float
    missing_share: float

    @property
    def width(self) -> int:
        """Columns of the design: the number, and whether it is known where that differs."""
        return 2 if self.missing_share > 0 else 1


@dataclass(frozen=True, slots=True)
class Words:
    """How one column of words is read: a column of 0 and 1 per level seen often enough; `shares` in training."""

    name: str
    theme: str
    levels: tuple[str, ...]
    shares: tuple[float, ...]
    missing_share: float

    @property
    def width(self) -> int:
        """A column per level."""
        return len(self.levels)

    @property
    def usual(self) -> str:
        """The most frequent level."""
        return self.levels[int(np.argmax(self.shares))]


@dataclass(frozen=True, slots=True)
class Encoding:
    """The columns in order. `plain` keeps gaps as NaN (for trees), `scaled` fills, standardises and bounds them."""

    parts: tuple[Number | Words, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(part.name for part in self.parts)

    @property
    def owner(self) -> NDArray[np.int64]:
        """For each column of the design the place of the column it came from."""
        return np.repeat(np.arange(len(self.parts)), [part.width for part in self.parts])

    def plain(self, rows: Rows) -> NDArray[np.float64]:
        """float64[n, d] with NaN where nothing is known, and levels as 0 and 1."""
        found = [self._plain_of(part, column) for part, column in zip(self.parts, self._columns(rows), strict=True)]
        return np.column_stack(found)

    def scaled(self, rows: Rows) -> NDArray[np.float64]:
        """float64[n, d] with mean 0 and deviation 1 over the training rows, no gaps, and at most 6 deviations."""
        found = [self._scaled_of(part, column) for part, column in zip(self.parts, self._columns(rows), strict=True)]
        return np.column_stack(found)

    @property
    def usual(self) -> NDArray[np.float64]:
        """The reference customer of the plain design: the middle of every number, the most frequent of every word."""
        cells: list[float] = []
        for part in self.parts:
            if isinstance(part, Number):
                cells += [part.middle] + [0.0] * (part.width - 1)
            else:
                cells += [float(level == part.usual) for level in part.levels]
        return np.array(cells)

    def summed(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Contributions per column of the design, added up per column they came from: float64[n, columns]."""
        starts = np.r_[0, np.cumsum([part.width for part in self.parts])[:-1]]
        return np.add.reduceat(shares, starts, axis=1)

    def to_dict(self) -> list[dict[str, Any]]:
        """Plain values for JSON."""
        return [{"kind": type(part).__name__, **asdict(part)} for part in self.parts]

    @classmethod
    def from_dict(cls, stored: list[dict[str, Any]]) -> Encoding:
        """Read what `to_dict` wrote."""
        try:
            return cls(tuple(_part(**part) for part in stored))
        except (KeyError, TypeError) as refused:
            raise NotAModel(why=f"a column cannot be read ({refused})") from refused

    def _columns(self, rows: Rows) -> list[Column]:
        found = {column.name: column for column in rows.columns}
        missing = [name for name in self.names if name not in found]
        if missing:
            raise ColumnsDiffer(missing=", ".join(missing))
        return [found[name] for name in self.names]

    def _plain_of(self, part: Number | Words, column: Column) -> NDArray[np.float64]:
        if isinstance(part, Words):
            return _levels(part, column)
        values = _numbers(column)
        return values[:, None] if part.width == 1 else np.column_stack([values, np.isnan(values)])

    def _scaled_of(self, part: Number | Words, column: Column) -> NDArray[np.float64]:
        if isinstance(part, Words):
            share = np.array(part.shares)
            return (_levels(part, column) - share) / np.sqrt(share * (1 - share))
        values = _numbers(column)
        gap = np.isnan(values)
        bent = _bent(np.where(gap, part.middle, values), is_log=part.is_log)
        z = np.clip((bent - part.mean) / part.spread, -_FAR, _FAR)
        if part.width == 1:
            return z[:, None]
        share = part.missing_share
        return np.column_stack([z, (gap - share) / np.sqrt(share * (1 - share))])


def learn_encoding(rows: Rows) -> tuple[Encoding, tuple[str, ...]]:
    """Read the training rows; columns that never vary are left out, with a note. Raises NothingToLearnFrom."""
    parts: list[Number | Words] = []
    dropped: list[str] = []
    for column in rows.columns:
        part = _words(column) if column.levels is not None else _number(column)
        if part is None:
            dropped.append(column.name)
        else:
            parts.append(part)
    if not parts:
        raise NothingToLearnFrom(why="none varies between the training rows" if dropped else "there is none")
    notes = (note("never-vary", columns=", ".join(dropped)),) if dropped else ()
    return Encoding(tuple(parts)), notes


def _number(column: Column) -> Number | None:
    gap = column.is_missing
    known = column.values[~gap].astype(np.float64)
    if not len(known) or (np.ptp(known) == 0 and not gap.any()):
        return None
    middle, is_log = float(np.median(known)), _is_skewed(known)
    bent = _bent(np.where(gap, middle, column.values), is_log=is_log)
    spread = float(bent.std())
    return Number(
        column.name,
        column.theme,
        is_log,
        middle,
        float(bent.mean()),
        spread if spread > 1e-12 else 1.0,
        float(gap.mean()),
    )


def _words(column: Column) -> Words | None:
    assert column.levels is not None
    n, counts = len(column.values), np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
    kept = [code for code in range(len(column.levels)) if _FEWEST <= counts[code] < n]
    if not kept:
        return None
    shares = tuple(float(counts[code] / n) for code in kept)
    return Words(
        column.name, column.theme, tuple(column.levels[code] for code in kept), shares, float(column.is_missing.mean())
    )


def _is_skewed(known: NDArray[np.float64]) -> bool:
    """Never negative and with a long tail: read as log(1 + x)."""
    if known.min() < 0 or known.std() == 0:
        return False
    return float((((known - known.mean()) / known.std()) ** 3).mean()) > _SKEWED


def _bent(values: NDArray[np.float64], *, is_log: bool) -> NDArray[np.float64]:
    return np.log1p(np.maximum(values, 0)) if is_log else values


def _numbers(column: Column) -> NDArray[np.float64]:
    if column.levels is None:
        return column.values.astype(np.float64)
    table = np.array([_as_number(level) for level in column.levels] + [np.nan])
    return table[column.values]


def _levels(part: Words, column: Column) -> NDArray[np.float64]:
    """0 and 1 per level; a level that training did not have (often enough) is none of them."""
    levels = column.levels
    if levels is None:
        levels = tuple(f"{value:g}" for value in np.unique(column.values[~column.is_missing]))
        column = Column(column.name, np.where(column.is_missing, MISSING, np.searchsorted(
            np.unique(column.values[~column.is_missing]), column.values)), levels, column.theme)  # fmt: skip
    place = {level: code for code, level in enumerate(part.levels)}
    table = np.array([place.get(level, -1) for level in levels] + [-1], np.int64)
    return (table[column.values][:, None] == np.arange(len(part.levels))).astype(np.float64)


def _as_number(level: str) -> float:
    try:
        return float(level)
    except ValueError:
        return float("nan")


def _part(*, kind: str, **fields: Any) -> Number | Words:
    if kind == "Number":
        return Number(**fields)
    return Words(**{**fields, "levels": tuple(fields["levels"]), "shares": tuple(fields["shares"])})
