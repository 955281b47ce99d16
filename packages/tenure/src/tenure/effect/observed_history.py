"""What each customer had done by any moment, from sorted facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.floats import one_chunk
from tenure.zones import DAY

_WAITS: Final = 7 * DAY  # after a week without an answer nobody counts as waiting


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Facts sorted by customer code and moment (µs UTC)."""

    codes: NDArray[np.int64]
    moments: NDArray[np.int64]

    @classmethod
    def of(cls, codes: NDArray[np.int64], moments: NDArray[np.int64]) -> History:
        order = np.lexsort((moments, codes))
        return cls(codes[order], moments[order])

    @property
    def last(self) -> int:
        """The last moment of all; 0 when there is none."""
        return int(self.moments.max()) if len(self.moments) else 0

    def until(self, codes: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many facts each had by that moment, itself included."""
        return self._reached(codes, at) - np.searchsorted(self.codes, codes, side="left")

    def between(
        self, codes: NDArray[np.int64], after: NDArray[np.int64], through: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """How many facts each had after one moment and through another."""
        return self._reached(codes, through) - self._reached(codes, after)

    def first(self, codes: NDArray[np.int64], *, otherwise: NDArray[np.int64]) -> NDArray[np.int64]:
        """The moment of each customer's first fact, or `otherwise`."""
        if not len(self.codes):
            return otherwise
        place = np.minimum(np.searchsorted(self.codes, codes, side="left"), len(self.codes) - 1)
        return np.where(self.codes[place] == codes, self.moments[place], otherwise)

    def _reached(self, codes: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many facts stand at or before (code, moment), by sorting the questions among the facts."""
        facts = len(self.codes)
        everything = np.concatenate([self.codes, codes])
        order = np.lexsort((np.r_[np.zeros(facts), np.ones(len(codes))], np.r_[self.moments, at], everything))
        passed = np.cumsum(order < facts)
        counts = np.empty(len(everything), np.int64)
        counts[order] = passed
        return counts[facts:]


def ids_of(values: Any, *, among: Any = None) -> tuple[Any, NDArray[np.int64]]:
    """The distinct customers as an Arrow array and each row's place in it; −1 for nobody or, given `among`, a stranger.

    Whole numbers and texts never mean the same customer.
    """
    import pyarrow as pa
    import pyarrow.compute as compute

    pc: Any = compute
    column = one_chunk(values)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column).cast(pa.int64())
    column = column.cast(pa.int64() if pa.types.is_integer(column.type) else pa.string())
    known = pc.drop_null(pc.unique(column)) if among is None else among
    if column.type != known.type:
        return known, np.full(len(column), -1, np.int64)
    return known, pc.fill_null(pc.index_in(column, value_set=known), -1).to_numpy(zero_copy_only=False).astype(np.int64)


def queue_at(moments: NDArray[np.int64], opened: NDArray[np.int64], answered: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many conversations opened before each moment were still unanswered, those up to a week old."""
    gone = np.sort(np.minimum(answered, opened + _WAITS))
    return np.searchsorted(np.sort(opened), moments, side="left") - np.searchsorted(gone, moments, side="left")
