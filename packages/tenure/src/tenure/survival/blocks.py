"""Times in strata as blocks, latest first: the steps in which the risk set grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_WHOLE_BELOW: Final = 1 << 13


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """time, stratum, deaths, sizes and opens per block. Few blocks: `block` is each row's, in the input's order.

    Many: rows are to be taken in `order`, and block b is rows starts[b]:starts[b + 1].
    """

    time: NDArray[np.float64]
    stratum: NDArray[np.int64]
    deaths: NDArray[np.int64]
    sizes: NDArray[np.int64]
    opens: NDArray[np.bool_]
    block: NDArray[np.int32] | None
    order: NDArray[np.int64] | None
    starts: NDArray[np.int64] | None


def blocks_of(
    times: NDArray[np.float64], left: NDArray[np.bool_], strata: NDArray[np.int64] | None, *, width: int, few: int
) -> Blocks:
    """Tally where there are few different times (whole months, say), else sort."""
    codes, spread = _whole(times, strata)
    if codes is not None:
        used = np.flatnonzero(np.bincount(codes, minlength=spread))
        if len(used) * width <= few:
            return _tallied(times, left, codes, used, spread)
    return _sorted(times, left, strata)


def _whole(times: NDArray[np.float64], strata: NDArray[np.int64] | None) -> tuple[NDArray[np.int64] | None, int]:
    """A whole number per (stratum, time), latest time first; None where durations are not small whole numbers."""
    top = float(times.max())
    if top >= _WHOLE_BELOW:
        return None, 0
    whole = times.astype(np.int64)
    if not np.array_equal(whole, times):
        return None, 0
    most = int(top) + 1
    codes = most - 1 - whole
    count = 1 if strata is None else int(strata.max()) + 1
    return (codes if strata is None else strata * most + codes), most * count


def _tallied(
    times: NDArray[np.float64],
    left: NDArray[np.bool_],
    codes: NDArray[np.int64],
    used: NDArray[np.int64],
    spread: int,
) -> Blocks:
    place = np.zeros(spread, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    block = place[codes]
    sizes = np.bincount(block, minlength=len(used)).astype(np.int64)
    deaths = np.bincount(block[left], minlength=len(used)).astype(np.int64)
    most = int(times.max()) + 1
    stratum = used // most
    opens = np.r_[True, stratum[1:] != stratum[:-1]]
    return Blocks((most - 1 - used % most).astype(float), stratum, deaths, sizes, opens, block, None, None)


def _sorted(times: NDArray[np.float64], left: NDArray[np.bool_], strata: NDArray[np.int64] | None) -> Blocks:
    order = np.argsort(-times, kind="stable")
    if strata is not None:
        order = order[np.argsort(strata[order], kind="stable")]
    time = times[order]
    layer = np.zeros(len(time), np.int64) if strata is None else strata[order]
    begins = np.r_[True, (time[1:] != time[:-1]) | (layer[1:] != layer[:-1])]
    starts = np.r_[np.flatnonzero(begins), len(time)].astype(np.int64)
    deaths = np.add.reduceat(left[order].astype(np.int64), starts[:-1])
    stratum = layer[starts[:-1]]
    opens = np.r_[True, stratum[1:] != stratum[:-1]]
    return Blocks(time[starts[:-1]], stratum, deaths, np.diff(starts), opens, None, order, starts)
