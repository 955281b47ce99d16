"""When each customer was born, by the asked definition, and for how long each has been followed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.asking import Choices
from tenure.errors import BornMissing, NobodyBegan, TooManySegments
from tenure.following import Pieces, whole_pieces
from tenure.periods import ended_before, period_of

_MOST_SEGMENTS = 1_000
NEVER = np.iinfo(np.int64).max


def first_facts(
    codes: NDArray[np.int64], moments: NDArray[np.int64], chosen: NDArray[np.bool_] | None, *, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each code's earliest moment (NEVER where it has none) and the first fact that has it (-1)."""
    from tenure._kernels.firsts import first_facts as run

    least, place = np.full(count, NEVER), np.full(count, -1, np.int64)
    run(codes, moments, np.zeros(0, bool) if chosen is None else chosen, least, place)
    return least, place


def calendar_pieces(
    customer: NDArray[np.int64],
    birth_days: NDArray[np.integer],
    asked: Choices,
    *,
    as_of_day: int,
    segment: NDArray[np.int64] | None,
) -> Pieces:
    """One piece per birth: followed from the period after it to the last one that has ended."""
    shown = within(birth_days, asked) & (birth_days <= as_of_day)
    if not shown.any():
        raise NobodyBegan
    base = period_of(birth_days[shown], asked.period)
    limit = (ended_before(as_of_day, asked.period) - base).astype(np.int32)
    return whole_pieces(customer[shown], base, limit, segment=None if segment is None else segment[shown])


def within(days: NDArray[np.integer], asked: Choices) -> NDArray[np.bool_]:
    """Which birth days are from `since` on and before `until`."""
    shown = np.ones(len(days), bool)
    if asked.since is not None:
        shown &= days >= asked.since
    if asked.until is not None:
        shown &= days < asked.until
    return shown


def labelled(values: Any) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Labels as codes in sorted order, the unknown (null) last."""
    import pyarrow as pa

    from tenure.inputs import as_arrow

    column = as_arrow(values)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    if len(names) > _MOST_SEGMENTS:
        raise TooManySegments(count=f"{len(names):,}", most=f"{_MOST_SEGMENTS:,}")
    order = sorted(range(len(names)), key=lambda code: (str(type(names[code])), names[code]))
    place = np.empty(len(names) + 1, np.int64)
    place[order] = np.arange(len(names))
    place[-1] = len(names)
    codes = place[encoded.indices.fill_null(len(names)).to_numpy(zero_copy_only=False)]
    return codes, (*tuple(names[code] for code in order), None)


def needs_born(asked: Choices, born: Any) -> None:
    """Refuse a born cohort without the column."""
    if asked.cohort == "born_column" and born is None:
        raise BornMissing
