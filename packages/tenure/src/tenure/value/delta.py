"""The delta method: how far figures move when the parameters move within what the data leave open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_STEP: Final = 1e-3  # in standard errors, but no more than this in a log parameter either
_MOST: Final = 600.0

Floats = NDArray[np.float64]
Blocks = Sequence[tuple[Floats, Floats]]  # estimates[k] and the covariance[k, k] of their logarithms, independent
Figures = Callable[[list[Floats]], dict[str, Floats]]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A figure per customer with its standard error on the scale of its interval, and the same of their sum."""

    value: Floats
    spread: Floats
    total: float
    total_spread: float
    scale: str

    def ends(self, level: float) -> tuple[Floats, Floats]:
        return ends_of(self.value, self.spread, level=level, scale=self.scale)

    def total_ends(self, level: float) -> tuple[float, float]:
        low, high = ends_of(np.array([self.total]), np.array([self.total_spread]), level=level, scale="log")
        return float(low[0]), float(high[0])


def known(figures: Figures, blocks: Blocks, *, scales: dict[str, str], weight: Any = None) -> dict[str, Known]:
    """Each figure with its standard error: central differences along the axes of the parameters' covariance."""
    centre = figures([theta for theta, _ in blocks])
    moved = {name: scaled(values, scales[name]) for name, values in centre.items()}
    variance = {name: np.zeros_like(values) for name, values in moved.items()}
    of_total = dict.fromkeys(centre, 0.0)
    for place, (_, covariance) in enumerate(blocks):
        for axis in _axes(covariance):
            step = min(_STEP, _STEP / float(np.abs(axis).max()))
            up, down = (
                figures([t * np.exp(side * step * axis) if i == place else t for i, (t, _) in enumerate(blocks)])
                for side in (1, -1)
            )
            for name in centre:
                slope = (scaled(up[name], scales[name]) - scaled(down[name], scales[name])) / (2 * step)
                variance[name] = variance[name] + slope * slope
                of_total[name] += ((_sum(up[name], weight) - _sum(down[name], weight)) / (2 * step)) ** 2
    return {
        name: Known(values, np.sqrt(variance[name]), *_total(values, weight, of_total[name]), scales[name])
        for name, values in centre.items()
    }


def scaled(values: Any, scale: str) -> Floats:
    """The logarithm or the log-odds; ends that cannot move (0, or 0 and 1) become 0."""
    values = np.asarray(values, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.log(values) if scale == "log" else np.log(values / (1 - values))
    return np.where(np.isfinite(moved), moved, 0.0)


def ends_of(value: Any, spread: Any, *, level: float, scale: str) -> tuple[Floats, Floats]:
    """Both ends of an interval made on the log or logit scale and taken back; a figure at a bound stays there."""
    reach = np.exp(np.minimum(z_of(level) * np.asarray(spread), _MOST))
    if scale == "log":
        return value / reach, value * reach
    inside = (value > 0) & (value < 1)
    odds = np.where(inside, value, 0.5) / np.where(inside, 1 - value, 0.5)
    low, high = odds / reach, odds * reach
    return np.where(inside, low / (1 + low), value), np.where(inside, high / (1 + high), value)


def z_of(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)


def _axes(covariance: Floats) -> list[Floats]:
    """Directions in the log parameters, one standard error long each and independent of one another."""
    values, vectors = np.linalg.eigh(covariance)
    worth_it = values > 1e-14 * max(float(values.max()), 1e-300)
    return [np.sqrt(v) * vectors[:, i] for i, v in enumerate(values) if worth_it[i]]


def _sum(values: Floats, weight: Any) -> float:
    return float(values.sum() if weight is None else values @ weight)


def _total(values: Floats, weight: Any, variance: float) -> tuple[float, float]:
    total = _sum(values, weight)
    return total, float(np.sqrt(variance) / total) if total > 0 else 0.0
