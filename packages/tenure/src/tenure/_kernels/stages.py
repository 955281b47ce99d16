"""Who is new, returning, resurrected or gone quiet, and how many days of a month customers come by."""

from __future__ import annotations

from typing import Any

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def count_stages(first: int, last: int, offsets: Any, periods: Any, origin: int, count: int, stages: Any) -> None:
    """Add customers first..last to stages[4, count]: new, returning, resurrected, dormant, by period from `origin`."""
    for i in range(first, last):
        before = 0
        for j in range(offsets[i], offsets[i + 1]):
            p = periods[j] - origin
            if j == offsets[i]:
                if p < count:
                    stages[0, p] += 1
            elif p == before + 1:
                if p < count:
                    stages[1, p] += 1
            else:
                if before + 1 < count:
                    stages[3, before + 1] += 1
                if p < count:
                    stages[2, p] += 1
            before = p
        if offsets[i] < offsets[i + 1] and before + 1 < count:
            stages[3, before + 1] += 1


@njit(cache=True, nogil=True)
def count_trailing(
    first: int, last: int, offsets: Any, days: Any, origin: int, length: int, daily: Any, steps: Any
) -> None:
    """Active on each day, and (as differences) active in the `length` days that end with it."""
    for i in range(first, last):
        for j in range(offsets[i], offsets[i + 1]):
            d = days[j] - origin
            daily[d] += 1
            until = d + length
            if j + 1 < offsets[i + 1]:
                until = min(until, days[j + 1] - origin)
            steps[d] += 1
            steps[min(until, len(steps) - 1)] -= 1


@njit(cache=True, nogil=True)
def count_in_months(first: int, last: int, offsets: Any, days: Any, origin: int, month: Any, sums: Any) -> None:
    """Per month: customers, the sum of the days each was seen on, and of their squares; month[day] is its place."""
    for i in range(first, last):
        j = offsets[i]
        while j < offsets[i + 1]:
            m = month[days[j] - origin]
            n = 0
            while j < offsets[i + 1] and month[days[j] - origin] == m:
                n += 1
                j += 1
            sums[0, m] += 1
            sums[1, m] += n
            sums[2, m] += n * n
