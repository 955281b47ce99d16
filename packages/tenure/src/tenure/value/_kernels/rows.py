"""Equal rows counted once."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenure.compiling import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_LOOKED_AT = 65_536


@njit(cache=True, nogil=True)
def count_rows(a: Any, b: Any, c: Any, weight: Any, table: Any, place: Any, counts: Any) -> int:
    """Count distinct rows (a, b, c) by their bits: `place[g]` is the first row of group g, `counts[g]` its weight.

    `table` is a power of two of −1s, twice as long as the rows. Gives up with −1 when two thirds of the first
    rows are all different: then nothing would be won.
    """
    mask = np.uint64(len(table) - 1)
    groups = 0
    for i in range(len(a)):
        key = (np.uint64(a[i]) * GOLDEN) ^ np.uint64(b[i])
        key = (key ^ (key >> np.uint64(29))) * GOLDEN ^ np.uint64(c[i])
        key = (key ^ (key >> np.uint64(32))) * GOLDEN
        slot = (key ^ (key >> np.uint64(31))) & mask
        while True:
            g = table[slot]
            if g < 0:
                table[slot] = groups
                place[groups] = i
                counts[groups] = weight[i] if len(weight) else 1
                groups += 1
                break
            j = place[g]
            if a[j] == a[i] and b[j] == b[i] and c[j] == c[i]:
                counts[g] += weight[i] if len(weight) else 1
                break
            slot = (slot + np.uint64(1)) & mask
        if i == _LOOKED_AT and 3 * groups > 2 * _LOOKED_AT:
            return -1
    return groups
