"""From a model's log odds to a probability that means what it says, learnt on a slice of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.risk.measures import logits, recalibration, sigmoid

Method = Literal["platt", "isotonic"]


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Platt: probability = sigmoid(intercept + slope · log odds). Isotonic: steps joined by lines, never falling."""

    method: Method
    slope: float
    intercept: float
    points: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())

    def probability(self, logit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated probability of each log odds."""
        if self.method == "platt":
            return sigmoid(self.intercept + self.slope * logit)
        return np.interp(sigmoid(logit), self.points[0], self.points[1])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        points = [list(part) for part in self.points]
        return {"method": self.method, "slope": self.slope, "intercept": self.intercept, "points": points}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Calibration:
        """Read what `to_dict` wrote."""
        x, y = (tuple(part) for part in stored["points"])
        return cls(stored["method"], stored["slope"], stored["intercept"], (x, y))


def calibrate(left: NDArray[np.bool_], logit: NDArray[np.float64], *, method: Method) -> Calibration:
    """Platt (1999) by maximum likelihood, or isotonic regression by pooling adjacent violators (Ayer et al. 1955)."""
    if method == "isotonic":
        return Calibration("isotonic", 1.0, 0.0, _isotonic(left, sigmoid(logit)))
    if np.ptp(logit) < 1e-9:
        base = float(logits(np.array([left.mean()]))[0])
        return Calibration("platt", 1.0, base - float(logit[0]))
    slope, intercept, _ = recalibration(left, logit)
    return Calibration("platt", slope, intercept)


def _isotonic(left: NDArray[np.bool_], score: NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Blocks of equal probability as (score, probability) corners; one leaver is never quite certain."""
    from scipy.optimize import isotonic_regression

    distinct, codes, counts = np.unique(score, return_inverse=True, return_counts=True)
    mean = np.bincount(codes, weights=left) / counts
    fitted = np.asarray(isotonic_regression(mean, weights=counts.astype(np.float64)).x)
    corner = np.r_[True, (fitted[1:-1] != fitted[:-2]) | (fitted[1:-1] != fitted[2:]), True][: len(fitted)]
    floor = 0.5 / len(left)
    kept = np.clip(fitted[corner], floor, 1 - floor)
    return tuple(distinct[corner].tolist()), tuple(kept.tolist())
