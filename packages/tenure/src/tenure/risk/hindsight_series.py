"""Past predictions against what happened, period by period: is the model as good as it was?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.errors import UnknownChoice
from tenure.intervals import wilson
from tenure.localising import local_days
from tenure.periods import PERIODS, period_of
from tenure.risk.cards import ModelCard
from tenure.risk.definitions import Definition
from tenure.risk.hindsights import Hindsight, matched
from tenure.risk.measures import Estimate

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class HindsightLine:
    """The predictions of one period: how many were expected to leave, how many did (with Wilson's interval).

    `since` is the day of the first of them; `auc` is None where too few left to say.
    """

    since: date
    rows: int
    predicted: float
    happened: float
    low: float
    high: float
    auc: Estimate | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HindsightSeries:
    """A line per period in which something was predicted and all windows have ended, the oldest first.

    `open` predictions still wait; `alarms` are those of the newest period.
    """

    lines: tuple[HindsightLine, ...]
    open: int
    level: float
    alarms: tuple[str, ...] = ()

    def table(self) -> pa.Table:
        """An Arrow table: since, rows, predicted, happened, low, high, auc, auc_low, auc_high."""
        import pyarrow as pa

        names = ("since", "rows", "predicted", "happened", "low", "high")
        columns = {name: [getattr(line, name) for line in self.lines] for name in names}
        for name, end in (("auc", "value"), ("auc_low", "low"), ("auc_high", "high")):
            found = [None if line.auc is None else getattr(line.auc, end) for line in self.lines]
            columns[name] = pa.array(found, pa.float64())
        return pa.table(columns)

    def chart(self, **choices: Any) -> Any:
        """What was expected and what happened, over time; needs `pip install tenure[chart]`."""
        from tenure.risk import drawing

        return drawing.over_time(self, **choices)

    def _repr_html_(self) -> str:
        from tenure.risk.pages import table_html

        return table_html(self.table(), caption=repr(self)[1:-1])

    def __repr__(self) -> str:
        if not self.lines:
            return "<HindsightSeries: nothing has ended yet>"
        last = self.lines[-1]
        newest = f"since {last.since} {last.predicted:.1%} predicted, {last.happened:.1%} left"
        return f"<HindsightSeries of {len(self.lines)} periods: {newest}>"


def line_of(found: Hindsight, *, since: date) -> HindsightLine:
    """One comparison as a line of a series."""
    low, high = wilson(found.left, found.rows, level=found.level)
    auc = None if found.quality is None else found.quality.auc
    return HindsightLine(since, found.rows, found.predicted, found.happened, float(low), float(high), auc)


def hindsight_over_time(
    predictions: Any,
    facts: Any = None,
    *,
    definition: Definition,
    as_of: Any,
    by: str = "month",
    customer: str = "customer",
    scored_at: str = "scored_at",
    probability: str = "probability",
    group: str | None = None,
    facts_customer: Any = None,
    facts_time: Any = None,
    activity: Any = None,
    leaving: Any = None,
    card: ModelCard | None = None,
    resamples: int = 200,
    level: float = 0.95,
    seed: int = 1,
) -> HindsightSeries:
    """`hindsight` for each period `by` which the predictions were made: "day", "week", "month", "quarter" or "year".

    Periods are calendar periods in the definition's time zone. One in which some windows are still open has the
    predictions that have ended. Raises what `hindsight` raises.
    """
    if by not in PERIODS:
        raise UnknownChoice(name="by", value=by, choices=", ".join(PERIODS))
    known = matched(
        predictions, facts, definition=definition, as_of=as_of, customer=customer, scored_at=scored_at,
        probability=probability, group=group, facts_customer=facts_customer, facts_time=facts_time, activity=activity,
        leaving=leaving,
    )  # fmt: skip
    days = local_days(known.moments, zone=definition.zone)
    periods = period_of(days, by)
    lines: list[HindsightLine] = []
    alarms: tuple[str, ...] = ()
    for period in np.unique(periods[known.came >= 0]):
        here = periods == period
        found = known.only(here).compared(card=card, resamples=resamples, level=level, seed=seed)
        since = np.datetime64(int(days[here].min()), "D").astype(date)
        lines.append(line_of(found, since=since))
        alarms = found.alarms
    return HindsightSeries(tuple(lines), known.open, level, alarms)
