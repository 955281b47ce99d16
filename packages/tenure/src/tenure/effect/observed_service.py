"""Does quick service keep customers? One row per customer, everything frozen at the moment of opening.

from tenure import effect
answer = effect.service_on_retention("conversations.parquet", customer="customer", opened_at="opened_at",
                                     answered_at="first_response_at", within_hours=6, landmark_days=180)
answer.sentence
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.clocks import moment_of
from tenure.effect.columns import moments, values_of
from tenure.effect.controls import NegativeControl, activity_before, next_treatment
from tenure.effect.observed_covariates import refuse_after_treatment
from tenure.effect.observed_effects import observed
from tenure.effect.observed_errors import NobodyLanded
from tenure.effect.observed_history import History, ids_of, queue_at
from tenure.effect.observed_results import NotIdentifiable, Observed
from tenure.errors import NothingToRead, UnknownChoice
from tenure.floats import one_chunk
from tenure.inputs import as_frame
from tenure.pages import cells_of, page
from tenure.zones import DAY, checked_zone
from tenure.zones import zone as zone_table

if TYPE_CHECKING:
    import pyarrow as pa

Back = Literal["activity", "conversation"]
_HOUR: Final = DAY // 24
_BEFORE_DAYS: Final = 30
_MOST_ROWS: Final = 10
CLOCK: Final = ("hour (sin)", "hour (cos)")
FROZEN: Final = (
    *CLOCK, "weekend", "date", "others waiting", "activity so far", "days known", "conversations so far",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FirstConversations:
    """The rows that `service_on_retention` asks about: look at them, then `ask`.

    `columns` are the covariates as they were at opening; `before` whether there was activity in the thirty days before
    it, `later` whether the next conversation was answered in time (NaN: there was none).
    """

    customers: NDArray[Any]
    opened: NDArray[np.int64]
    treated: NDArray[np.bool_]
    outcome: NDArray[np.bool_]
    columns: Mapping[str, Any]
    before: NDArray[np.bool_]
    later: NDArray[np.float64]
    clusters: Any
    within_hours: float
    landmark_days: int
    notes: tuple[str, ...]

    def ask(self, **choices: Any) -> Observed | NotIdentifiable:
        """Estimate, with both negative controls; `choices` are those of `effect.observed`."""
        usual = {
            "treatment_name": f"answered within {_hours(self.within_hours)}",
            "outcome_name": f"back within {self.landmark_days} days",
            "cluster": self.clusters, "controls": self.controls, "straight": CLOCK,
        }  # fmt: skip
        answer = observed(treatment=self.treated, outcome=self.outcome, covariates=self.columns, **{**usual, **choices})
        return replace(answer, notes=(*self.notes, *answer.notes))

    @property
    def controls(self) -> tuple[NegativeControl, ...]:
        """Activity in the 30 days before, among customers with as much activity so far; and the next answer."""
        return (activity_before(self.before), next_treatment(self.later))

    def table(self) -> pa.Table:
        """A line per customer: customer, opened_at, treated, outcome, before, later, and every covariate."""
        import pyarrow as pa

        fixed = {
            "customer": self.customers, "opened_at": pa.array(self.opened, pa.timestamp("us", "UTC")),
            "treated": self.treated, "outcome": self.outcome, "before": self.before,
            "later": pa.array(self.later, from_pandas=True),
        }  # fmt: skip
        return pa.table({**fixed, **dict(self.columns)})

    def chart(self, **choices: Any) -> Any:
        """How unlike those answered in time and the others were at opening; needs `pip install tenure[chart]`."""
        from tenure.effect.observed_charts import apart

        return apart(self, **choices)

    def _repr_html_(self) -> str:
        table = self.table()
        more = len(table) - _MOST_ROWS
        body = cells_of(table.slice(0, _MOST_ROWS), number=".3g")
        rest = f"{more:,} more lines in .table()" if more > 0 else ""
        return page(repr(self)[1:-1], table.column_names, body, rest=rest, notes=self.notes)

    def __repr__(self) -> str:
        n, soon, back = len(self.treated), int(self.treated.sum()), int(self.outcome.sum())
        return (
            f"<First conversations of {n:,} customers: {soon:,} answered within {_hours(self.within_hours)}, {back:,} "
            f"back within {self.landmark_days} days>"
        )


def service_on_retention(
    data: Any, *, within_hours: float, ask: Mapping[str, Any] | None = None, **choices: Any
) -> Observed | NotIdentifiable:
    """What a first response within `within_hours` does to coming back: see `first_conversations` for the choices.

    `ask` holds choices for `effect.observed`, such as splits or the estimand.
    """
    return first_conversations(data, within_hours=within_hours, **choices).ask(**dict(ask or {}))


def first_conversations(
    data: Any,
    *,
    customer: Any,
    opened_at: Any,
    answered_at: Any,
    within_hours: float,
    landmark_days: int = 180,
    covariates: Sequence[str] = (),
    activity: Any = None,
    activity_customer: Any = None,
    activity_time: Any = None,
    back: Back = "activity",
    since: Any = None,
    until: Any = None,
    as_of: Any = None,
    zone: str = "UTC",
    cluster: str | None = None,
    without: Sequence[str] = (),
) -> FirstConversations:
    """Each customer's first conversation opened from `since` to `until`, ready to be asked about.

    Treated: the first response (`answered_at`, empty where there was none) came within `within_hours`. Outcome: seen
    again after opening and within `landmark_days` of it, in `activity` (facts with a customer and a time); without it,
    or with `back="conversation"`, by opening another conversation. Only customers whose landmark was reached by
    `as_of` (else the last moment in the data) are asked about.

    Covariates, all frozen at opening: hour and weekend on the clocks of `zone`, the date, how many other
    conversations were waiting (those up to a week old), activity and conversations so far, how long they have been
    known; and the columns named in `covariates` (channel, theme, priority, language …), of which those that only
    become known later are refused by name. `without` leaves some of the former out, such as "others waiting" where
    nobody works through a queue. Raises a TenureError whose text says what to do.
    """
    if within_hours <= 0 or landmark_days < 1:
        raise UnknownChoice(name="within_hours, landmark_days", value=(within_hours, landmark_days), choices="above 0")
    if back not in ("activity", "conversation"):
        raise UnknownChoice(name="back", value=back, choices="activity, conversation")
    if set(without) - set(FROZEN):
        raise UnknownChoice(name="without", value=tuple(without), choices=", ".join(FROZEN))
    refuse_after_treatment(covariates)
    checked_zone(zone)
    talks = _Talks.read(data, customer, opened_at, answered_at, within_hours, covariates, cluster, zone)
    seen = talks.history if activity is None else _activity(activity, activity_customer, activity_time, talks, zone)
    again = seen if back == "activity" else talks.history
    end = max(int(talks.opened.max()), seen.last) if as_of is None else moment_of(as_of, zone=zone)
    first, notes = _chosen(talks, since, until, end, landmark_days, zone)
    whose, opened = talks.codes[first], talks.opened[first]
    frozen = {name: v for name, v in _frozen(talks, seen, whose, opened, zone=zone).items() if name not in without}
    return FirstConversations(
        talks.ids.take(talks.codes[first]), opened, talks.in_time[first],
        again.between(whose, opened, opened + landmark_days * DAY) > 0,
        {**frozen, **talks.columns(first, covariates)},
        seen.between(whose, opened - _BEFORE_DAYS * DAY - 1, opened - 1) > 0,
        _next_in_time(talks, first, end), talks.column(first, cluster), within_hours, landmark_days,
        (*talks.notes, *notes),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Talks:
    """Conversations in order of customer and opening; `rows` leads back to the input."""

    ids: Any
    codes: NDArray[np.int64]
    opened: NDArray[np.int64]
    answered: NDArray[np.int64]  # the largest number where never
    in_time: NDArray[np.bool_]
    within: int
    rows: NDArray[np.int64]
    frame: Any
    history: History
    notes: tuple[str, ...]

    @classmethod
    def read(
        cls, data: Any, customer: Any, opened_at: Any, answered_at: Any, within_hours: float,
        covariates: Sequence[str], cluster: str | None, zone: str,
    ) -> _Talks:  # fmt: skip
        frame = as_frame(data)
        for name in (*covariates, *([cluster] if cluster else [])):
            values_of(frame, name)
        ids, codes = ids_of(values_of(frame, customer))
        opened, is_opened = moments(values_of(frame, opened_at), zone=zone)
        answered, is_answered = moments(values_of(frame, answered_at), zone=zone)
        answered = np.where(is_answered, answered, np.iinfo(np.int64).max)
        kept = np.flatnonzero((codes >= 0) & is_opened & (answered >= opened))
        lost, notes = len(codes) - len(kept), ()
        if lost:
            notes = (
                f"{lost:,} of {len(codes):,} conversations have no customer, no opening, or an answer from before it, "
                f"and were left out.",
            )
        if not len(kept):
            raise NothingToRead
        rows = kept[np.lexsort((opened[kept], codes[kept]))]
        within = int(within_hours * _HOUR)
        in_time = is_answered[rows] & (answered[rows] - opened[rows] <= within)
        history = History.of(codes[rows], opened[rows])
        return cls(ids, codes[rows], opened[rows], answered[rows], in_time, within, rows, frame, history, notes)

    def column(self, places: NDArray[np.int64], name: str | None) -> Any:
        import pyarrow as pa

        return None if name is None else one_chunk(values_of(self.frame, name)).take(pa.array(self.rows[places]))

    def columns(self, places: NDArray[np.int64], names: Sequence[str]) -> dict[str, Any]:
        return {name: self.column(places, name) for name in names}


def _activity(activity: Any, customer: Any, time: Any, talks: _Talks, zone: str) -> History:
    from tenure.inputs import guess_column

    frame = as_frame(activity)
    names = list(frame.columns)
    people = values_of(frame, customer if customer is not None else guess_column(names, role="customer") or "customer")
    when, is_known = moments(
        values_of(frame, time if time is not None else guess_column(names, role="time") or "time"), zone=zone
    )
    codes = ids_of(people, among=talks.ids)[1]
    kept = is_known & (codes >= 0)
    return History.of(codes[kept], when[kept])


def _chosen(
    talks: _Talks, since: Any, until: Any, end: int, landmark_days: int, zone: str
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Places of each customer's first conversation in the window whose landmark was reached."""
    inside = np.ones(len(talks.opened), bool)
    if since is not None:
        inside &= talks.opened >= moment_of(since, zone=zone)
    if until is not None:
        inside &= talks.opened < moment_of(until, zone=zone)
    places = np.flatnonzero(inside)
    first = places[np.r_[True, talks.codes[places][1:] != talks.codes[places][:-1]]] if len(places) else places
    reached = talks.opened[first] + landmark_days * DAY <= end
    if not reached.any():
        why = "none was opened in the window" if not len(first) else "no landmark has been reached"
        raise NobodyLanded(why=why, days=landmark_days, until=np.datetime_as_string(np.datetime64(end, "us"), unit="D"))
    late = int((~reached).sum())
    notes = (f"{late:,} of {len(first):,} customers have not reached their landmark yet.",) if late else ()
    return first[reached], notes


def _frozen(talks: _Talks, seen: History, whose: Any, opened: Any, *, zone: str) -> dict[str, NDArray[np.float64]]:
    table = zone_table(zone, first=int(opened.min()), last=int(opened.max()))
    local = opened + table.offset_at(opened)
    turn = 2 * np.pi * (local % DAY) / DAY
    return {
        "hour (sin)": np.sin(turn), "hour (cos)": np.cos(turn),
        "weekend": ((local // DAY + 3) % 7 >= 5).astype(float),
        "date": (opened - opened.min()) / DAY,
        "others waiting": np.log1p(queue_at(opened, talks.opened, talks.answered)),
        **_so_far(talks, seen, whose, opened),
    }  # fmt: skip


def _so_far(talks: _Talks, seen: History, whose: Any, at: Any) -> dict[str, NDArray[np.float64]]:
    """What was known of each customer just before a moment."""
    known = {
        "activity so far": np.log1p(seen.until(whose, at - 1)),
        "days known": np.log1p(np.maximum(at - seen.first(whose, otherwise=at), 0) / DAY),
    }
    if seen is talks.history:
        return known
    return {**known, "conversations so far": np.log1p(talks.history.until(whose, at - 1))}


def _next_in_time(talks: _Talks, first: NDArray[np.int64], end: int) -> NDArray[np.float64]:
    """Whether the next conversation of the same customer was answered in time; NaN without one old enough to tell."""
    following = np.minimum(first + 1, len(talks.codes) - 1)
    is_next = (following > first) & (talks.codes[following] == talks.codes[first])
    is_next &= talks.opened[following] + talks.within <= end
    return np.where(is_next, talks.in_time[following].astype(float), np.nan)


def _hours(hours: float) -> str:
    return f"{hours:g} hour{'' if hours == 1 else 's'}"
