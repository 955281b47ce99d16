"""Columns of a trial as arrays: labels as codes, outcomes as numbers, moments as microseconds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.clocks import read_times
from tenure.conditions import column_of
from tenure.effect.errors import OutcomeUnreadable
from tenure.floats import finite_floats_of, one_chunk


def values_of(frame: Any, given: Any) -> Any:
    """The column of that name, or the array as it was given."""
    return column_of(frame, given) if frame is not None and isinstance(given, str) else given


def name_of(given: Any, otherwise: str) -> str:
    return given if isinstance(given, str) else otherwise


def coded(values: Any) -> tuple[NDArray[np.int64], list[Any]]:
    """Each row's code into the labels, in order of first appearance; −1 where there is none."""
    import pyarrow as pa
    import pyarrow.compute as compute

    pc: Any = compute
    column = one_chunk(values)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, encoded.dictionary.to_pylist()


def numbers(values: Any, *, column: str) -> NDArray[np.float64]:
    """Numbers, with NaN where there is none; truth is 1 and 0; a word or an infinity is refused by its row."""
    import pyarrow as pa

    found = one_chunk(values)
    found = found.cast(pa.uint8()) if pa.types.is_boolean(found.type) else found
    return finite_floats_of(found, refusal=lambda row, value: OutcomeUnreadable(row=row, column=column, value=value))


def moments(values: Any, *, zone: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """UTC microseconds, and which rows have a time."""
    read = read_times(values, zone=zone)
    known = np.ones(len(read.moments), bool) if read.missing is None else ~read.missing
    return read.moments, known
