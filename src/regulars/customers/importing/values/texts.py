"""Text cells, names of customers and orders, and spreading what was found once to every row it belongs to."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.kernel.arrow import pc

# What tables write where they have nothing.
_NOTHING = ("", "nan", "null", "none", "n/a", "na", "-", "\\n", "#n/a", "nil")


def text(column: pa.Array) -> pa.Array:
    """Trimmed text; empty cells are null."""
    trimmed = pc.utf8_trim_whitespace(as_text(column))
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def identifier(column: pa.Array) -> pa.Array:
    """What something is called, as text: `17850.0`, which is what a table makes of a number with gaps, is `17850`."""
    found = text(column)
    found = pc.if_else(pc.is_in(pc.utf8_lower(found), pa.array(_NOTHING)), None, found)
    return pc.replace_substring_regex(found, r"^(-?\d+)\.0+$", r"\1") if _has_text(column, ".0") else found


def as_text(column: pa.Array) -> pa.Array:
    """Any column as text; whole floats lose their `.0`, times are ISO."""
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_floating(kind):
        return _floats_as_text(column)
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "true", "false").cast(pa.string())
    return column.cast(pa.string())


def _floats_as_text(column: pa.Array) -> pa.Array:
    finite = pc.if_else(pc.is_finite(column), column, None)
    numbers = np.asarray(pc.fill_null(finite, 0.0))
    if bool(np.all((numbers == np.floor(numbers)) & (np.abs(numbers) < 1e15))):
        return pc.cast(finite, pa.int64()).cast(pa.string())
    return per_unique(finite, lambda number: f"{number:.15g}" if number is not None else None, pa.string())


def per_unique(column: pa.Array, convert: Callable[..., Any], kind: pa.DataType) -> pa.Array:
    """Convert each different value once; null stays null."""
    encoded = column.dictionary_encode()
    values = [convert(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(values, kind).take(encoded.indices)


def is_null(column: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(column.is_null())


def true_where(condition: pa.Array) -> NDArray[np.bool_]:
    """A condition as a mask; where it is unknown it does not hold."""
    return np.asarray(pc.fill_null(condition, False))


def _has_text(column: pa.Array, part: str) -> bool:
    return pa.types.is_string(column.type) and bool(pc.any(pc.match_substring(column, part)).as_py())
