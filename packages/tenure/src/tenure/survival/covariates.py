"""Columns made into numbers: what a fit was told about each customer, and the same again for new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.conditions import column_of
from tenure.floats import floats_of, one_chunk
from tenure.inputs import as_frame
from tenure.survival.errors import NewValue, NotANumber, NothingToFit, SameForAll, TooManyValues
from tenure.survival.followed import plain_floats

_MOST_VALUES: Final = 50


@dataclass(frozen=True, slots=True)
class Source:
    """One column of the input: a number (values None), or one of several texts, the first of which is the base."""

    column: str
    values: tuple[str, ...] | None

    @property
    def names(self) -> tuple[str, ...]:
        """What the fit calls the numbers made from it."""
        if self.values is None:
            return (self.column,)
        return tuple(f"{self.column}[{value}]" for value in self.values[1:])


@dataclass(frozen=True, slots=True)
class Design:
    """How columns become numbers, frozen so that predictions read new customers as the fit read the old ones."""

    sources: tuple[Source, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """A name per number."""
        return tuple(name for source in self.sources for name in source.names)

    def numbers(self, frame: Any) -> tuple[list[NDArray[np.float64]], NDArray[np.bool_] | None]:
        """A float column per name, and which rows lack something (None: none do)."""
        columns: list[NDArray[np.float64]] = []
        missing: NDArray[np.bool_] | None = None
        for source in self.sources:
            found, lacking = _numbers(source, column_of(frame, source.column))
            columns += found
            if lacking is not None:
                missing = lacking if missing is None else missing | lacking
        return columns, missing


def design_of(frame: Any, wanted: Iterable[str]) -> Design:
    """Decide how each wanted column is read: texts by value (sorted, the first is the base), the rest as numbers."""
    sources = tuple(_source(name, column_of(frame, name)) for name in wanted)
    if not sources:
        raise NothingToFit
    return Design(sources)


def frame_of(covariates: Any) -> Any:
    """Covariates handed over by themselves: a mapping or frame of columns, or a matrix, whose columns become x1, x2…"""
    if covariates is None or isinstance(covariates, str):
        raise NothingToFit
    if isinstance(covariates, np.ndarray):
        columns = covariates[:, None] if covariates.ndim == 1 else covariates
        return as_frame({f"x{i + 1}": np.ascontiguousarray(columns[:, i]) for i in range(columns.shape[1])})
    if isinstance(covariates, Mapping):
        return as_frame(dict(covariates))
    return as_frame(covariates)


def _source(name: str, series: Any) -> Source:
    import pyarrow as pa

    if series.dtype.is_numeric():
        return Source(name, None)
    column = one_chunk(series)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return Source(name, None)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = sorted(value for value in encoded.dictionary.to_pylist() if value is not None)
    if len(values) > _MOST_VALUES:
        raise TooManyValues(column=name, count=f"{len(values):,}", most=_MOST_VALUES)
    if len(values) == 1:
        raise SameForAll(column=name)
    return Source(name, tuple(values))


def _numbers(source: Source, series: Any) -> tuple[list[NDArray[np.float64]], NDArray[np.bool_] | None]:
    if source.values is not None:
        return _indicators(source, one_chunk(series))
    plain = plain_floats(series)
    if plain is not None and np.isfinite(plain.sum()):
        return [plain], None
    column = one_chunk(series)
    numbers = floats_of(column, refusal=lambda row, value: NotANumber(row=row, column=source.column, value=value))
    total = numbers.sum()
    if np.isfinite(total):
        return [numbers], None
    if np.isinf(numbers).any():
        row = int(np.flatnonzero(np.isinf(numbers))[0])
        raise NotANumber(row=row + 1, column=source.column, value=float(numbers[row]))
    missing = np.isnan(numbers)
    return [numbers], missing if missing.any() else None


def _indicators(source: Source, column: Any) -> tuple[list[NDArray[np.float64]], NDArray[np.bool_] | None]:
    """A column of ones and zeros per value but the first; a value the fit has not seen is refused."""
    import pyarrow as pa

    assert source.values is not None
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    found = encoded.dictionary.to_pylist()
    place = {value: i for i, value in enumerate(source.values)}
    codes = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    used = np.bincount(codes, minlength=len(found) + 1) > 0
    for code, value in enumerate(found):
        if used[code] and value not in place:
            raise NewValue(column=source.column, value=value, known=", ".join(source.values))
    at = np.array([place.get(value, -1) for value in found] + [-1])[codes]
    missing = at < 0
    return [(at == i).astype(float) for i in range(1, len(source.values))], missing if missing.any() else None
