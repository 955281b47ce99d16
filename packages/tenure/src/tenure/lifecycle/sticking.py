"""Stickiness: how many of a month's customers come by on a day."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.days import Days
from tenure.errors import UnknownChoice
from tenure.intervals import rates, wilson
from tenure.lifecycle.errors import NothingHasEnded, WindowTooLong
from tenure.lifecycle.reading import read_days
from tenure.periods import ended_before, first_day, period_of

if TYPE_CHECKING:
    import pyarrow as pa

MONTHS: Final = ("trailing", "calendar")
_MOST_LINES: Final = 60


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Stickiness:
    """`daily` customers over `monthly` customers, by day (trailing) or by calendar month; `month` says which.

    Trailing: `when` is a day, `daily` its customers, `monthly` those of the `days` days that end with it. Calendar:
    `when` is the first of a month, `daily` the average over its days, `monthly` the customers of that month.
    """

    when: NDArray[np.datetime64]
    daily: NDArray[np.float64]
    monthly: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    month: str
    days: int
    zone: str
    as_of: str
    level: float
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> NDArray[np.float64]:
        """daily/monthly; NaN where the month had no customers."""
        return rates(self.daily, self.monthly)

    @property
    def definition(self) -> str:
        """Which month it is, in words."""
        if self.month == "trailing":
            return f"customers of a day over customers of the {self.days} days that end with it, in {self.zone}"
        return f"average customers of a day over customers of its calendar month, in {self.zone}"

    def table(self) -> pa.Table:
        """An Arrow table: day or month, daily, monthly, ratio, low, high."""
        import pyarrow as pa

        name = "day" if self.month == "trailing" else "month"
        unknown = {part: pa.array(getattr(self, part), from_pandas=True) for part in ("ratio", "low", "high")}
        return pa.table({name: pa.array(self.when), "daily": self.daily, "monthly": self.monthly, **unknown})

    def chart(self, **choices: Any) -> Any:
        """The ratio over time with its interval; needs `pip install tenure[chart]`."""
        from tenure.lifecycle.drawing import sticking

        return sticking(self, **choices)

    def sentence(self) -> str:
        """The latest one in words."""
        if not self.monthly[-1]:
            return f"Nobody came in the month to {self.when[-1]}; {self.definition}."
        interval = f"{self.level:.0%} interval {self.low[-1]:.1%} to {self.high[-1]:.1%}"
        return f"Stickiness {self.ratio[-1]:.1%} ({interval}) at {self.when[-1]}: {self.definition}."

    def _repr_html_(self) -> str:
        shown = range(max(0, len(self.when) - _MOST_LINES), len(self.when))
        lines = "".join(
            f"<tr><th>{self.when[i]}</th><td>{self.daily[i]:,.1f}</td><td>{self.monthly[i]:,}</td>"
            f"<td>{'' if np.isnan(self.ratio[i]) else f'{self.ratio[i]:.1%}'}</td></tr>"
            for i in shown
        )
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        listed = f"<ul>{notes}</ul>" if notes else ""
        head = "<tr><th></th><th>daily</th><th>monthly</th><th>stickiness</th></tr>"
        return f'<div class="tenure"><p>{escape(self.sentence())}</p><table>{head}{lines}</table>{listed}</div>'

    def __repr__(self) -> str:
        return f"<{self.sentence()}>"


def stickiness(
    data: Any = None,
    *,
    customer: Any = None,
    time: Any = None,
    active: Any = None,
    month: str = "trailing",
    days: int = 30,
    zone: str | None = None,
    as_of: Any = None,
    level: float = 0.95,
) -> Stickiness:
    """Daily over monthly active customers; which month is said: `month="trailing"` (the `days` days that end with
    the day; 30 unless said, 7 for a week) or "calendar" (each calendar month, with the average of its days).

    `data`, `active`, `zone` and `as_of` are as for `lifecycle`. A trailing window must lie wholly after the first fact
    and have ended; so must a calendar month's end. Intervals: Wilson's for one day among the window's customers; for
    a calendar month the normal one over customers' shares of days. Raises a TenureError.
    """
    if month not in MONTHS:
        raise UnknownChoice(name="month", value=month, choices=", ".join(MONTHS))
    if not isinstance(days, int) or days < 1:
        raise UnknownChoice(name="days", value=days, choices="1 or more")
    wilson(1, 2, level=level)  # a level that is none is refused before any work
    seen, as_of_day = read_days(data, customer=customer, time=time, active=active, zone=zone, as_of=as_of)
    if not len(seen):
        raise NothingHasEnded(period="day", as_of=np.datetime64(as_of_day, "D"), first="that day")
    is_trailing = month == "trailing"
    when, daily, monthly, low, high = (
        _trailing(seen, as_of_day, days, level) if is_trailing else _calendar(seen, as_of_day, level)
    )
    return Stickiness(
        when, daily, monthly, low, high, month, days if is_trailing else 0, seen.zone,
        str(np.datetime64(as_of_day, "D")), level, seen.notes,
    )  # fmt: skip


def _trailing(days: Days, as_of_day: int, length: int, level: float) -> tuple[NDArray[Any], ...]:
    from tenure._kernels.stages import count_trailing
    from tenure.sharing import even, share, threads

    covered = as_of_day - days.start
    if covered < length:
        raise WindowTooLong(days=covered, length=length)
    cuts = even(len(days), threads())
    daily, steps = np.zeros((len(cuts), covered), np.int64), np.zeros((len(cuts), covered + 1), np.int64)

    def some(i: int, a: int, b: int) -> None:
        count_trailing(a, b, days.offsets, days.days, days.start, length, daily[i], steps[i])

    share(some, [(i, *cut) for i, cut in enumerate(cuts)])
    active, window = daily.sum(axis=0)[length - 1 :], steps.sum(axis=0).cumsum()[length - 1 : covered]
    when = np.arange(days.start + length - 1, as_of_day).astype("datetime64[D]")
    return when, active.astype(float), window, *wilson(active, window, level=level)


def _calendar(days: Days, as_of_day: int, level: float) -> tuple[NDArray[Any], ...]:
    from tenure._kernels.stages import count_in_months
    from tenure.sharing import even, share, threads

    first, last = int(period_of(np.array([days.start]), "month")[0]), ended_before(as_of_day, "month")
    if last < first:
        raise NothingHasEnded(period="month", as_of=np.datetime64(as_of_day, "D"), first=np.datetime64(days.start, "D"))
    place = (period_of(np.arange(days.start, max(as_of_day, days.end + 1)), "month") - first).astype(np.int64)
    cuts, count = even(len(days), threads()), int(place.max()) + 1
    sums = np.zeros((len(cuts), 3, count), np.int64)

    def some(i: int, a: int, b: int) -> None:
        count_in_months(a, b, days.offsets, days.days, days.start, place, sums[i])

    share(some, [(i, *cut) for i, cut in enumerate(cuts)])
    customers, seen, squares = sums.sum(axis=0)[:, : last - first + 1]
    starts = first_day(np.arange(first, last + 2), "month")
    length = np.diff(starts)
    mean = rates(seen, customers * length)
    spread = np.sqrt(np.maximum(rates(squares, customers * length**2) - mean**2, 0) / np.maximum(customers - 1, 1))
    reach = np.where(customers > 1, NormalDist().inv_cdf(0.5 + level / 2) * spread, np.nan)
    low, high = np.maximum(mean - reach, 0.0), np.minimum(mean + reach, 1.0)
    return starts[:-1].astype("datetime64[D]"), seen / length, customers, low, high
