"""Functions with steps, said to an engine: the same tables of clocks and calendars that the kernels read.

No engine is asked for a time zone or a month. Each gets the moments at which the number changes, as a balanced tree
of comparisons between whole numbers, so that every engine has the days of 23 and 25 hours that the kernels have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from tenure import zones
from tenure.clocks import in_words
from tenure.engines.errors import SpanTooLong
from tenure.localising import changes_of

MOST_STEPS: Final = 4_000


def step(value: Any, edges: Sequence[int], results: Sequence[int]) -> Any:
    """results[i] where edges[i - 1] ≤ value < edges[i]; edges ascend, and there is one more result than edges."""
    import ibis

    if not edges:
        return ibis.literal(int(results[0]), "int64")
    middle = len(edges) // 2
    left = step(value, edges[:middle], results[: middle + 1])
    right = step(value, edges[middle + 1 :], results[middle + 1 :])
    return ibis.ifelse(value < ibis.literal(int(edges[middle]), "int64"), left, right)


def period_number(moment: Any, *, zone: str, period: str, first: int, last: int) -> Any:
    """The number of the period (see `periods.period_of`) that holds each moment (µs UTC, from `first` to `last`)."""
    if period in ("day", "week"):
        day = _day(moment, zone=zone, first=first, last=last)
        return day if period == "day" else _floored(day + 3, 7)
    changes, numbers = changes_of(zone, period, first=first, last=last)
    edges, results = _within(changes, numbers, first=first, last=last)
    _checked(edges, zone=zone, period=period, first=first, last=last)
    return step(moment, edges, results)


def moment_of_clock(clock: Any, *, zone: str, first: int, last: int) -> Any:
    """µs UTC of clock readings (µs) in the zone: the earlier of two, a skipped hour read as before the change."""
    table = _table(zone, first=first, last=last)
    offsets = table.offsets
    edges = table.starts[1:] + np.maximum(offsets[1:], offsets[:-1])
    return clock - step(clock, *_within(np.r_[table.starts[0], edges], offsets, first=first, last=last))


def is_doubtful(clock: Any, *, zone: str, first: int, last: int) -> Any:
    """1 where a clock reading happened twice, or never, in a night the clocks changed."""
    table = _table(zone, first=first, last=last)
    offsets = table.offsets
    low = table.starts[1:] + np.minimum(offsets[1:], offsets[:-1])
    high = table.starts[1:] + np.maximum(offsets[1:], offsets[:-1])
    edges = np.r_[table.starts[0], np.stack([low, high], axis=1).ravel()]
    return step(clock, *_within(edges, np.r_[0, np.tile([1, 0], len(low))], first=first, last=last))


def _day(moment: Any, *, zone: str, first: int, last: int) -> Any:
    table = zones.zone(zone, first=first, last=last)
    edges, offsets = _within(table.starts, table.offsets, first=first, last=last)
    _checked(edges, zone=zone, period="day", first=first, last=last)
    return _floored(moment + step(moment, edges, offsets), zones.DAY)


def _floored(value: Any, length: int) -> Any:
    """Division towards −∞. What is divided is a multiple of `length`, so that an engine that divides in floating
    point, as all three do, is exact for every year up to 9999."""
    rest = (value % length + length) % length
    return (value - rest) // length


def _table(zone: str, *, first: int, last: int) -> zones.Zone:
    return zones.zone(zone, first=first - zones.DAY, last=last + zones.DAY)


def _within(starts: Any, results: Any, *, first: int, last: int) -> tuple[list[int], list[int]]:
    """The steps between `first` and `last`; the first result is the one that holds at `first`."""
    begin = max(int(np.searchsorted(starts, first, side="right")) - 1, 0)
    end = int(np.searchsorted(starts, last, side="right"))
    return [int(at) for at in starts[begin + 1 : end]], [int(value) for value in results[begin : max(end, begin + 1)]]


def _checked(edges: list[int], *, zone: str, period: str, first: int, last: int) -> None:
    if len(edges) > MOST_STEPS:
        said = [in_words(moment, zone="UTC")[:10] for moment in (first, last)]
        raise SpanTooLong(
            first=said[0], last=said[1], zone=zone, period=period, count=f"{len(edges):,}", most=f"{MOST_STEPS:,}"
        )
