"""From loose facts to customers: who is who, and each customer's distinct values in order."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure.sharing import even, share, threads

_FEW: Final = 20_000


def group(customers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct customers, ascending, and each fact's place among them."""
    if len(customers) < _FEW:
        return np.unique(customers, return_inverse=True)
    from tenure._kernels.grouping import codes_of

    codes = np.empty(len(customers), np.int64)
    people = codes_of(customers, codes, 14)
    order = np.argsort(people)
    place = np.empty(len(people), np.int64)
    place[order] = np.arange(len(people))
    return people[order], place[codes]


def distinct_per_customer(
    codes: NDArray[np.int64], values: NDArray[np.int32], *, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Offsets[count + 1] and the ascending distinct values of each code."""
    if len(values) < _FEW:
        return _distinct_of_few(codes, values, count=count)
    from tenure._kernels.grouping import gather_values

    starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=count))])
    gathered = np.empty(len(values), np.int32)
    gather_values(codes, values, starts[:-1].copy(), gathered)
    return _ordered(starts, gathered, low=int(values.min()), high=int(values.max()))


def distinct_in_runs(
    offsets: NDArray[np.int64], values: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The same where values lie together by customer already."""
    if not len(values):
        return offsets, values
    return _ordered(offsets, values.copy(), low=int(values.min()), high=int(values.max()))


def _ordered(
    starts: NDArray[np.int64], values: NDArray[np.int32], *, low: int, high: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    from tenure._kernels.grouping import close_up, order_values

    count = len(starts) - 1
    lengths, parts = np.zeros(count, np.int64), even(count, 4 * threads())
    share(lambda a, b: order_values(a, b, starts, values, low, high - low + 1, lengths), parts)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    out = np.empty(offsets[-1], np.int32)
    share(lambda a, b: close_up(a, b, starts, values, offsets, out), parts)
    return offsets, out


def _distinct_of_few(
    codes: NDArray[np.int64], values: NDArray[np.int32], *, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    low = int(values.min()) if len(values) else 0
    keys = np.unique((codes.astype(np.int64) << 32) | (values.astype(np.int64) - low))
    offsets = np.searchsorted(keys, np.arange(count + 1, dtype=np.int64) << 32).astype(np.int64)
    return offsets, ((keys & 0xFFFFFFFF) + low).astype(np.int32)
