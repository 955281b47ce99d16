"""From loose facts to customers: who is who, and each customer's distinct values in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def group(customers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct customers, ascending, and each fact's place among them."""
    ids, codes = np.unique(customers, return_inverse=True)
    return ids, codes


def distinct_per_customer(
    codes: NDArray[np.int64], values: NDArray[np.int32], *, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Offsets[count + 1] and the ascending distinct values of each code."""
    low = int(values.min()) if len(values) else 0
    keys = np.unique((codes.astype(np.int64) << 32) | (values.astype(np.int64) - low))
    offsets = np.searchsorted(keys, np.arange(count + 1, dtype=np.int64) << 32).astype(np.int64)
    return offsets, ((keys & 0xFFFFFFFF) + low).astype(np.int32)


def smallest_per_customer(codes: NDArray[np.int64], values: NDArray[np.int64], *, count: int) -> NDArray[np.int64]:
    """The least value of each code; the largest int64 where a code has none."""
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, codes, values)
    return least
