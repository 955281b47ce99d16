"""From what was handed over to followed customers: a duration each, and whether they left at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.conditions import column_of
from tenure.errors import (
    DurationBad,
    EventUnclear,
    LengthsDiffer,
    NothingToRead,
    TooManySegments,
    UnknownChoice,
    UnreadableInput,
)
from tenure.floats import floats_of, one_chunk
from tenure.inputs import as_frame

_LOST: Final = frozenset({"1", "1.0", "true", "t", "yes", "y"})
_KEPT: Final = frozenset({"0", "0.0", "false", "f", "no", "n"})
_MOST_GROUPS: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """times[n] and left[n] of the rows that could be read; `kept` says which of the input's `rows` those are."""

    times: NDArray[np.float64]
    left: NDArray[np.bool_]
    frame: Any
    kept: NDArray[np.bool_] | None
    rows: int
    event: str
    notes: tuple[str, ...] = ()

    def values(self, given: Any, *, name: str) -> Any:
        """A further column (by name, or an array of as many rows), as Arrow and cut to the rows kept."""
        column = one_chunk(_values(self.frame, given, role=name))
        if len(column) != self.rows:
            raise LengthsDiffer(left=name, left_length=len(column), right="duration", right_length=self.rows)
        return column if self.kept is None else column.filter(self.kept)

    def only(self, mask: NDArray[np.bool_], note: str) -> Followed:
        """Those a mask over the kept rows chooses, with a note that says who was left out."""
        if not mask.any():
            raise NothingToRead
        kept = mask if self.kept is None else self.kept.copy()
        if self.kept is not None:
            kept[self.kept] = mask
        return Followed(self.times[mask], self.left[mask], self.frame, kept, self.rows, self.event, (*self.notes, note))


def read_followed(data: Any, *, duration: Any, event: Any, unit: str) -> Followed:
    """Read durations and events once; rows with nothing in either are left out and counted in `notes`."""
    frame = None if data is None else as_frame(data)
    times = _durations(_values(frame, duration, role="duration"), unit=unit)
    name = event if isinstance(event, str) else "event"
    left, unclear = _events(_values(frame, event, role="event"), name=name)
    if len(times) == 0:
        raise NothingToRead
    if len(times) != len(left):
        raise LengthsDiffer(left="duration", left_length=len(times), right="event", right_length=len(left))
    missing = np.isnan(times)
    if unclear is None and not missing.any():
        return Followed(times, left, frame, None, len(times), name)
    kept = ~(missing if unclear is None else missing | unclear)
    if not kept.any():
        raise NothingToRead
    note = f"{int((~kept).sum()):,} of {len(kept):,} rows have no duration or event and were left out."
    return Followed(times[kept], left[kept], frame, kept, len(kept), name, (note,))


def checked_level(level: float) -> float:
    """A share between 0 and 1."""
    if not 0 < level < 1:
        raise UnknownChoice(name="level", value=level, choices="a number between 0 and 1, such as 0.95")
    return level


def groups_of(column: Any) -> tuple[list[Any], NDArray[np.int64]]:
    """The groups' names in order and each row's place among them; no name comes last, as None."""
    encoded = column.dictionary_encode() if not hasattr(column, "dictionary") else column
    found, codes = encoded.dictionary.to_pylist(), encoded.indices
    if len(found) > _MOST_GROUPS:
        raise TooManySegments(count=f"{len(found):,}", most=f"{_MOST_GROUPS:,}")
    names = [*found, None] if codes.null_count else found
    order = sorted(
        range(len(names)), key=lambda i: (names[i] is None, isinstance(names[i], str), _comparable(names[i]))
    )
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    used = codes.fill_null(len(found)).to_numpy(zero_copy_only=False)
    return _those_used([names[i] for i in order], place[used])


def _those_used(names: list[Any], codes: NDArray[np.int64]) -> tuple[list[Any], NDArray[np.int64]]:
    """A dictionary may hold names that no row has (a filter was applied): those are not groups."""
    used = np.bincount(codes, minlength=len(names)) > 0
    if used.all():
        return names, codes
    return [name for name, is_used in zip(names, used, strict=True) if is_used], (np.cumsum(used) - 1)[codes]


def _comparable(name: Any) -> Any:
    return 0 if name is None else name


def _values(frame: Any, given: Any, *, role: str) -> Any:
    if not isinstance(given, str):
        return given
    if frame is None:
        raise UnreadableInput(what=f"no data, and only the name {given!r} for the {role}")
    return column_of(frame, given)


def _durations(values: Any, *, unit: str) -> NDArray[np.float64]:
    """Numbers, NaN where there is none."""
    from tenure._kernels.surviving import ends_of

    plain = plain_floats(values)
    if plain is not None:
        return _checked(plain, ends_of(plain), unit=unit)
    column = one_chunk(values)
    numbers = floats_of(column, refusal=lambda row, value: DurationBad(row=row, value=value, unit=unit))
    return _checked(numbers, ends_of(numbers), unit=unit)


def _checked(numbers: NDArray[np.float64], ends: tuple[float, float], *, unit: str) -> NDArray[np.float64]:
    if ends[0] < 0 or ends[1] == np.inf:
        bad = np.flatnonzero((numbers < 0) | np.isinf(numbers))
        raise DurationBad(row=int(bad[0]) + 1, value=float(numbers[bad[0]]), unit=unit)
    return numbers


def plain_floats(values: Any) -> NDArray[np.float64] | None:
    """A copy of what is held as 64-bit floats already (NaN: missing); None for anything that has to be converted.

    A copy, because compiled loops are kept per kind of array, and a frame's own may be strided or read-only.
    """
    import narwhals as nw

    if isinstance(values, nw.Series):
        if values.dtype != nw.Float64:
            return None
        values = values.to_numpy()
    if not isinstance(values, np.ndarray) or values.dtype != np.float64 or values.ndim != 1:
        return None
    return np.array(values, order="C")


def _events(values: Any, *, name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_] | None]:
    """Who left, and of whom it is not said (None: said of all); words such as yes and no are read, others refused."""
    import narwhals as nw
    import pyarrow as pa

    if isinstance(values, nw.Series) and values.dtype == nw.Boolean and not values.null_count():
        values = values.to_numpy()
    if isinstance(values, np.ndarray) and values.dtype == bool:
        return np.array(values, order="C"), None
    column = one_chunk(values)
    if pa.types.is_boolean(column.type) and not column.null_count:
        return np.array(column.to_numpy(zero_copy_only=False)), None
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [str(value).strip().lower() for value in encoded.dictionary.to_pylist()]
    strange = [word for word in words if word not in _LOST | _KEPT and word not in ("", "nan", "none")]
    if strange:
        raise EventUnclear(column=name, values=", ".join(map(repr, strange[:5])))
    codes = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    left = np.array([word in _LOST for word in words] + [False])
    unsaid = np.array([word in ("", "nan", "none") for word in words] + [True])
    return left[codes], unsaid[codes] if unsaid[codes].any() else None
