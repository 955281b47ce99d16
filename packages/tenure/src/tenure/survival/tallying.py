"""The distinct durations in order, and how many ended and left at each: where a curve's time goes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_WHOLE_BELOW: Final = 1 << 16  # durations in whole units below this are tallied without sorting
MANY: Final = 100_000  # from here on a second thread is worth its while
_FEW: Final = 2_000
_PER_STRETCH: Final = 8
_LONG: Final = 32  # above this many in a stretch, putting them in order one by one would be slow


def tally(
    times: NDArray[np.float64], left: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct durations, how many were last seen at each, and how many of them left then."""
    from tenure._kernels.surviving import count_sorted, count_whole

    ended, lost = np.zeros((2, _WHOLE_BELOW), np.int64)
    if count_whole(times, left, ended, lost):
        some = np.flatnonzero(ended)
        return some.astype(np.float64), ended[some], lost[some]
    keys = _keys_by_stretch(times, left) if len(times) > _FEW else None
    if keys is None:
        keys = _keys_by_halves(times, left)
    ended, lost = np.empty((2, len(times)), np.int64)
    found = count_sorted(keys, ended, lost)
    return keys[:found].view(np.float64), ended[:found], lost[:found]


def _keys_by_stretch(times: NDArray[np.float64], left: NDArray[np.bool_]) -> NDArray[np.uint64] | None:
    """Durations with who left, in order: laid out by equal stretches of time first, where only neighbours are to swap.

    None where durations crowd in a few of the stretches (a long tail, or many ties), which a common sort does better.
    """
    from tenure._kernels.surviving import count_stretches, lay_out, settle
    from tenure.sharing import even, share, threads

    count = len(times) // _PER_STRETCH
    with np.errstate(over="ignore"):
        scale = count / times.max()
    if not np.isfinite(scale):
        return None
    sizes = np.zeros(count + 1, np.int64)
    count_stretches(times, scale, sizes)
    crowded = np.flatnonzero(sizes > _LONG)
    if sizes[crowded].sum() > len(times) // 8:
        return None
    ends = np.cumsum(sizes)
    keys, starts = np.empty(len(times), np.uint64), ends - sizes
    lay_out(times, left, scale, starts, keys)
    parts = even(count + 1, threads() if len(times) > MANY else 1)
    share(lambda first, last: settle(first, last, sizes, ends, _LONG, keys), parts)
    for place in crowded:
        keys[ends[place] - sizes[place] : ends[place]].sort()
    return keys


def _keys_by_halves(times: NDArray[np.float64], left: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Durations with who left, in order; of very many, two threads sort a half each."""
    from tenure._kernels.surviving import pack
    from tenure.sharing import share, threads

    keys, middle = np.empty(len(times), np.uint64), np.uint64(0)
    if len(times) > MANY and threads() > 1:
        middle = np.array([np.median(times[:: max(1, len(times) // 1_000)])]).view(np.uint64)[0] << np.uint64(1)
    low = pack(times, left, keys, middle)
    share(lambda a, b: keys[a:b].sort(), [(a, b) for a, b in ((0, low), (low, len(keys))) if b > a])
    return keys
