"""Reading one column of a table: numbers, or words with few different values."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.inputs import as_arrow
from tenure.risk.errors import Infinite
from tenure.risk.rows import MISSING, Column

MOST_LEVELS: Final = 50
_DAY: Final = 86_400_000_000
_MOSTLY: Final = 0.95


def read_column(values: Any, *, name: str, is_known: bool = False) -> tuple[Column | None, str | None]:
    """The column, or None and the reason why it is left out; a note also where something had to be read into it.

    Words that are nearly all numbers are numbers (an empty word is not known); dates are days since 1970. More than
    50 different words name customers rather than describe them, and are left out. With `is_known` nothing is left out:
    a model has learnt the column, and an empty one is not known in every row.
    """
    import pyarrow as pa

    column = as_arrow(values)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = column.type
    if pa.types.is_boolean(kind):
        column, kind = column.cast(pa.int8()), pa.int8()
    if pa.types.is_temporal(kind) and not pa.types.is_duration(kind):
        return _numbers(_days(column), name=name), None
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        floats = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
        read = _numbers(floats, name=name)
        return (read, None) if is_known else _counted_rows(read)
    if pa.types.is_null(kind):
        nothing = Column(name, np.full(len(column), np.nan))
        return (nothing, None) if is_known else (None, f"“{name}” is empty and was left out.")
    return _words(column, name=name, most=None if is_known else MOST_LEVELS)


def _days(column: Any) -> NDArray[np.float64]:
    import pyarrow as pa

    moments = column.cast(pa.timestamp("us"), safe=False) if not pa.types.is_time(column.type) else column
    missing = moments.is_null().to_numpy(zero_copy_only=False)
    whole = moments.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return np.where(missing, np.nan, whole / _DAY)


def _numbers(floats: NDArray[np.float64], *, name: str) -> Column:
    endless = np.flatnonzero(np.isinf(floats))
    if len(endless):
        raise Infinite(row=int(endless[0]) + 1, column=name)
    return Column(name, floats)


def _counted_rows(column: Column) -> tuple[Column | None, str | None]:
    """Row numbers are no attribute: left out with a note."""
    values = column.values
    if len(values) > 20 and (np.diff(values) == 1).all():
        return None, f"“{column.name}” only counts the rows and was left out."
    return column, None


def _words(column: Any, *, name: str, most: int | None) -> tuple[Column | None, str | None]:
    import pyarrow as pa

    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [None if word is None else str(word).strip() for word in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int64)
    numbers = [_number(word) for word in words]
    empty = np.array([not word for word in words] + [True])
    read = np.array([number is not None for number in numbers] + [False])
    said = ~empty[codes]
    if said.any() and read[codes][said].mean() > _MOSTLY and sum(read) > 2:
        table = np.array([np.nan if number is None else number for number in numbers] + [np.nan])
        lost = int((said & ~read[codes]).sum())
        note = f"“{name}” was read as numbers; {lost:,} words in it count as not known." if lost else None
        return _numbers(table[codes], name=name), note
    levels = sorted({word for word in words if word})
    if most is not None and len(levels) > most:
        return None, f"“{name}” has {len(levels):,} different values, which name rather than describe; left out."
    place = {word: code for code, word in enumerate(levels)}
    table = np.array([place.get(word or "", MISSING) for word in words] + [MISSING], np.int64)
    return Column(name, table[codes], tuple(levels)), None


def _number(word: str | None) -> float | None:
    try:
        return float(word) if word else None
    except ValueError:
        return None
