"""Reading times: columns of facts, and the single moments of a question (as_of, since, until)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import zones
from tenure.errors import TimeOutOfRange, UnreadableInput, UnreadableTime
from tenure.localising import extent

_UNITS: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # years 1 to 9999
_SECONDS, _MILLISECONDS = 500_000_000, 2_500_000_000_000  # of 1985 in seconds, of 2049 in milliseconds


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """Moments in µs UTC, which of them are missing, and what had to be assumed."""

    moments: NDArray[np.int64]
    missing: NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()


def read_times(values: Any, *, zone: str) -> Clocks:
    """Times with a zone are moments; times without one are clock readings in `zone`, and the notes say so."""
    zones.checked_zone(zone)
    if isinstance(values, np.ndarray) and values.dtype.kind == "i":
        whole = values.astype(np.int64, copy=False)
        return Clocks(whole, notes=_unit_note(whole))
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return _from_numpy(values, zone=zone)
    return _from_arrow(values, zone=zone)


def moment_of(value: Any, *, zone: str) -> int:
    """One moment in µs UTC; a date is the beginning of that local day, a naive time is a clock in `zone`."""
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            return _local(value, zone=zone)
        return _micros(value.astimezone(dt.UTC).replace(tzinfo=None))
    if isinstance(value, dt.date):
        day = value.toordinal() - dt.date(1970, 1, 1).toordinal()
        return _around(day * zones.DAY, zone=zone).day_start(day)
    raise UnreadableTime(row="of the question", value=value)


def local_day(moment: int, *, zone: str) -> int:
    """The local day (since 1970-01-01) that holds a moment."""
    table = zones.zone(zone, first=moment, last=moment)
    return int((moment + table.offset_at(np.array([moment]))[0]) // zones.DAY)


def day_of(value: Any, *, zone: str) -> int:
    """The local day a date or moment names."""
    return local_day(moment_of(value, zone=zone), zone=zone)


def in_words(moment: int, *, zone: str) -> str:
    """A moment as people of that zone write it: the date alone when it is the beginning of a day."""
    table = zones.zone(zone, first=moment, last=moment)
    day = local_day(moment, zone=zone)
    if table.day_start(day) == moment:
        return str(np.datetime64(day, "D"))
    clock = moment + int(table.offset_at(np.array([moment]))[0])
    return str(np.datetime64(clock // 1_000_000, "s")).replace("T", " ")


def _from_numpy(values: NDArray[Any], *, zone: str) -> Clocks:
    missing = np.isnat(values)
    clocks = values.astype("datetime64[us]", copy=False).view(np.int64)
    return _naive(clocks, missing if missing.any() else None, zone=zone, is_date=values.dtype == "datetime64[D]")


def _from_arrow(values: Any, *, zone: str) -> Clocks:
    import pyarrow as pa

    from tenure.inputs import as_arrow

    column = as_arrow(values)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        return Clocks(np.zeros(len(column), np.int64), np.ones(len(column), bool))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        return _from_text(column, zone=zone)
    missing = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    if pa.types.is_date(column.type):
        days = column.cast(pa.date32()).cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
        return _naive(days.astype(np.int64) * zones.DAY, missing, zone=zone, is_date=True)
    if pa.types.is_timestamp(column.type):
        return _from_timestamps(column, missing, zone=zone)
    if pa.types.is_integer(column.type):
        whole = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        return Clocks(whole, missing, _unit_note(whole if missing is None else whole[~missing]))
    raise UnreadableInput(what=f"a time column of type {column.type}")


def _unit_note(moments: NDArray[np.int64]) -> tuple[str, ...]:
    """Seconds and milliseconds of our years, taken for microseconds, all fall in the first weeks of 1970."""
    if not len(moments) or not _SECONDS < moments[0] < _MILLISECONDS:
        return ()  # nearly always, without a look at all of them
    if moments.min() < _SECONDS or moments.max() > _MILLISECONDS:
        return ()
    return (
        "Whole numbers were read as microseconds, and all of them fall in the first weeks of 1970. If they are seconds "
        "or milliseconds since 1970, multiply them by 1,000,000 or 1,000.",
    )


def _from_timestamps(column: Any, missing: NDArray[np.bool_] | None, *, zone: str) -> Clocks:
    import pyarrow as pa

    told = column.cast(pa.int64())
    # Filling copies even where nothing is missing.
    whole = (told.fill_null(0) if missing is not None else told).to_numpy(zero_copy_only=False)
    unit = column.type.unit
    moments = whole // 1_000 if unit == "ns" else whole * _UNITS[unit] if unit != "us" else whole
    if column.type.tz is not None:
        return Clocks(moments, missing)
    return _naive(moments, missing, zone=zone, is_date=False)


def _from_text(column: Any, *, zone: str) -> Clocks:
    """ISO 8601 texts, each with or without an offset; a text that is neither names its row."""
    import pyarrow as pa
    import pyarrow.compute as compute

    pc: Any = compute
    column = column.cast(pa.string()) if pa.types.is_string_view(column.type) else column
    column = pc.utf8_trim_whitespace(column)
    column = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
    missing = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    distinct = column.dictionary_encode()
    parsed = [_parsed(text, row=None) for text in distinct.dictionary.to_pylist()]
    _refuse_unreadable(distinct, parsed)
    naive = np.array([moment.tzinfo is None for moment in parsed] or [True])
    clocks = np.array([_micros(_as_utc(moment)) for moment in parsed] or [0], np.int64)
    codes = distinct.indices.fill_null(0).to_numpy(zero_copy_only=False)
    notes: tuple[str, ...] = ()
    if naive.any():
        local = _naive(clocks[naive], None, zone=zone, is_date=False)
        clocks[naive], notes = local.moments, local.notes
    return Clocks(clocks[codes], missing, notes)


def _refuse_unreadable(distinct: Any, parsed: list[Any]) -> None:
    bad = [code for code, moment in enumerate(parsed) if moment is None]
    if bad:
        codes = distinct.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        row = int(np.flatnonzero(np.isin(codes, bad))[0])
        raise UnreadableTime(row=row + 1, value=distinct.dictionary[int(codes[row])].as_py())


def _naive(clocks: NDArray[np.int64], missing: NDArray[np.bool_] | None, *, zone: str, is_date: bool) -> Clocks:
    """Clock readings in the zone; doubtful hours of the nights the clocks change are counted."""
    if missing is not None:
        clocks = np.where(missing, 0 if missing.all() else clocks[~missing][0], clocks)
    checked_extent(clocks)
    notes = () if is_date or zone == "UTC" else (f"The times name no time zone; they were read as clocks in {zone}.",)
    if zone == "UTC" or not len(clocks):
        return Clocks(
            clocks,
            missing,
            notes if zone != "UTC" else ("The times name no time zone; they were read as UTC.",) * (not is_date),
        )
    table = zones.zone(zone, first=int(clocks.min()) - zones.DAY, last=int(clocks.max()) + zones.DAY)
    doubtful = 0 if is_date else int(table.is_doubtful(clocks).sum())
    if doubtful:
        notes += (
            f"{doubtful:,} times fall in an hour that happened twice, or never, when the clocks changed; "
            "the earlier reading was taken.",
        )
    return Clocks(table.to_utc(clocks), missing, notes)


def checked_extent(moments: NDArray[np.int64]) -> tuple[int, int]:
    """The first and the last moment, both within the years 1 to 9999."""
    if not len(moments):
        return 0, 0
    low, high = extent(moments)
    if low < _FIRST or high > _LAST:
        raise TimeOutOfRange(row=int(np.flatnonzero((moments < _FIRST) | (moments > _LAST))[0]) + 1)
    return low, high


def _parsed(text: str, row: str | None = "of the question") -> Any:
    try:
        return (
            dt.datetime.fromisoformat(text)
            if len(text) > 10
            else dt.datetime.combine(dt.date.fromisoformat(text), dt.time())
            if row is None
            else dt.date.fromisoformat(text)
        )
    except ValueError:
        if row is None:
            return None
        raise UnreadableTime(row=row, value=text) from None


def _local(value: dt.datetime, *, zone: str) -> int:
    clock = _micros(value)
    return int(_around(clock, zone=zone).to_utc(np.array([clock]))[0])


def _around(moment: int, *, zone: str) -> zones.Zone:
    return zones.zone(zone, first=moment - 2 * zones.DAY, last=moment + 2 * zones.DAY)


def _as_utc(value: dt.datetime) -> dt.datetime:
    return value if value.tzinfo is None else value.astimezone(dt.UTC).replace(tzinfo=None)


def _micros(value: dt.datetime) -> int:
    return (value.replace(tzinfo=dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
