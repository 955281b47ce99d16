"""Counting the five kinds from sorted periods, for any horizon, any starting period and any follow-up."""

from __future__ import annotations

from typing import Any

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def count_pieces(
    first: int,
    last: int,
    customer: Any,  # int64[pieces], sorted by row
    base: Any,  # int32[pieces]: the period that is N = 0
    row: Any,  # int64[pieces]
    low: Any,  # int32[pieces]: the first N counted
    high: Any,  # int32[pieces]: the last N counted
    offsets: Any,  # int64[customers + 1]
    periods: Any,  # int32[…]: periods with a return, ascending, per customer
    reach: Any,  # int32[horizon + 1]: the last N whose bracket still begins at or before p
    follow_up: int,
    steps: Any,  # int64[6, rows, horizon + 2]: differences along N; classic is plain
) -> None:
    """Add pieces first..last. Rows 0..5 of `steps`: at risk, full, classic, rolling, return, bracket."""
    for i in range(first, last):
        lo, hi, b, r, c = low[i], high[i], base[i], row[i], customer[i]
        if hi < lo:
            continue
        steps[0, r, lo] += 1
        steps[0, r, hi + 1] -= 1
        if c < 0:
            continue
        begin, end = offsets[c], offsets[c + 1]
        left, right = begin, end
        while left < right:
            middle = (left + right) >> 1
            if periods[middle] <= b:
                left = middle + 1
            else:
                right = middle
        if left == end:
            continue
        earliest = periods[left] - b
        start = max(earliest, lo)
        if start <= hi:
            steps[4, r, start] += 1
            steps[4, r, hi + 1] -= 1
        run, covered, latest = 0, lo - 1, 0
        for j in range(left, end):
            p = periods[j] - b
            if p > follow_up:
                break
            latest = p
            if p > hi:
                break
            if p == run + 1:
                run = p
            if p >= lo:
                steps[2, r, p] += 1
            start = max(p, covered + 1)
            stop = min(reach[p], hi)
            if start <= stop:
                steps[5, r, start] += 1
                steps[5, r, stop + 1] -= 1
                covered = stop
        stop = min(run, hi)
        if stop >= lo:
            steps[1, r, lo] += 1
            steps[1, r, stop + 1] -= 1
        stop = min(latest, hi)
        if stop >= lo:
            steps[3, r, lo] += 1
            steps[3, r, stop + 1] -= 1
