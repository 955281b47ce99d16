"""What was known about each customer before: numbers as they are, words as one column per word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.columns import coded, values_of
from tenure.effect.errors import CovariateUseless
from tenure.errors import LengthsDiffer
from tenure.floats import one_chunk

_MOST_WORDS: Final = 50


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """`matrix[n, k]` without gaps: a missing number is the mean, with a column of its own saying so."""

    matrix: NDArray[np.float64]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_covariates(
    frame: Any, wanted: Sequence[str] | Mapping[str, Any], *, rows: int, kept: NDArray[np.bool_]
) -> Covariates:
    """The columns of those names (or arrays by name), for the kept rows; what is the same for everybody is left out."""
    columns: list[NDArray[np.float64]] = []
    names: list[str] = []
    notes: list[str] = []
    given = wanted.items() if isinstance(wanted, Mapping) else [(name, name) for name in wanted]
    for name, column in given:
        values = one_chunk(values_of(frame, column))
        if len(values) != rows:
            raise LengthsDiffer(left=name, left_length=len(values), right="the input", right_length=rows)
        found, note = _encoded(values.filter(kept), name=name)
        columns += found.values()
        names += found
        notes += note
    matrix = np.column_stack(columns) if columns else np.zeros((int(kept.sum()), 0))
    return Covariates(matrix, tuple(names), tuple(notes))


def _encoded(values: Any, *, name: str) -> tuple[dict[str, NDArray[np.float64]], list[str]]:
    import pyarrow as pa

    if values.null_count == len(values):
        raise CovariateUseless(column=name, why="it is empty")
    is_number = (
        pa.types.is_boolean(values.type) or pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    )
    found, notes = (_of_numbers if is_number or pa.types.is_decimal(values.type) else _of_words)(values, name=name)
    varying = {label: column for label, column in found.items() if column.size and np.ptp(column) > 0}
    if not varying:
        notes.append(f"{name} is the same for everybody and says nothing; it was left out.")
    return varying, notes


def _of_numbers(values: Any, *, name: str) -> tuple[dict[str, NDArray[np.float64]], list[str]]:
    from tenure.effect.columns import numbers

    plain = numbers(values, column=name)
    missing = np.isnan(plain)
    if not missing.any():
        return {name: plain}, []
    if missing.all():
        raise CovariateUseless(column=name, why="it is empty")
    filled = np.where(missing, plain[~missing].mean(), plain)
    note = (
        f"{name} is missing for {int(missing.sum()):,} customers; they count as average, and as a group of their own."
    )
    return {name: filled, f"{name} is missing": missing.astype(np.float64)}, [note]


def _of_words(values: Any, *, name: str) -> tuple[dict[str, NDArray[np.float64]], list[str]]:
    """A column of 0 and 1 per word but the most frequent one."""
    codes, words = coded(values)
    if len(words) > _MOST_WORDS:
        raise CovariateUseless(column=name, why=f"it holds {len(words):,} different words; group them first")
    sizes = np.bincount(codes + 1, minlength=len(words) + 1)
    rest = int(sizes.argmax()) - 1
    labels = {-1: "missing", **dict(enumerate(words))}
    wanted = [code for code in range(-1, len(words)) if code != rest and sizes[code + 1]]
    return {f"{name}: {labels[code]}": (codes == code).astype(np.float64) for code in wanted}, []
