"""From whatever was handed over to facts: whole-number customers, UTC microseconds, and notes on what was left out."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.clocks import Clocks, checked_extent, read_times
from tenure.conditions import column_of
from tenure.errors import LengthsDiffer, NoFactsLeft, NothingToRead, UnreadableInput, WhichColumn

if TYPE_CHECKING:
    import narwhals as nw

_CUSTOMER_NAMES: Final = (
    "customer",
    "customerid",
    "userid",
    "user",
    "clientid",
    "client",
    "person",
    "accountid",
    "email",
    "id",
)
_TIME_NAMES: Final = (
    "time", "occurredat", "timestamp", "orderedat", "createdat", "date",
    "datetime", "invoicedate", "orderdate", "ts", "day", "when",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Facts in any order: customers[n] (ids or codes), moments[n] (µs UTC), and the frame their properties are in."""

    customers: NDArray[np.int64]
    moments: NDArray[np.int64]
    zone: str
    labels: NDArray[Any] | None = None  # the customer that each code stands for, when ids were not whole numbers
    frame: nw.DataFrame[Any] | None = None
    kept: NDArray[np.bool_] | None = None  # of the input's rows, those with a customer and a time
    notes: tuple[str, ...] = ()
    rows: int = 0
    asked: dict[str, str] = field(default_factory=dict)
    extent: tuple[int, int] = (0, 0)  # the first and the last moment

    def aligned(self, values: NDArray[Any] | None) -> NDArray[Any] | None:
        """Values given per input row, cut down to the rows that were kept."""
        return values if values is None or self.kept is None else values[self.kept]


def read_facts(data: Any, *, customer: Any, time: Any, zone: str) -> Facts:
    """Read the input once; rows without a customer or a time are left out and counted in `notes`."""
    frame = None if data is None else as_frame(data)
    people, person = _column(frame, customer, role="customer", names=_CUSTOMER_NAMES)
    times, clock = _column(frame, time, role="time", names=_TIME_NAMES)
    _same_length(people, times)
    if len(times) == 0:
        raise NothingToRead
    ids = read_customers(people)
    clocks = read_times(times, zone=zone)
    facts = _without_nulls(ids, clocks, frame=frame, zone=zone)
    guessed = _guess_note(person if customer is None else "", clock if time is None else "")
    return _with_notes(facts, guessed, {"customer": person, "time": clock})


def as_frame(data: Any) -> nw.DataFrame[Any]:
    """A Narwhals frame over a data frame, an Arrow table, or a path to Parquet, CSV, TSV or Arrow IPC."""
    import narwhals as nw

    native = _opened(Path(data)) if isinstance(data, (str, os.PathLike)) else data
    if isinstance(native, dict):
        import pyarrow as pa

        native = pa.table(native)
    try:
        frame = nw.from_native(native)
    except TypeError as refused:
        raise UnreadableInput(what=f"an object of type {type(data).__name__}") from refused
    except nw.exceptions.DuplicateError as refused:
        raise UnreadableInput(what="several columns have the same name; rename one") from refused
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def guess_column(columns: list[str], *, role: str) -> str | None:
    """The column that looks like the customer or the time, by its name; None rather than a wild guess."""
    plain = {"".join(filter(str.isalnum, column.lower())): column for column in reversed(columns)}
    names = _CUSTOMER_NAMES if role == "customer" else _TIME_NAMES
    return next((plain[name] for name in names if name in plain), None)


def _opened(path: Path) -> Any:
    import pyarrow as pa

    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            import pyarrow.parquet as parquet

            return parquet.read_table(path)
        if path.suffix.lower() in (".arrow", ".feather", ".ipc"):
            return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        import pyarrow.csv as csv

        return csv.read_csv(
            path, parse_options=csv.ParseOptions(delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        )
    except FileNotFoundError as missing:
        raise UnreadableInput(what=f"there is no file at {path}") from missing
    except pa.ArrowInvalid as refused:
        raise UnreadableInput(what=f"{path.name}: {refused}") from refused


def _column(frame: Any, given: Any, *, role: str, names: tuple[str, ...]) -> tuple[Any, str]:
    """The values of a column and its name; arrays are taken as they are."""
    if frame is None:
        if given is None or isinstance(given, str):
            raise UnreadableInput(what=f"no data and no array for the {role}")
        return given, role
    if given is None:
        given = guess_column(list(frame.columns), role=role)
        if given is None:
            raise WhichColumn(role=role, columns=", ".join(map(str, frame.columns)))
    if isinstance(given, str):
        return column_of(frame, given), given
    return given, role


def read_customers(values: Any) -> tuple[NDArray[np.int64], NDArray[Any] | None, NDArray[np.bool_] | None]:
    """Whole numbers as they are; anything else as codes into the labels; and which are null, if any."""
    import pyarrow as pa

    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        return values.astype(np.int64, copy=False), None, None
    column = as_arrow(values)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_floating(column.type):
        column = _whole(column)
    missing = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    if pa.types.is_integer(column.type):
        filled = column.fill_null(0) if column.null_count else column
        return filled.to_numpy(zero_copy_only=False).astype(np.int64, copy=False), None, missing
    if isinstance(column, pa.ExtensionArray):
        column = pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.string())
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, np.asarray(encoded.dictionary.to_pylist(), object), missing


def _whole(column: Any) -> Any:
    """Whole numbers that came as floats because of nulls (a pandas habit); other fractions are left to be labels."""
    import pyarrow as pa
    import pyarrow.compute as compute

    pc: Any = compute
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    is_whole = pc.all(pc.equal(pc.floor(column), column)).as_py()
    return column.cast(pa.int64()) if is_whole is not False else column


def as_arrow(values: Any) -> Any:
    """An Arrow array of a Series, an Arrow array, a NumPy array or a list."""
    import narwhals as nw
    import pyarrow as pa

    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    series = (
        nw.from_native(values, series_only=True, pass_through=True) if not isinstance(values, nw.Series) else values
    )
    try:
        return series.to_arrow() if isinstance(series, nw.Series) else pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as refused:
        raise UnreadableInput(what=f"one column holds values of several kinds ({refused})") from refused


def _without_nulls(ids: Any, clocks: Clocks, *, frame: Any, zone: str) -> Facts:
    people, labels, nobody = ids
    rows, moments, notes = len(people), clocks.moments, list(clocks.notes)
    lost = [mask for mask in (nobody, clocks.missing) if mask is not None]
    for mask, what in ((nobody, "customer"), (clocks.missing, "time")):
        if mask is not None and mask.any():
            notes.append(f"{int(mask.sum()):,} of {rows:,} facts have no {what} and were left out.")
    kept = ~np.logical_or.reduce(lost) if lost else None
    if kept is not None:
        if not kept.any():
            raise NoFactsLeft(count=f"{rows:,}", why="each lacks a customer or a time")
        people, moments = people[kept], moments[kept]
    return Facts(
        people,
        moments,
        zone,
        labels=labels,
        frame=frame,
        kept=kept,
        notes=tuple(notes),
        rows=rows,
        extent=checked_extent(moments),
    )


def _with_notes(facts: Facts, guessed: tuple[str, ...], asked: dict[str, str]) -> Facts:
    from dataclasses import replace

    return replace(facts, notes=guessed + facts.notes, asked=asked)


def _guess_note(person: str, clock: str) -> tuple[str, ...]:
    guessed = [
        f"{role} is the column “{name}”" for role, name in (("the customer", person), ("the time", clock)) if name
    ]
    return ("Not told which columns to read: " + " and ".join(guessed) + ".",) if guessed else ()


def _same_length(people: Any, times: Any) -> None:
    if len(people) != len(times):
        raise LengthsDiffer(left="customer", left_length=len(people), right="time", right_length=len(times))
