"""How long customers stay: Kaplan–Meier from each one's first and last day, out of the reduced forms.

A shop without contracts is not told when somebody leaves, so leaving is defined: N days of silence. Whoever has been
silent for N days at `as_of` left with their last fact. Of everybody else it is only known that they were still there
N days before `as_of`, the cut; their later facts prove it, but how long the present silence will last is open. So
they are censored at the cut and not at `as_of`: otherwise the last N days, in which nobody can be seen to leave,
would make customers look more faithful than they are. Who began after the cut tells nothing yet.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

import tenure
from regulars.insights import breakdown, kept_answers
from regulars.insights.breakdown import By
from regulars.insights.definitions import Meant
from regulars.insights.errors import NothingYet
from regulars.insights.selectors import retention
from regulars.insights.selectors.retention import Refused
from regulars.insights.sentences import words
from regulars.kernel import clock
from tenure.survival import LogRank, Survival, kaplan_meier, log_rank

DAYS_IN_MONTH = 30.4375
_ANSWERS_KEPT = 16
_EPOCH = date(1970, 1, 1)


class NobodyLongEnough(Refused):
    """Nobody has been followed for so many days yet. Choose fewer days of silence, or ask again later."""


@dataclass(frozen=True, slots=True)
class Staying:
    """Who counts as gone after how many days without what; `as_of` of None means the last day there is."""

    meant: Meant
    silence: int = 90
    zone: str = "UTC"
    by: By | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """Per customer who began by the cut: how many days they were seen to stay, and whether they left then."""

    customers: NDArray[np.int64]
    days: NDArray[np.int64]
    is_gone: NDArray[np.bool_]
    too_new: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Curves in months, and the test that groups differ where there are groups.

    `longer_pauses` of `pauses` between two days with such a fact were longer than the silence: how often
    the definition would have called somebody gone who came back.
    """

    question: Staying
    as_of: date
    cut: date
    curves: Survival
    test: LogRank | None
    too_new: int
    once: int
    pauses: int
    longer_pauses: int

    @property
    def customers(self) -> int:
        return sum(curve.customers for curve in self.curves.curves)

    @property
    def gone(self) -> int:
        return sum(curve.lost for curve in self.curves.curves)


def answer(question: Staying) -> Answer:
    """The answer over everything mirrored so far; kept until a fact arrives, or a minute where attributes may change.

    Raises NothingYet where there is no such fact, and Refused where nobody was followed long enough.
    """
    minute = None if question.by is None or question.by.kind == "property" else int(clock.now().timestamp() // 60)
    key = (_settled(question), kept_answers.counted_now(), minute)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    try:
        found = _worked_out(key[0])
    except tenure.TenureError as refused:
        raise Refused(words(refused)) from refused
    with _lock:
        _answers[key] = found
        while len(_answers) > _ANSWERS_KEPT:
            _answers.popitem(last=False)
    return found


_answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
_lock = Lock()


def followed(days: tenure.Days, *, cut: int) -> Followed:
    """Each customer's stay as far as it is known at the cut, a day since 1970-01-01."""
    first, last = days.first.astype(np.int64), days.days[days.offsets[1:] - 1].astype(np.int64)
    began = first <= cut
    is_gone = last[began] <= cut
    stayed = np.where(is_gone, last[began], cut) - first[began]
    return Followed(days.customers[began], stayed, is_gone, int((~began).sum()))


def _settled(question: Staying) -> Staying:
    if question.as_of is not None:
        return question
    today, last = clock.today(question.zone), retention.mirrored_until(question.zone)
    return replace(question, as_of=min(today, last) if last else today)


def _worked_out(asked: Staying) -> Answer:
    assert asked.as_of is not None  # settled
    end = (asked.as_of - _EPOCH).days
    days = retention.people_days(asked.meant, zone=asked.zone).before(end + 1)
    if not len(days):
        raise NothingYet
    seen = followed(days, cut=end - asked.silence)
    if not len(seen.days):
        raise NobodyLongEnough
    labels = None if asked.by is None else _labelled(asked.by, asked.meant, seen.customers)
    durations = seen.days.astype(np.float64)
    curves = kaplan_meier(duration=durations, event=seen.is_gone, by=labels, unit="day")
    pauses, longer = _pauses(days, longer_than=asked.silence)
    return Answer(
        question=asked,
        as_of=asked.as_of,
        cut=asked.as_of - timedelta(days=asked.silence),
        curves=_in_months(curves),
        test=None if labels is None else _tested(durations, seen.is_gone, labels),
        too_new=seen.too_new,
        once=int((seen.is_gone & (seen.days == 0)).sum()),
        pauses=pauses,
        longer_pauses=longer,
    )


def _labelled(by: By, meant: Meant, customers: NDArray[np.int64]) -> NDArray[np.object_]:
    """Each customer's group; those of whom nothing is known stand in the group without a name."""
    known, names = breakdown.labels(by, meant)
    order = np.argsort(known, kind="stable")
    if not len(known):
        return np.full(len(customers), breakdown.NONE, object)
    place = order[np.minimum(np.searchsorted(known, customers, sorter=order), len(known) - 1)]
    return np.where(known[place] == customers, names[place], breakdown.NONE)


def _tested(durations: NDArray[np.float64], is_gone: NDArray[np.bool_], labels: NDArray[np.object_]) -> LogRank | None:
    """None where there is one group, or nobody left: nothing to compare."""
    if len(set(labels.tolist())) < 2 or not is_gone.any():
        return None
    return log_rank(duration=durations, event=is_gone, by=labels, unit="day")


def _pauses(days: tenure.Days, *, longer_than: int) -> tuple[int, int]:
    """Pauses between a customer's successive days, and how many were longer; those still going on are not in it."""
    gaps = np.diff(days.days)
    is_within = np.ones(len(gaps), bool)
    is_within[days.offsets[1:-1] - 1] = False
    gaps = gaps[is_within]
    return len(gaps), int((gaps > longer_than).sum())


def _in_months(curves: Survival) -> Survival:
    """The same curves with their times in months of 30.4375 days, which is how people speak of them."""
    moved = tuple(replace(curve, time=curve.time / DAYS_IN_MONTH) for curve in curves.curves)
    return replace(curves, curves=moved, unit="month")
