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
    return _tallied(times, left, strata, most=few // width) or _sorted(times, left, strata)


def _tallied(
    times: NDArray[np.float64], left: NDArray[np.bool_], strata: NDArray[np.int64] | None, *, most: int
) -> Blocks | None:
    """Blocks without sorting; None where durations are not small whole numbers, or too many."""
    from tenure._kernels.proportional import code_whole, renumber

    top = float(times.max())
    if top >= _WHOLE_BELOW:
        return None
    span = int(top) + 1
    layers = np.zeros(0, np.int64) if strata is None else strata
    count = span * (1 if strata is None else int(strata.max()) + 1)
    codes, sizes = np.empty(len(times), np.int32), np.zeros(count, np.int64)
    if not code_whole(times, span, layers, codes, sizes):
        return None
    used = np.flatnonzero(sizes)
    if len(used) > most:
        return None
    place = np.zeros(count, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    deaths = np.zeros(len(used), np.int64)
    renumber(codes, place, left, deaths)
    stratum = used // span
    opens = np.r_[True, stratum[1:] != stratum[:-1]]
    return Blocks((span - 1 - used % span).astype(float), stratum, deaths, sizes[used], opens, codes, None, None)


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
