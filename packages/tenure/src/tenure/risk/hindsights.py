"""Past predictions against what happened, once their windows have ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import clocks
from tenure.conditions import column_of, mask_of
from tenure.inputs import as_arrow, as_frame, read_facts
from tenure.risk.cards import Bin, ModelCard, bins_of
from tenure.risk.definitions import Definition
from tenure.risk.errors import AnotherQuestion, NothingEnded, ProbabilityBad
from tenure.risk.measures import Estimate, Measured, measure
from tenure.risk.schedule import DAY
from tenure.risk.sentences import note
from tenure.risk.sizes import LEAST

if TYPE_CHECKING:
    import pyarrow as pa

_NAME: Final = "predictions"
_OFF: Final = 0.1
_SLOPES: Final = (0.8, 1.25)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Hindsight:
    """Predictions whose window has ended, and what came of them.

    `quality` is None where too few have left to measure anything (`notes` says so). `alarms` are the sentences that
    somebody should read.
    """

    rows: int
    open: int
    left: int
    predicted: float
    happened: float
    quality: Measured | None
    calibration: tuple[Bin, ...]
    alarms: tuple[str, ...]
    notes: tuple[str, ...]
    level: float

    def table(self) -> pa.Table:
        """An Arrow table, a line per tenth of predicted risk: predicted, happened, low, high, rows."""
        import pyarrow as pa

        names = ("predicted", "happened", "low", "high", "rows")
        return pa.table({name: [getattr(line, name) for line in self.calibration] for name in names})

    def chart(self, **choices: Any) -> Any:
        """What was predicted beside what happened; needs `pip install tenure[chart]`."""
        from tenure.risk import drawing

        return drawing.calibration(self, **choices)

    def _repr_html_(self) -> str:
        from tenure.risk.pages import table_html

        return table_html(self.table(), caption=repr(self)[1:-1])

    def __repr__(self) -> str:
        told = "too few to measure" if self.quality is None else f"AUC {self.quality.auc}"
        levels = f"{self.predicted:.1%} predicted, {self.happened:.1%} left"
        return f"<Hindsight of {self.rows:,} predictions: {levels}; {told}>"


def hindsight(
    predictions: Any,
    facts: Any = None,
    *,
    definition: Definition,
    as_of: Any,
    customer: str = "customer",
    scored_at: str = "scored_at",
    probability: str = "probability",
    group: str | None = None,
    facts_customer: Any = None,
    facts_time: Any = None,
    activity: Any = None,
    leaving: Any = None,
    card: ModelCard | None = None,
    resamples: int = 500,
    level: float = 0.95,
    seed: int = 1,
) -> Hindsight:
    """Compare stored predictions with the facts, by the definition they were made with.

    Only predictions whose window (scored_at + gap, + horizon] has ended by `as_of` are counted, the others are `open`.
    With a definition by `leaving`, whoever left within the gap is left out, as in learning. Intervals resample whole
    customers (or groups). With `card`, an AUC clearly below what the card promised is an alarm. Raises NothingEnded,
    ProbabilityBad, AnotherQuestion.
    """
    known = matched(
        predictions, facts, definition=definition, as_of=as_of, customer=customer, scored_at=scored_at,
        probability=probability, group=group, facts_customer=facts_customer, facts_time=facts_time, activity=activity,
        leaving=leaving,
    )  # fmt: skip
    return known.compared(card=card, resamples=resamples, level=level, seed=seed)


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Predictions whose window has ended with what came of them: 1 left, 0 stayed, -1 left within the gap."""

    came: NDArray[np.int64]
    said: NDArray[np.float64]
    moments: NDArray[np.int64]
    groups: NDArray[Any]
    open: int

    def only(self, rows: NDArray[np.bool_]) -> Matched:
        """Some of them."""
        return Matched(self.came[rows], self.said[rows], self.moments[rows], self.groups[rows], 0)

    def compared(self, *, card: ModelCard | None, resamples: int, level: float, seed: int) -> Hindsight:
        """Measured, with whoever left within the gap left out."""
        counted = self.came >= 0
        codes = np.unique(self.groups[counted].astype(str), return_inverse=True)[1].astype(np.int64)
        return _compared(
            self.came[counted] == 1, self.said[counted], codes, open_=self.open, gone=int((~counted).sum()), card=card,
            resamples=resamples, level=level, seed=seed,
        )  # fmt: skip


def matched(
    predictions: Any, facts: Any, *, definition: Definition, as_of: Any, customer: str, scored_at: str,
    probability: str, group: str | None, facts_customer: Any, facts_time: Any, activity: Any, leaving: Any,
) -> Matched:  # fmt: skip
    """Every stored prediction whose window has ended, with its outcome. Raises as `hindsight` does."""
    if (definition.leaving is None) != (leaving is None):
        asked = "leaving=…" if leaving is not None else "no leaving=…"
        raise AnotherQuestion(learnt=definition.left_in_words, asked=f"asked with {asked}")
    frame = as_frame(predictions)
    said = _probabilities(frame, probability)
    moments = clocks.read_times(column_of(frame, scored_at), zone=definition.zone).moments
    end = clocks.moment_of(as_of, zone=definition.zone)
    closes = moments + (definition.gap_days + definition.horizon_days) * DAY
    ended = closes <= end
    if not ended.any():
        first = int(closes.min()) if len(closes) else end
        raise NothingEnded(count=len(closes), first=clocks.in_words(first, zone=definition.zone))
    who = np.array([str(one) for one in as_arrow(column_of(frame, customer)).to_pylist()], object)
    groups = who if group is None else np.array(as_arrow(column_of(frame, group)).to_pylist(), object).astype(str)
    came = _outcomes(
        who[ended], moments[ended], facts, definition, end, facts_customer=facts_customer, facts_time=facts_time,
        activity=activity, leaving=leaving,
    )  # fmt: skip
    return Matched(came, said[ended], moments[ended], groups[ended], int((~ended).sum()))


def _compared(
    left: NDArray[np.bool_], said: NDArray[np.float64], codes: NDArray[np.int64], *, open_: int, gone: int,
    card: ModelCard | None, resamples: int, level: float, seed: int,
) -> Hindsight:  # fmt: skip
    notes = (note("left-within-the-gap", customers=f"{gone:,}"),) if gone else ()
    lost = int(left.sum())
    predicted, happened = (float(said.mean()), lost / len(left)) if len(left) else (float("nan"), float("nan"))
    if min(lost, len(left) - lost) < LEAST["test"]:
        notes += (note("not-judged", left=f"{lost:,}", rows=f"{len(left):,}", least=LEAST["test"]),)
        return Hindsight(len(left), open_, lost, predicted, happened, None, (), (), notes, level)
    quality = measure(left, {_NAME: said}, codes, resamples=resamples, level=level, seed=seed)[0][0]
    bins = bins_of(left, said, level=level)
    return Hindsight(
        len(left),
        open_,
        lost,
        predicted,
        happened,
        quality,
        bins,
        _alarms(quality, predicted, happened, card),
        notes,
        level,
    )


def _alarms(quality: Measured, predicted: float, happened: float, card: ModelCard | None) -> tuple[str, ...]:
    """Plain sentences for what is clearly wrong and matters.

    The interval has to exclude what would be right; and levels have to be off by a tenth of the share who left, the
    slope to be outside .8 to 1.25: calibration was learnt from a sample too, and small misses are to be expected.
    """
    found = []
    if not _holds(quality.intercept, 0.0) and abs(predicted - happened) > _OFF * happened:
        found.append(note("levels-off", predicted=f"{predicted:.1%}", happened=f"{happened:.1%}"))
    if not _holds(quality.slope, 1.0) and not _SLOPES[0] <= quality.slope.value <= _SLOPES[1]:
        found.append(note("too-extreme" if quality.slope.value < 1 else "too-timid", slope=quality.slope))
    if quality.auc.low <= 0.5:
        found.append(note("ranking-by-chance", auc=quality.auc))
    elif card is not None and quality.auc.high < card.quality.auc.low:
        found.append(note("ranking-worse", auc=quality.auc, then=card.quality.auc))
    return tuple(found)


def _holds(estimate: Estimate, value: float) -> bool:
    return bool(np.isnan(estimate.low)) or estimate.low <= value <= estimate.high


def _probabilities(frame: Any, name: str) -> NDArray[np.float64]:
    values = as_arrow(column_of(frame, name)).to_pylist()
    bad = [row for row, value in enumerate(values) if not isinstance(value, (int, float)) or not 0 <= value <= 1]
    if bad:
        raise ProbabilityBad(row=bad[0] + 1, value=values[bad[0]])
    return np.array(values, np.float64)


def _outcomes(
    who: NDArray[Any], moments: NDArray[np.int64], facts: Any, definition: Definition, end: int, *,
    facts_customer: Any, facts_time: Any, activity: Any, leaving: Any,
) -> NDArray[np.int64]:  # fmt: skip
    """1 left, 0 stayed, -1 left within the gap; from each customer's sorted moments of activity, or of leaving."""
    read = read_facts(facts, customer=facts_customer, time=facts_time, zone=definition.zone)
    condition = activity if leaving is None else leaving
    mask = read.aligned(mask_of(condition, read.frame, count=read.rows or len(read.customers)))
    kept = (read.moments <= end) if mask is None else mask & (read.moments <= end)
    ids, times = read.customers[kept], read.moments[kept]
    order = np.lexsort((times, ids))
    ids, times = ids[order], times[order]
    names = np.unique(ids)
    code = {str(one) if read.labels is None else str(read.labels[one]): one for one in names.tolist()}
    mine = np.array([code.get(name, -1) for name in who.tolist()], np.int64)
    opens = moments + definition.gap_days * DAY
    closes = opens + definition.horizon_days * DAY
    first = np.searchsorted(names, mine)
    starts = np.append(np.searchsorted(ids, names), len(ids))
    came = np.zeros(len(who), np.int64) if leaving is not None else np.ones(len(who), np.int64)
    for row in np.flatnonzero(mine >= 0).tolist():
        own = times[starts[first[row]] : starts[first[row] + 1]]
        inside = np.searchsorted(own, closes[row], side="right") > np.searchsorted(own, opens[row], side="right")
        if leaving is None:
            came[row] = 0 if inside else 1
        else:
            early = np.searchsorted(own, opens[row], side="right") > np.searchsorted(own, moments[row], side="right")
            came[row] = -1 if early else int(inside)
    return came
