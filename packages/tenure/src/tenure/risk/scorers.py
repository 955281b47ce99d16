"""Fitted models as plain numbers: they score and explain without scikit-learn, and are stored as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.risk import _kernels
from tenure.risk.encoding import Encoding
from tenure.risk.errors import NotAModel
from tenure.risk.rows import Rows
from tenure.sharing import even, share, threads

_MOST_COLUMNS_OF_A_PATH: Final = 32
_ARRAYS: Final = {
    "roots": np.int64, "column": np.int64, "threshold": np.float64, "missing_left": np.bool_, "left": np.int64,
    "right": np.int64, "value": np.float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Log odds = base + weights · scaled columns. Contributions are relative to the average training customer."""

    name: str
    encoding: Encoding
    base: float
    weights: NDArray[np.float64]

    @property
    def relative_to(self) -> str:
        """What contributions are measured from."""
        return "the average of the training customers"

    def logit(self, rows: Rows) -> NDArray[np.float64]:
        """Uncalibrated log odds of leaving."""
        return self.base + self.encoding.scaled(rows) @ self.weights

    def usual_logit(self) -> float:
        """The log odds contributions start from."""
        return self.base

    def contributions(self, rows: Rows) -> NDArray[np.float64]:
        """float64[n, columns]; each row sums to its log odds minus `usual_logit`."""
        return self.encoding.summed(self.encoding.scaled(rows) * self.weights)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "kind": "linear",
            "name": self.name,
            "encoding": self.encoding.to_dict(),
            "base": self.base,
            "weights": self.weights.tolist(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Log odds = base + one leaf of every tree. Nodes of all trees in one table; column -1 marks a leaf.

    Contributions are exact Shapley values against one reference customer (the middle of every number, the most
    frequent of every word), found leaf by leaf: Lundberg et al. (2020), the interventional form.
    """

    name: str
    encoding: Encoding
    base: float
    roots: NDArray[np.int64]
    column: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]

    @property
    def relative_to(self) -> str:
        """What contributions are measured from."""
        return "a customer with the middle value of every number and the most frequent of every word"

    def logit(self, rows: Rows) -> NDArray[np.float64]:
        """Uncalibrated log odds of leaving."""
        return self.base + self._summed(self.encoding.plain(rows))

    def usual_logit(self) -> float:
        """The log odds contributions start from."""
        return self.base + float(self._summed(self.encoding.usual[None, :])[0])

    def contributions(self, rows: Rows) -> NDArray[np.float64]:
        """float64[n, columns]; each row sums to its log odds minus `usual_logit`."""
        design = self.encoding.plain(rows)
        out, usual, table = np.zeros(design.shape), self.encoding.usual, _shared()
        loop: Any = _kernels.tree_shares

        def work(first: int, last: int) -> None:
            loop(first, last, design, usual, self.roots, *self._nodes(), table, out)

        share(work, even(len(design), threads()))
        return self.encoding.summed(out)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        stored = {name: getattr(self, name).tolist() for name in _ARRAYS}
        return {
            "kind": "trees", "name": self.name, "encoding": self.encoding.to_dict(), "base": self.base, **stored,
        }  # fmt: skip

    def _summed(self, design: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.empty(len(design))
        loop: Any = _kernels.tree_values

        def work(first: int, last: int) -> None:
            loop(first, last, design, self.roots, *self._nodes(), out)

        share(work, even(len(design), threads()))
        return out

    def _nodes(self) -> tuple[NDArray[Any], ...]:
        return self.column, self.threshold, self.missing_left, self.left, self.right, self.value


Scorer = Linear | Trees


def scorer_from(stored: dict[str, Any]) -> Scorer:
    """Read what a scorer's `to_dict` wrote; raises NotAModel."""
    try:
        encoding = Encoding.from_dict(stored["encoding"])
        if stored["kind"] == "linear":
            return Linear(stored["name"], encoding, float(stored["base"]), np.array(stored["weights"], np.float64))
        arrays: dict[str, Any] = {name: np.array(stored[name], kind) for name, kind in _ARRAYS.items()}
        return Trees(stored["name"], encoding, float(stored["base"]), **arrays)
    except (KeyError, TypeError, ValueError) as refused:
        raise NotAModel(why=f"the numbers of the model cannot be read ({refused!r})") from refused


def _shared() -> NDArray[np.float64]:
    """a!b!/(a+b+1)! for all a and b that a path can have."""
    size = _MOST_COLUMNS_OF_A_PATH
    return np.array([[factorial(a) * factorial(b) / factorial(a + b + 1) for b in range(size)] for a in range(size)])
