"""The slow, obvious twins of the lifecycle: sets of customers, period by period."""

from __future__ import annotations


def stages(active: dict[int, set[int]], first: int, last: int) -> list[tuple[int, int, int, int, int]]:
    """(active, new, returning, resurrected, dormant) for each period first..last; `active` is who came in each."""
    told = []
    for period in range(first, last + 1):
        now, before = active.get(period, set()), active.get(period - 1, set())
        earlier = set().union(*(who for when, who in active.items() if when < period))
        told.append((len(now), len(now - earlier), len(now & before), len((now & earlier) - before), len(before - now)))
    return told


def trailing(active: dict[int, set[int]], first: int, last: int, length: int) -> list[tuple[int, int]]:
    """(daily, monthly) for each day whose window of `length` days begins at `first` or later."""
    return [
        (len(active.get(day, set())), len(set().union(*(active.get(day - i, set()) for i in range(length)))))
        for day in range(first + length - 1, last + 1)
    ]
