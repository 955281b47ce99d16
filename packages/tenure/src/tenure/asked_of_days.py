"""`retention_of` from reduced forms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure import clocks, zones
from tenure.answers import answered
from tenure.asking import Choices, checked_as_of
from tenure.births import NEVER, calendar_pieces, labelled, needs_born
from tenure.days import Days, Runs
from tenure.errors import DaysDiffer, NobodyBegan, NothingToRead
from tenure.following import Pieces
from tenure.periods import period_of
from tenure.results import Retention


def answer(begin: Days, back: Days | None, asked: Choices, *, born: Any, by: Any, as_of: Any, words: tuple[str, str]) -> Retention:
    """Births from `begin`, returns from `back` (or from `begin` again)."""
    needs_born(asked, born)
    if not len(begin):
        raise NothingToRead
    if back is not None and back.zone != begin.zone:
        raise DaysDiffer(left=begin.zone, right=back.zone)
    as_of_day, said, notes = _as_of(begin, back, as_of)
    returns = (begin if back is None else back).periods(asked.period)
    returns = _before(returns, as_of_day, asked.period)
    days = begin.first.astype(np.int64)
    born_at = np.flatnonzero(days != NEVER)
    pieces = calendar_pieces(_places(begin.customers, returns), days, asked, as_of_day=as_of_day, segment=None)
    return answered(pieces, returns, asked, words=words, as_of=said, segments=None, notes=begin.notes + notes)


def _as_of(begin: Days, back: Days | None, as_of: Any) -> tuple[int, str, tuple[str, ...]]:
    last = max(begin.end, -1 if back is None else back.end)
    if as_of is None:
        return last, str(np.datetime64(last, "D")) + " (still open)", ()
    moment = clocks.moment_of(as_of, zone=begin.zone)
    return clocks.local_day(moment, zone=begin.zone), clocks.in_words(moment, zone=begin.zone), ()


def _before(runs: Runs, as_of_day: int, period: str) -> Runs:
    return runs


def _places(customers: NDArray[np.int64], returns: Runs) -> NDArray[np.int64]:
    """Where each customer's returns are; -1 for those without any."""
    if returns.customers is customers:
        return np.arange(len(customers), dtype=np.int64)
    at = np.searchsorted(returns.customers, customers)
    at[at == len(returns)] = 0
    return np.where(returns.customers[at] == customers, at, -1).astype(np.int64)
