"""Where names go so that they do not touch."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places as near to the wanted ones as a gap between any two allows, in the same order, from `low` to `high`.

    Pushed up from below, then down from above; where there is no room for all, they are spaced evenly.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    if gap * (len(order) - 1) > high - low:
        gap = (high - low) / max(1, len(order) - 1)
    places = [min(max(wanted[i], low), high) for i in order]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    ceiling = high
    for i in reversed(range(len(places))):
        places[i] = ceiling = min(places[i], ceiling)
        ceiling -= gap
    found = dict(zip(order, places, strict=True))
    return [found[i] for i in range(len(wanted))]
