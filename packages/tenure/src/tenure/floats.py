"""Arrow columns of numbers as arrays; what is no number is refused by its row, in the caller's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.errors import TenureError

Refusal = Callable[[int, Any], TenureError]  # of a row, counted from 1, and what stands there


def one_chunk(values: Any) -> Any:
    """An Arrow array in one piece."""
    import pyarrow as pa

    from tenure.inputs import as_arrow

    column = as_arrow(values)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def floats_of(column: Any, *, refusal: Refusal) -> NDArray[np.float64]:
    """NaN where there is none; infinities are let through. The array is the caller's own."""
    import pyarrow as pa

    try:
        return np.array(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    except pa.ArrowException as refused:
        row, value = next(((i, v) for i, v in enumerate(column.to_pylist()) if not _is_number(v)), (0, None))
        raise refusal(row + 1, value) from refused


def finite_floats_of(column: Any, *, refusal: Refusal) -> NDArray[np.float64]:
    """The same; infinities are refused as well."""
    numbers = floats_of(column, refusal=refusal)
    endless = np.flatnonzero(np.isinf(numbers))
    if len(endless):
        raise refusal(int(endless[0]) + 1, float(numbers[endless[0]]))
    return numbers


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return value is None
    return True
