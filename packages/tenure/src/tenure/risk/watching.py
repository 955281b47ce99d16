"""After a model is shipped: have customers changed, have scores changed, and did what was predicted happen?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.risk.rows import Column, Rows
from tenure.risk.sentences import note

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.risk.models import Model

_BINS: Final = 10
WATCH, ALARM = 0.1, 0.25  # Siddiqi (2006): below .1 stable, above .25 shifted
_SCORE: Final = "the score itself"


@dataclass(frozen=True, slots=True)
class Profile:
    """How a column was spread in training: shares of its bins (by `edges` or `levels`), and of not known, last."""

    name: str
    edges: tuple[float, ...]
    levels: tuple[str, ...] | None
    shares: tuple[float, ...]

    def counted(self, column: Column) -> NDArray[np.float64]:
        """How many of the column's rows fall in each bin."""
        if self.levels is None:
            known = column.values[~column.is_missing].astype(np.float64)
            counts = np.bincount(np.searchsorted(self.edges, known, side="left"), minlength=len(self.edges) + 1)
            return np.r_[counts, column.is_missing.sum()].astype(np.float64)
        place = {level: code for code, level in enumerate(self.levels)}
        other = len(self.levels)
        codes = column.values if column.levels is not None else np.full(len(column.values), -1)
        table = np.array([place.get(level, other) for level in column.levels or ()] + [other + 1], np.int64)
        return np.bincount(table[codes], minlength=other + 2).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Reference:
    """The profiles of all columns and of the score, with how many rows they were taken from."""

    profiles: tuple[Profile, ...]
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Reference:
        """Read what `to_dict` wrote."""
        profiles = tuple(
            Profile(
                line["name"], tuple(line["edges"]), None if line["levels"] is None else tuple(line["levels"]),
                tuple(line["shares"]),
            )
            for line in stored["profiles"]
        )  # fmt: skip
        return cls(profiles, stored["rows"])


@dataclass(frozen=True, slots=True)
class Shift:
    """One column's population stability index, what chance alone would rarely exceed, and what to make of it."""

    column: str
    psi: float
    chance: float
    verdict: str  # stable, watch, alarm


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drift:
    """Shifts, the largest first; `alarms` are the sentences somebody should read."""

    shifts: tuple[Shift, ...]
    rows: int
    alarms: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> Shift:
        """The shift of the score itself."""
        return next(shift for shift in self.shifts if shift.column == _SCORE)

    def table(self) -> pa.Table:
        """An Arrow table: column, psi, chance, verdict."""
        import pyarrow as pa

        return pa.Table.from_pylist([asdict(shift) for shift in self.shifts])

    def chart(self, **choices: Any) -> Any:
        """How differently each column is spread now; needs `pip install tenure[chart]`."""
        from tenure.risk.looking_charts import shifts

        return shifts(self, **choices)

    def _repr_html_(self) -> str:
        from tenure.risk.pages import table_html

        return table_html(self.table().slice(0, 15), caption=repr(self)[1:-1])

    def __repr__(self) -> str:
        return f"<Drift of {len(self.shifts)} columns over {self.rows:,} rows: {len(self.alarms)} alarms>"


def profile_rows(rows: Rows, probability: NDArray[np.float64] | None, *, names: tuple[str, ...]) -> Reference:
    """What the rows are like: tenths of each number, shares of each word."""
    columns = [column for column in rows.columns if column.name in names]
    if probability is not None:
        columns.append(Column(_SCORE, probability))
    return Reference(tuple(_profile(column) for column in columns), len(rows))


def drift(model: Model, rows: Rows | Any) -> Drift:
    """Compare rows of today (or a table, for a table's model) with those the model was measured on.

    PSI = Σ (now − then) · ln(now / then) over the bins (Siddiqi, Credit Risk Scorecards, 2006): watch from .1, alarm
    from .25. With few rows chance alone exceeds that, so both also need PSI above the 99.9 % point that chance would
    give, χ² · (1/n + 1/m) with one degree of freedom per bin but one (Yurdakul 2018).
    """
    scores = model.score(rows)
    rows, probability = scores.rows, scores.probability
    columns = {column.name: column for column in rows.columns} | {_SCORE: Column(_SCORE, probability)}
    shifts = sorted(
        (
            _shift(profile, columns[profile.name], model.reference.rows)
            for profile in model.reference.profiles
            if profile.name in columns
        ),
        key=lambda shift: -shift.psi,
    )
    return Drift(tuple(shifts), len(rows), tuple(_alarm(shift) for shift in shifts if shift.verdict == "alarm"))


def _shift(profile: Profile, column: Column, then_rows: int) -> Shift:
    from scipy.stats import chi2

    counts = profile.counted(column)
    n, m = counts.sum(), float(then_rows)
    now, then = (counts + 0.5) / (n + 0.5 * len(counts)), np.array(profile.shares)
    then = (then * m + 0.5) / (m + 0.5 * len(then))
    psi = float(((now - then) * np.log(now / then)).sum())
    seen = int(((counts > 0) | (np.array(profile.shares) > 0)).sum())
    chance = float(chi2.ppf(0.999, max(1, seen - 1)) * (1 / n + 1 / m))
    verdict = "stable" if psi < max(WATCH, chance) else "watch" if psi < max(ALARM, chance) else "alarm"
    return Shift(profile.name, psi, chance, verdict)


def _alarm(shift: Shift) -> str:
    if shift.column == _SCORE:
        return note("scores-spread-differently", psi=f"{shift.psi:.2f}")
    return note("column-spread-differently", column=shift.column, psi=f"{shift.psi:.2f}")


def _profile(column: Column) -> Profile:
    if column.levels is not None:
        empty = Profile(column.name, (), column.levels, ())
        counts = empty.counted(column)
        return Profile(column.name, (), column.levels, tuple((counts / counts.sum()).tolist()))
    known = column.values[~column.is_missing].astype(np.float64)
    edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1])) if len(known) else np.zeros(0)
    empty = Profile(column.name, tuple(edges.tolist()), None, ())
    counts = empty.counted(column)
    return Profile(column.name, empty.edges, None, tuple((counts / counts.sum()).tolist()))
