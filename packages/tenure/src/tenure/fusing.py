"""The straight way from facts to counts: no sorting, no list of days, for the plainest question at short horizons."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tenure import planes
from tenure.partitions import bits_for, looks_sorted, numbered, partitioned
from tenure.planes import LONGEST, Masks

_FEWEST: Final = 200_000


def masks_of(
    customers: NDArray[np.int64],
    moments: NDArray[np.int64],
    *,
    first: int,
    last: int,
    zone: str,
    period: str,
    horizon: int,
) -> Masks | None:
    """Each customer's mask, straight from facts in any order; None where the general way must be taken.

    That is: few facts (not worth the compiled way), more periods than a word holds, dates that go to and fro
    within hours, or facts spread over more than 16,384 periods.
    """
    if len(customers) < _FEWEST:
        return None
    table = numbered(zone, period, first=first, last=last)
    if table is None or min(horizon, table[2] - 1) > LONGEST:
        return None
    if looks_sorted(customers):
        return planes.masks_of_runs(customers, moments, table[0], table[1])
    bits = bits_for(len(customers), span=table[2])
    if bits is None:
        return None
    return planes.masks_of_parts(partitioned(customers, moments, table[0], table[1], span=table[2], bits=bits))
