"""The answer: frozen counts with their rates, intervals, curves and tables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.errors import PeriodsTooFew, UnknownChoice, UnknownKind
from tenure.intervals import rates, wilson
from tenure.kinds import KINDS, Kind
from tenure.questions import Question

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One entry per kind, row and ended period: the table in columns. `kind` is a place in KINDS."""

    kind: NDArray[np.int8]
    row: NDArray[np.int64]
    cohort: NDArray[np.datetime64]
    period: NDArray[np.int32]
    at_risk: NDArray[np.int64]
    retained: NDArray[np.int64]
    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    provisional: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One rate per period 0..P over several cohorts; NaN where nobody was at risk. `name` says which curve it is."""

    name: str
    kind: Kind
    segment: Any
    period: NDArray[np.int32]
    at_risk: NDArray[np.int64]
    retained: NDArray[np.int64]
    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    provisional: NDArray[np.bool_]
    cohorts: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Retention:
    """Rows are cohorts (per segment, when broken down): cohorts[R] is each one's first day, sizes[R] its customers.

    `at_risk` and `retained[kind]` are int64[R, P + 1]; a period that has not ended for anybody has nobody at risk
    and so no rate. Period 0 is the size of the cohort. `followed[R]` is the last period
    that has ended for everybody in it.
    """

    question: Question
    cohorts: NDArray[np.datetime64]
    segments: tuple[Any, ...] | None
    sizes: NDArray[np.int64]
    at_risk: NDArray[np.int64]
    retained: dict[Kind, NDArray[np.int64]]
    bracket_starts: NDArray[np.int32]
    followed: NDArray[np.int32]
    notes: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that were asked for."""
        return tuple(self.retained)

    @property
    def periods(self) -> int:
        """The last period counted."""
        return self.at_risk.shape[1] - 1

    @property
    def customers(self) -> int:
        """How many were followed (customer-cohort pairs where cohorts recur)."""
        return int(self.sizes.sum())

    @property
    def cells(self) -> Cells:
        """Every cell with somebody at risk, by kind, row and period."""
        return _cells(self)

    def at_risk_of(self, kind: Kind) -> NDArray[np.int64]:
        """The denominators of a kind: for the bracket, nobody where M..N does not exist."""
        if self._checked(kind) != "bracket" or not (self.bracket_starts[1:] == 0).any():
            return self.at_risk
        exists = self.bracket_starts > 0
        exists[0] = True
        return np.where(exists[None, :], self.at_risk, 0)

    def rate(self, kind: Kind) -> NDArray[np.float64]:
        """float64[R, P + 1]; NaN where nobody was at risk."""
        return rates(self.retained[self._checked(kind)], self.at_risk_of(kind))

    def interval(self, kind: Kind) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Wilson's low and high ends of `rate`; period 0 is 1 by definition and has no spread."""
        low, high = wilson(self.retained[self._checked(kind)], self.at_risk_of(kind), level=self.question.level)
        low[:, 0] = np.where(self.sizes > 0, 1.0, np.nan)
        return low, high

    def provisional(self, kind: Kind) -> NDArray[np.bool_]:
        """Which rates later facts can still change: rolling until its follow-up has ended, the others never."""
        end = self.question.follow_up
        can_rise = np.ones(len(self.sizes), bool) if end is None else self.followed < end
        open_rows = can_rise if self._checked(kind) == "rolling" else np.zeros(len(self.sizes), bool)
        cells = np.repeat(open_rows[:, None], self.periods + 1, axis=1)
        cells[:, 0] = False
        return cells

    def curve(self, kind: Kind = "classic", *, segment: Any = ...) -> Curve:
        """The eligible-cohort curve: at each N, all customers for whom N has ended, weighted by customer.

        Its cohorts change along the curve, so it may rise and fall for that reason alone; see `fixed_curve`.
        """
        return self._pooled(kind, self._rows(segment), name="eligible-cohort curve", segment=segment)

    def curves(self, kind: Kind = "classic") -> dict[Any, Curve]:
        """The eligible-cohort curve of each segment."""
        return {segment: self.curve(kind, segment=segment) for segment in self.segment_names}

    def fixed_curve(self, kind: Kind = "classic", *, through: int | None = None, segment: Any = ...) -> Curve:
        """The fixed-cohort curve: the same cohorts at every N, those where `through` has ended for everybody."""
        last = self.periods if through is None else through
        if not 1 <= last <= self.periods:
            raise PeriodsTooFew(periods=last)
        rows = self._rows(segment) & (self.followed >= last)
        whole = self._pooled(kind, rows, name=f"fixed-cohort curve through {last}", segment=segment)
        return _until(whole, last)

    @property
    def segment_names(self) -> tuple[Any, ...]:
        """The segments in the order of their rows; (None,) when not broken down."""
        return (None,) if self.segments is None else tuple(dict.fromkeys(self.segments))

    def table(self, kind: Kind | None = None) -> pa.Table:
        """An Arrow table: cohort, (segment,) kind, period, at_risk, retained, rate, low, high, provisional."""
        from tenure.tables import arrow_table

        return arrow_table(self, None if kind is None else self._checked(kind))

    def to_pandas(self, kind: Kind | None = None) -> pd.DataFrame:
        """The table as a pandas data frame."""
        return self.table(kind).to_pandas()

    def to_polars(self, kind: Kind | None = None) -> pl.DataFrame:
        """The table as a Polars data frame."""
        import polars as pl

        return pl.DataFrame(self.table(kind))

    def chart(self, kind: Kind | None = None, **choices: Any) -> Any:
        """An Altair chart; needs `pip install tenure[chart]`."""
        from tenure import charts

        return charts.chart(self, kind=kind, **choices) if kind is not None else charts.chart(self, **choices)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the answer to a file, to be read again without its facts; replaces the file in one step."""
        from tenure import storing

        storing.save_answer(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Retention:
        """Read what `save` wrote. Raises NotAnAnswer for anything else."""
        from tenure import storing

        return storing.load_answer(path)

    def _repr_html_(self) -> str:
        from tenure.tables import html

        return html(self)

    def __repr__(self) -> str:
        counted = f"{self.customers:,} customers in {len(self.sizes):,} cohorts, {self.periods} {self.question.period}s"
        return f"<Retention of {counted}>\n{self.question}"

    def _rows(self, segment: Any) -> NDArray[np.bool_]:
        if segment is ... or self.segments is None:
            return np.ones(len(self.sizes), bool)
        if segment not in self.segments:
            raise UnknownChoice(name="segment", value=segment, choices=", ".join(map(str, self.segment_names)))
        return np.array([name == segment for name in self.segments], bool)

    def _pooled(self, kind: Kind, rows: NDArray[np.bool_], *, name: str, segment: Any) -> Curve:
        at_risk, retained = self.at_risk_of(kind)[rows].sum(axis=0), self.retained[kind][rows].sum(axis=0)
        low, high = wilson(retained, at_risk, level=self.question.level)
        low[0] = 1.0 if at_risk[0] else np.nan
        provisional = np.any(self.provisional(kind)[rows] & (self.at_risk[rows] > 0), axis=0)
        period = np.arange(self.periods + 1, dtype=np.int32)
        which = None if segment is ... else segment
        return Curve(
            name,
            kind,
            which,
            period,
            at_risk,
            retained,
            rates(retained, at_risk),
            low,
            high,
            provisional,
            int(rows.sum()),
        )

    def _checked(self, kind: Kind) -> Kind:
        if kind not in self.retained:
            raise (
                UnknownKind(kind=kind)
                if kind not in KINDS
                else UnknownChoice(name="kind", value=kind, choices=", ".join(self.retained))
            )
        return kind


def _cells(answer: Retention) -> Cells:
    parts = [_cells_of(answer, kind) for kind in answer.kinds]
    return Cells(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _cells_of(answer: Retention, kind: Kind) -> tuple[NDArray[Any], ...]:
    at_risk = answer.at_risk_of(kind)
    row, period = np.nonzero(at_risk)
    low, high = answer.interval(kind)
    return (
        np.full(len(row), KINDS.index(kind), np.int8),
        row,
        answer.cohorts[row],
        period.astype(np.int32),
        at_risk[row, period],
        answer.retained[kind][row, period],
        answer.rate(kind)[row, period],
        low[row, period],
        high[row, period],
        answer.provisional(kind)[row, period],
    )


def _until(curve: Curve, last: int) -> Curve:
    columns = ("period", "at_risk", "retained", "rate", "low", "high", "provisional")
    cut = {name: getattr(curve, name)[: last + 1] for name in columns}
    return Curve(name=curve.name, kind=curve.kind, segment=curve.segment, cohorts=curve.cohorts, **cut)
