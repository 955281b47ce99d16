"""Chebyshev series per distinct frequency, evaluated for every customer."""

from __future__ import annotations

import math
from typing import Any

from tenure.compiling import njit


@njit(cache=True, nogil=True)
def fill_series(
    begin: int, end: int, level: Any, age: Any, shift: float, middle: float, half: float, table: Any, out: Any
) -> None:
    """out[i] = Σ_k table[level[i], k] T_k(v), v = (log(shift + age[i]) − middle)/half, by Clenshaw's recurrence."""
    terms = table.shape[1]
    for i in range(begin, end):
        v = (math.log(shift + age[i]) - middle) / half
        row = table[level[i]]
        b1 = b2 = 0.0
        for k in range(terms - 1, 0, -1):
            b1, b2 = 2 * v * b1 - b2 + row[k], b1
        out[i] = v * b1 - b2 + row[0]
