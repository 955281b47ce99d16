"""From the accounts of an opening and of a closing period to what was kept, lost, added and won."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.revenue.results import RevenueLine, Share

FEW: Final = 5_000  # accounts up to which every draw of the bootstrap costs next to nothing
DRAWS: Final = 2_000


def line_of(
    opening: NDArray[np.float64],
    closing: NDArray[np.float64],
    is_old: NDArray[np.bool_],
    *,
    group: Any,
    start: Any,
    end: Any,
    level: float,
    interval: str,
    seed: int,
) -> RevenueLine:
    """One line from each account's revenue at the opening and the closing; `is_old` has paid before the opening."""
    were = opening > 0
    kept = np.minimum(opening, closing)[were]
    begun, ended = opening[were], closing[were]
    total = float(begun.sum())
    left = ended <= 0
    won = closing[~were]
    shares = _shares(begun, kept, ended, level=level, interval=interval, seed=seed)
    return RevenueLine(
        group=group, start=start, end=end, accounts=int(were.sum()), lost_accounts=int(left.sum()), opening=total,
        churned=float(begun[left].sum()), contraction=float((begun - kept)[~left].sum()),
        expansion=float((ended - kept).sum()), new=float(won[~is_old[~were]].sum()),
        reactivated=float(won[is_old[~were]].sum()), closing=float(closing.sum()),
        gross_retention=shares[0], net_retention=shares[1], gross_churn=shares[2], interval=interval,
    )  # fmt: skip


def _shares(
    begun: NDArray[np.float64], kept: NDArray[np.float64], ended: NDArray[np.float64], *, level: float, interval: str,
    seed: int,
) -> tuple[Share, Share, Share]:  # fmt: skip
    """Gross retention Σ min/Σ opening, net retention Σ closing/Σ opening, and what gross retention lacks of 1."""
    total = float(begun.sum())
    if total <= 0:
        nothing = Share(None, None, None)
        return nothing, nothing, nothing
    gross, net = float(kept.sum()) / total, float(ended.sum()) / total
    spans = _drawn if interval == "bootstrap" else _linear
    (low, high), (net_low, net_high) = spans(begun, kept, ended, level, seed)
    if low is None or high is None:
        return Share(gross, None, None), Share(net, net_low, net_high), Share(1 - gross, None, None)
    return Share(gross, low, high), Share(net, net_low, net_high), Share(1 - gross, 1 - high, 1 - low)


def _drawn(begun: Any, kept: Any, ended: Any, level: float, seed: int) -> Any:
    """Percentiles over accounts drawn again with replacement, the same seed giving the same interval."""
    count = len(begun)
    if count < 2:
        return (None, None), (None, None)
    rng = np.random.default_rng(seed)
    columns, sums = np.stack([begun, kept, ended]), []
    some = max(1, 2_000_000 // count)
    for first in range(0, DRAWS, some):
        rows = rng.integers(0, count, (min(some, DRAWS - first), count))
        sums.append(columns[:, rows].sum(axis=2))
    total, gross, net = np.concatenate(sums, axis=1)
    ends = [50 * (1 - level), 50 * (1 + level)]
    return tuple(tuple(float(end) for end in np.percentile(part / total, ends)) for part in (gross, net))


def _linear(begun: Any, kept: Any, ended: Any, level: float, seed: int) -> Any:
    """R ± z·sqrt(n/(n − 1)·Σ (y − R·x)²)/Σ x, the ratio's linearisation (Cochran 1977, §6.5); gross within 0..1."""
    count, total = len(begun), float(begun.sum())
    if count < 2:
        return (None, None), (None, None)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    spans = []
    for part in (kept, ended):
        ratio = float(part.sum()) / total
        reach = z * float(np.sqrt(count / (count - 1) * np.sum((part - ratio * begun) ** 2))) / total
        spans.append((ratio - reach, ratio + reach))
    (low, high), net = spans
    return (max(0.0, low), min(1.0, high)), (max(0.0, net[0]), net[1])
