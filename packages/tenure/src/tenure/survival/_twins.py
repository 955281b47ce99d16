"""The slow, obvious twins of what is compiled for survival: the definitions word for word, one customer at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def log_likelihood(
    x: Vector, times: Sequence[float], left: Sequence[bool], beta: Vector, *, efron: bool, strata: Sequence[int]
) -> float:
    """Σ over departures of βᵀx less the log of each one's denominator."""
    total = 0.0
    for stratum in sorted(set(strata)):
        inside = [i for i in range(len(times)) if strata[i] == stratum]
        for time in sorted({times[i] for i in inside if left[i]}):
            leavers = [i for i in inside if times[i] == time and left[i]]
            at_risk = sum(float(np.exp(x[i] @ beta)) for i in inside if times[i] >= time)
            theirs = sum(float(np.exp(x[i] @ beta)) for i in leavers)
            for turn, i in enumerate(leavers):
                taken = turn / len(leavers) * theirs if efron else 0.0
                total += float(x[i] @ beta) - float(np.log(at_risk - taken))
    return total


def slope(function: Callable[[Vector], Any], at: Vector, *, step: float = 1e-5) -> Vector:
    """The gradient by differences on both sides."""
    sides = [(at + step * unit, at - step * unit) for unit in np.eye(len(at))]
    return np.array([(function(up) - function(down)) / (2 * step) for up, down in sides])


def concordance(predicted: Sequence[float], times: Sequence[float], left: Sequence[bool]) -> tuple[int, int, int]:
    """Pairs in agreement, tied in prediction, and comparable, by looking at every pair."""
    agree = tied = pairs = 0
    for i in range(len(times)):
        for j in range(len(times)):
            is_first = left[i] and (times[i] < times[j] or (times[i] == times[j] and not left[j] and i != j))
            if is_first:
                pairs += 1
                agree += predicted[i] > predicted[j]
                tied += predicted[i] == predicted[j]
    return agree, tied, pairs


def log_rank(times: Sequence[float], left: Sequence[bool], group: Sequence[int]) -> tuple[Vector, Vector]:
    """Σ (observed − expected) by group, and its hypergeometric covariance."""
    groups = sorted(set(group))
    score, spread = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for time in sorted({t for t, gone in zip(times, left, strict=True) if gone}):
        n = sum(t >= time for t in times)
        d = sum(t == time and gone for t, gone in zip(times, left, strict=True))
        share = np.array([sum(t >= time and g == k for t, g in zip(times, group, strict=True)) / n for k in groups])
        seen = [
            sum(t == time and gone and g == k for t, gone, g in zip(times, left, group, strict=True)) for k in groups
        ]
        score += np.array(seen) - d * share
        if n > 1:
            spread += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    return score, spread


def area(times: Sequence[float], left: Sequence[bool], limit: float) -> float:
    """The area under the product-limit curve from 0 to `limit`, step by step."""
    steps, alive = [(0.0, 1.0)], 1.0
    for time in sorted(set(times)):
        at_risk = sum(t >= time for t in times)
        alive *= 1 - sum(t == time and gone for t, gone in zip(times, left, strict=True)) / at_risk
        if time < limit:
            steps.append((time, alive))
    return sum((b[0] - a[0]) * a[1] for a, b in pairwise([*steps, (limit, 0.0)]))
