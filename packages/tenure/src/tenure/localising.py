"""The local day of each moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenure import zones


def local_days(moments: NDArray[np.int64], *, zone: str) -> NDArray[np.int32]:
    """Days since 1970-01-01 on the clocks of `zone`, for moments in µs UTC."""
    if not len(moments):
        return np.zeros(0, np.int32)
    table = zones.zone(zone, first=int(moments.min()), last=int(moments.max()))
    return ((moments + table.offset_at(moments)) // zones.DAY).astype(np.int32)
