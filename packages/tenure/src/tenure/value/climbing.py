"""Finding the top of a likelihood: damped Newton steps in the logarithms of the parameters, from several starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure.value.counting import Rows
from tenure.value.errors import DidNotSettle

Evaluate = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64], NDArray[np.float64]]]

LOW, HIGH = -14.0, 12.0  # the box of the logarithms, in the rescaled unit of time
_MANY: Final = 50_000  # rows beyond which the starting points are tried on a part
_PART: Final = 20_000
_TRIED: Final = 5_000  # rows that say which of the starting points are promising, where there are many
_SAY: Final = 250  # and where there are few
_SAME: Final = 0.05  # how near to a known top Newton's steps can only end on it
_STEPS: Final = 200
_LONGEST: Final = 2.0
_TOUCHES: Final = 1e-9
_NOTHING: Final = 1e-2  # log-likelihood that no statistician would miss, where rounding lets no step climb
_SETTLED: Final = 1e-9  # how much log-likelihood the next step could still win


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """Where a climb ended: log parameters[k], the log-likelihood, its Hessian there, and which are at an edge."""

    at: NDArray[np.float64]
    value: float
    hessian: NDArray[np.float64]
    at_edge: NDArray[np.bool_]
    steps: int
    settled: bool

    def covariance(self) -> NDArray[np.float64]:
        """The inverse of the observed information of the log parameters; 0 for those at an edge.

        Directions in which the likelihood is flat to rounding get the variance of the flattest that is not.
        """
        k = len(self.at)
        cov = np.zeros((k, k))
        free = np.flatnonzero(~self.at_edge)
        if len(free):
            values, vectors = np.linalg.eigh(-self.hessian[np.ix_(free, free)])
            floor = max(float(values.max()) * 1e-14, 1e-12)
            cov[np.ix_(free, free)] = (vectors / np.maximum(values, floor)) @ vectors.T
        return cov


def peak_of(
    rows: Rows,
    likelihood: Callable[[Rows, NDArray[np.float64]], tuple[float, NDArray[np.float64], NDArray[np.float64]]],
    starts: Callable[[Rows], Sequence[NDArray[np.float64]]],
    *,
    model: str,
) -> Peak:
    """The top of a likelihood over rows; of many rows, the starting points are tried on a random part of them."""
    part = rows.some(_PART) if len(rows) > _MANY else rows
    if part is not rows:
        few = part.some(_TRIED)
        promising = _best(lambda theta: likelihood(few, theta), starts(part), count=2)
        first = best_climb(lambda theta: likelihood(part, theta), promising, model=model)
        peak = climb(lambda theta: likelihood(rows, theta), np.exp(first.at))
        if peak.settled:
            return peak
    elif len(rows) > _SAY:
        few = rows.some(_SAY)
        promising = _best(lambda theta: likelihood(few, theta), starts(rows), count=2)
        with suppress(DidNotSettle):
            return best_climb(lambda theta: likelihood(rows, theta), promising, model=model)
    return best_climb(lambda theta: likelihood(rows, theta), starts(rows), model=model)


def best_climb(evaluate: Evaluate, starts: Sequence[NDArray[np.float64]], *, model: str, climbs: int = 2) -> Peak:
    """The highest of several climbs, from the most promising of the starts (natural parameters, all above 0)."""
    tried = _best(evaluate, starts, count=climbs)
    peaks: list[Peak] = []
    for start in tried:
        peaks.append(climb(evaluate, start, known=peaks[0] if peaks and peaks[0].settled else None))
    settled = [peak for peak in peaks if peak.settled]
    if not settled:
        raise DidNotSettle(model=model, steps=max(peak.steps for peak in peaks), starts=len(tried))
    return max(settled, key=lambda peak: peak.value)


def _best(evaluate: Evaluate, starts: Sequence[NDArray[np.float64]], *, count: int) -> Sequence[NDArray[np.float64]]:
    """The most promising of the starts."""
    if len(starts) <= count:
        return starts
    return sorted(starts, key=lambda start: -_finite(evaluate(start)[0]))[:count]


def climb(evaluate: Evaluate, start: NDArray[np.float64], *, known: Peak | None = None) -> Peak:
    """Newton's steps, each lengthened or bent until it climbs; bounded in number, inside the box.

    A climb that comes close under a known top, well inside the box, ends there: it is the same one.
    """
    at = np.clip(np.log(start), LOW, HIGH)
    value, slope, curve = _in_logs(evaluate, at)
    if not np.isfinite(value):
        return Peak(at, value, curve, np.zeros(len(at), bool), 0, settled=False)
    for step in range(1, _STEPS + 1):
        at_low, at_high = at <= LOW + _TOUCHES, at >= HIGH - _TOUCHES
        at_edge = (at_low & (slope < 0)) | (at_high & (slope > 0))
        move, gain = _direction(slope, curve, ~at_edge)
        while (out := ~at_edge & ((at_low & (move < 0)) | (at_high & (move > 0)))).any():
            at_edge |= out  # along a ridge that leaves the box
            move, gain = _direction(slope, curve, ~at_edge)
        if gain < _SETTLED + 1e-14 * abs(value):
            return Peak(at, value, curve, at_edge, step, settled=True)
        if known is not None and _is_under(known, at, value, gain):
            return known
        found = _along(evaluate, at, value, slope, move)
        if found is None:  # no step climbs any more: the rest is rounding
            return Peak(at, value, curve, at_edge, step, settled=gain < _NOTHING + 1e-9 * abs(value))
        at, value, slope, curve = found
    return Peak(at, value, curve, np.zeros(len(at), bool), _STEPS, settled=False)


def _is_under(known: Peak, at: NDArray[np.float64], value: float, gain: float) -> bool:
    """Whether what is left to climb is what the known top is higher by, and it is near."""
    if known.at_edge.any() or float(np.abs(at - known.at).max()) > _SAME:
        return False
    return abs(known.value - value - gain) < 0.1 * gain


def _direction(
    slope: NDArray[np.float64], curve: NDArray[np.float64], free: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """The Newton step with every curvature made to bend down, and what a quadratic would win by it."""
    move = np.zeros(len(slope))
    if not free.any():
        return move, 0.0
    values, vectors = np.linalg.eigh(-curve[np.ix_(free, free)])
    size = np.abs(values)
    size = np.maximum(size, max(1e-10 * float(size.max()), 1e-12))
    along = vectors.T @ slope[free]
    move[free] = vectors @ (along / size)
    gain = float(along @ (along / size)) / 2
    longest = float(np.abs(move).max())
    if longest > _LONGEST:
        move *= _LONGEST / longest
    return move, gain


def _along(
    evaluate: Evaluate, at: NDArray[np.float64], value: float, slope: NDArray[np.float64], move: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, NDArray[np.float64], NDArray[np.float64]] | None:
    share = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(move > 0, (HIGH - at) / move, np.where(move < 0, (LOW - at) / move, np.inf))
    move = move * min(1.0, float(room.min()))  # to the first edge and no farther: a step cut in one part is no ascent
    for _ in range(40):
        there = np.clip(at + share * move, LOW, HIGH)
        higher, slope_there, curve = _in_logs(evaluate, there)
        if np.isfinite(higher) and higher > value + 1e-4 * min(float(slope @ (there - at)), abs(value)) * (share < 1):
            return there, higher, slope_there, curve
        share /= 2 if share > 0.1 else 4
    return None


def _in_logs(evaluate: Evaluate, at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """By the chain rule: ∂/∂log θ = θ ∂/∂θ, and the second derivatives with it."""
    theta = np.exp(at)
    value, gradient, hessian = evaluate(theta)
    slope = theta * gradient
    return value, slope, hessian * np.outer(theta, theta) + np.diag(slope)


def _finite(value: float) -> float:
    return value if np.isfinite(value) else -np.inf
