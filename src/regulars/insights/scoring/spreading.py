"""How the value to come is spread over customers: how few hold how much, and how many are worth how much."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SHARES: Final = (0.01, 0.05, 0.1, 0.2, 0.5)
MOST_STEPS: Final = 10


def concentration(worth: NDArray[np.float64]) -> list[dict[str, Any]]:
    """What the most valuable 1, 5, 10, 20 and 50 % of the customers hold of the whole."""
    ranked, total = np.sort(worth)[::-1], float(worth.sum())
    if not total > 0:
        return []
    held = np.cumsum(ranked) / total
    counts = [max(1, round(share * len(ranked))) for share in SHARES]
    return [
        {"share": share, "customers": count, "held": float(held[count - 1])}
        for share, count in zip(SHARES, counts, strict=True)
    ]


def steps(worth: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Customers by what they are worth, in steps of 1, 2, 5, 10 and so on; the first and the last are open."""
    total = float(worth.sum())
    if not total > 0:
        return []
    edges = _edges(float(np.percentile(worth, 99.5)))
    place = np.searchsorted(edges, worth, side="right")
    customers = np.bincount(place, minlength=len(edges) + 1)
    sums = np.bincount(place, weights=worth, minlength=len(edges) + 1)
    lows, highs = [None, *edges.tolist()], [*edges.tolist(), None]
    return [
        {"from": low, "to": high, "customers": int(count), "held": float(part / total)}
        for low, high, count, part in zip(lows, highs, customers, sums, strict=True)
    ]


def _edges(largest: float) -> NDArray[np.float64]:
    """Round amounts up to about the largest, the last few of them."""
    top = int(np.ceil(np.log10(max(largest, 1e-9))))
    ladder = np.array([step * 10.0**power for power in range(top - 4, top + 1) for step in (1, 2, 5)])
    return ladder[ladder <= largest][-(MOST_STEPS - 1) :]
