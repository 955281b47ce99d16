"""The one question every contender answers, and the shape of the answer they are compared by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bench._facts import AS_OF, FIRST_DAY, ZONE, Facts, epoch_day

KINDS = ("full", "classic", "rolling", "return", "bracket")
PERIODS = 30
FIRST, LAST = epoch_day(FIRST_DAY), epoch_day(AS_OF)  # LAST is the first day not asked about
COHORTS = LAST - FIRST
ASK = "all five kinds, daily cohorts, N = 1..30, bracket max(1,N-6)..N, Europe/Berlin days"

Answer = NDArray[np.int64]  # [cohort, 0] customers, [cohort, 1 + 30·kind + N − 1] retained; −1 where N is open
Formulation = Callable[[], Answer]


def low_bits(n: int) -> int:
    return (1 << n) - 1


def bracket_bits(n: int) -> int:
    """Bits of the days max(1, N−6)..N, where bit 0 is day 1."""
    return low_bits(n) ^ low_bits(max(1, n - 6) - 1)


def answer_from(columns: list[NDArray[np.int64]]) -> Answer:
    """From columns (cohort day, customers, 150 counts) in any row order; days not ended are masked."""
    answer = np.zeros((COHORTS, 1 + len(KINDS) * PERIODS), np.int64)
    answer[columns[0] - FIRST] = np.stack(columns[1:], axis=1)
    return with_open_days_masked(answer)


def answer_from_histograms(counts: list[NDArray[np.int64]], tall: list[NDArray[np.int64]]) -> Answer:
    """From columns (day, customers, 30 classic, 30 bracket) and the rows of three histograms.

    Their columns are (0 days in a row from day 1 | 1 last day | 2 first day back, day, value, customers).
    """
    answer = np.zeros((COHORTS, 1 + len(KINDS) * PERIODS), np.int64)
    plain = np.stack(counts[1:], axis=1)
    rows = counts[0] - FIRST
    answer[rows, 0] = plain[:, 0]
    by_kind = answer[:, 1:].reshape(COHORTS, len(KINDS), PERIODS)
    by_kind[rows, 1], by_kind[rows, 4] = plain[:, 1 : 1 + PERIODS], plain[:, 1 + PERIODS :]
    which, days, values, customers = tall
    histogram = np.zeros((3, COHORTS, PERIODS + 2), np.int64)
    np.add.at(histogram, (which, days - FIRST, values), customers)
    at_least = histogram[:, :, ::-1].cumsum(axis=2)[:, :, ::-1][:, :, 1 : PERIODS + 1]
    by_kind[:, 0], by_kind[:, 2] = at_least[0], at_least[1]
    by_kind[:, 3] = histogram[2].cumsum(axis=1)[:, 1 : PERIODS + 1]
    return with_open_days_masked(answer)


def with_open_days_masked(answer: Answer) -> Answer:
    """A cohort enters N only where day N has fully ended by `AS_OF`, which is a midnight in Berlin."""
    cohort = np.arange(COHORTS)[:, None]
    still_open = np.tile(cohort + np.arange(1, PERIODS + 1) >= COHORTS, (1, len(KINDS)))
    answer[:, 1:][still_open] = -1
    return answer


def answer_the_obvious_way(facts: Facts) -> Answer:
    """The definitions word for word, in plain Python: what every contender must agree with."""
    zone, days_of = ZoneInfo(ZONE), defaultdict[int, set[int]](set)
    for customer, moment in zip(facts.customers.tolist(), facts.times.tolist(), strict=True):
        local = datetime.fromtimestamp(moment // 1_000_000, zone)
        days_of[customer].add(epoch_day(local.date()))
    answer = np.zeros((COHORTS, 1 + len(KINDS) * PERIODS), np.int64)
    for days in days_of.values():
        answer[min(days) - FIRST] += [1, *_retained({day - min(days) for day in days})]
    return with_open_days_masked(answer)


def _retained(since: set[int]) -> list[bool]:
    """Full, classic, rolling, return, bracket, each for N = 1..30; `since` are days after the first."""
    every = range(1, PERIODS + 1)
    return [
        *(all(day in since for day in range(1, n + 1)) for n in every),
        *(n in since for n in every),
        *(any(day >= n for day in since) for n in every),
        *(any(day in since for day in range(1, n + 1)) for n in every),
        *(any(day in since for day in range(max(1, n - 6), n + 1)) for n in every),
    ]


def berlin_offsets() -> list[tuple[int, int]]:
    """(from this microsecond on, offset in microseconds) over the span of the data, oldest first."""
    zone, hour = ZoneInfo(ZONE), timedelta(hours=1)
    moment = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) - timedelta(days=2)
    found: list[tuple[int, int]] = []
    while moment.date() <= AS_OF + timedelta(days=2):
        shift = moment.astimezone(zone).utcoffset() or timedelta()
        if not found or found[-1][1] != _us(shift):
            found.append((_us(moment - datetime(1970, 1, 1, tzinfo=UTC)), _us(shift)))
        moment += hour
    return found


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
