"""Lifecycle: every active customer of a period is new, returning or resurrected; those who did not come are dormant."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.days import Days, Runs
from tenure.lifecycle.errors import NothingHasEnded
from tenure.lifecycle.reading import read_days
from tenure.periods import checked_period, ended_before, first_day, label, period_of

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS: Final = ("active", "new", "returning", "resurrected", "dormant", "known")
_MOST_LINES: Final = 60


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lifecycle:
    """An entry per period that has ended, ascending; `start` is its first local day.

    active = new (first fact ever) + returning (also active in the period before) + resurrected (active earlier, but
    not in the period before). `dormant` were active in the period before and are not in this one; `known` have been
    active so far. So active[t] = active[t − 1] − dormant[t] + new[t] + resurrected[t].
    """

    start: NDArray[np.datetime64]
    active: NDArray[np.int64]
    new: NDArray[np.int64]
    returning: NDArray[np.int64]
    resurrected: NDArray[np.int64]
    dormant: NDArray[np.int64]
    known: NDArray[np.int64]
    period: str
    zone: str
    as_of: str
    notes: tuple[str, ...] = ()

    @property
    def asleep(self) -> NDArray[np.int64]:
        """Everybody known who was not active in the period."""
        return self.known - self.active

    @property
    def quick_ratio(self) -> NDArray[np.float64]:
        """Won over lost, (new + resurrected)/dormant; NaN where nobody went dormant."""
        won = (self.new + self.resurrected).astype(float)
        return np.divide(won, self.dormant, out=np.full(len(won), np.nan), where=self.dormant > 0)

    def table(self) -> pa.Table:
        """An Arrow table: period (its first day), active, new, returning, resurrected, dormant, known."""
        import pyarrow as pa

        return pa.table({"period": pa.array(self.start), **{name: getattr(self, name) for name in _COLUMNS}})

    def chart(self, **choices: Any) -> Any:
        """Bars of the three that are active, and of the dormant below zero; needs `pip install tenure[chart]`."""
        from tenure.lifecycle.drawing import stages

        return stages(self, **choices)

    def sentence(self) -> str:
        """The latest period in words."""
        when = label(self.start[-1], self.period)
        return (
            f"In {when}, {self.active[-1]:,} customers were active: {self.new[-1]:,} new, {self.returning[-1]:,} "
            f"returning, {self.resurrected[-1]:,} resurrected; {self.dormant[-1]:,} of the {self.period} before "
            "did not come."
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("", *_COLUMNS))
        shown = range(max(0, len(self.start) - _MOST_LINES), len(self.start))
        lines = "".join(
            f"<tr><th>{label(self.start[i], self.period)}</th>"
            + "".join(f"<td>{getattr(self, name)[i]:,}</td>" for name in _COLUMNS)
            + "</tr>"
            for i in shown
        )
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        listed = f"<ul>{notes}</ul>" if notes else ""
        words = f"<p>{escape(self.sentence())} By {self.period} in {escape(self.zone)}, as of {self.as_of}.</p>"
        return f'<div class="tenure">{words}<table><tr>{head}</tr>{lines}</table>{listed}</div>'

    def __repr__(self) -> str:
        return f"<Lifecycle over {len(self.start)} {self.period}s: {self.sentence()}>"


def lifecycle(
    data: Any = None,
    *,
    customer: Any = None,
    time: Any = None,
    active: Any = None,
    period: str = "month",
    zone: str | None = None,
    as_of: Any = None,
    since: Any = None,
) -> Lifecycle:
    """New, returning, resurrected and dormant customers by calendar period in `zone` (UTC unless said).

    `data` is facts as for `retention` (with `active` a condition on them), or `Days`. Only periods that have fully
    ended by `as_of` are counted (a date; left out, the last day seen is still open). New is the first fact ever;
    `since` chooses which periods are shown, not which facts count. Raises a TenureError.
    """
    checked_period(period)
    days, as_of_day = read_days(data, customer=customer, time=time, active=active, zone=zone, as_of=as_of)
    ended = ended_before(as_of_day, period)
    origin = int(period_of(np.array([days.start]), period)[0]) if len(days) else ended + 1
    shown = origin if since is None else max(origin, _period_of(since, days, period))
    if ended < shown:
        first = np.datetime64(days.start, "D") if len(days) else "that day"
        raise NothingHasEnded(period=period, as_of=np.datetime64(as_of_day, "D"), first=first)
    stages = _counted(days.periods(period), origin, ended - origin + 1)
    known = np.cumsum(stages[0])
    first = shown - origin
    new, returning, resurrected, dormant = (row[first:] for row in stages)
    starts = first_day(np.arange(shown, ended + 1), period).astype("datetime64[D]")
    return Lifecycle(
        starts, new + returning + resurrected, new, returning, resurrected, dormant, known[first:], period, days.zone,
        str(np.datetime64(as_of_day, "D")), days.notes,
    )  # fmt: skip


def _counted(runs: Runs, origin: int, count: int) -> NDArray[np.int64]:
    """new, returning, resurrected and dormant per period, in one pass over the customers."""
    from tenure._kernels.stages import count_stages
    from tenure.sharing import even, share, threads

    cuts = even(len(runs), threads())
    found = np.zeros((len(cuts), 4, count), np.int64)

    def some(i: int, a: int, b: int) -> None:
        count_stages(a, b, runs.offsets, runs.values, origin, count, found[i])

    share(some, [(i, *cut) for i, cut in enumerate(cuts)])
    return found.sum(axis=0)


def _period_of(since: Any, days: Days, period: str) -> int:
    """The first period that begins at or after `since`."""
    from tenure import clocks

    day = clocks.day_of(since, zone=days.zone)
    holding = int(period_of(np.array([day]), period)[0])
    return holding if int(first_day(np.array([holding]), period)[0]) == day else holding + 1
