"""Times as files write them, into microseconds of UTC.

The order of day and month is never guessed row by row: `evidence` reads a whole column, `settle`
decides only when the column leaves one order, and everything else is asked.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.customers.importing.values.texts import is_null, text, true_where
from regulars.kernel.arrow import pc

ORDERS = ("ymd", "dmy", "mdy")
MISSING = np.int64(np.iinfo(np.int64).min)
UNREADABLE = MISSING + 1
_QUARTER_US = 15 * 60 * 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?$"
_PARTS = re.compile(
    r"^(?:[^\W\d]{2,9}\.?,? +)?(\d{1,4})([./\- ])(\d{1,2})\2 ?(\d{1,4})\.?"
    r"(?:(?:T| +|, +)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([AaPp])\.?[Mm]\.?)?"
    r"(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d))?)?$"
)
_NAMED = re.compile(
    r"^(?:[^\W\d]{2,9}\.?,? +)?(?:(\d{1,2})(?:st|nd|rd|th|\.)?[ \-]([^\W\d]{3,9})\.?,?|([^\W\d]{3,9})\.? (\d{1,2})"
    r"(?:st|nd|rd|th)?,?)[ \-](\d{4})(?:,? +(\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AaPp])[Mm])?"
    r"(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?)?$"
)
# Days as spreadsheets count them, from 2000 to 2064: read as anything else, such numbers would be no time at all.
_SHEET_DAYS = re.compile(r"^\d{5}(?:\.\d+)?$")
_FIRST_SHEET_DAY, _LAST_SHEET_DAY = 36_526, 60_000
_SHEET_EPOCH = datetime(1899, 12, 30, tzinfo=UTC).replace(tzinfo=None)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z)?)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene gennaio",
            "feb february februar février fevrier fév febrero febbraio",
            "mar march märz mär maerz mars marzo",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio",
            "aug august août aout agosto ago",
            "sep sept september septembre septiembre settembre",
            "oct october oktober okt octobre octubre ottobre",
            "nov november novembre noviembre",
            "dec december dezember dez décembre decembre diciembre dic dicembre",
        ),
        start=1,
    )
    for name in names.split()
}


class Evidence(NamedTuple):
    """What a column says about its dates: how many need the order, and which orders some of them rule out."""

    undecided: int = 0
    not_dmy: int = 0
    not_mdy: int = 0
    example: str = ""

    def __add__(self, other: "Evidence") -> "Evidence":  # type: ignore[override]  # sums, where tuples join
        return Evidence(
            self.undecided + other.undecided,
            self.not_dmy + other.not_dmy,
            self.not_mdy + other.not_mdy,
            self.example or other.example,
        )

    @property
    def order(self) -> str | None:
        """The order the column leaves, if it leaves one; `ymd` when no date needs the question."""
        if not self.undecided:
            return "ymd"
        if self.not_mdy and not self.not_dmy:
            return "dmy"
        return "mdy" if self.not_dmy and not self.not_mdy else None


@dataclass(frozen=True, slots=True)
class Clock:
    """How a file's times are read: the order of dates, and the zone of times that name none."""

    order: str
    zone: str


def evidence(column: pa.Array) -> Evidence:
    """Look at every date of a column that does not begin with its year."""
    if not pa.types.is_string(column.type):
        return Evidence()
    if pc.all(pc.match_substring_regex(column, r"^\s*\d{4}[-/.]")).as_py():
        return Evidence()  # the usual case, and the quick one: every date begins with its year
    parts = pc.extract_regex(
        text(column), r"^(?:[^\d ]{2,9} +)?(?P<a>\d{1,2})[./\- ](?P<b>\d{1,2})[./\- ] ?\d{2,4}(?:$|[^\d])"
    )
    if parts.null_count == len(parts):
        return Evidence()
    first, second = (np.asarray(pc.fill_null(pc.cast(part, pa.int32()), 0)) for part in parts.drop_null().flatten())
    undecided = (first != second) & (first > 0)
    example = ""
    if undecided.any():
        example = text(column).filter(parts.is_valid())[int(np.flatnonzero(undecided)[0])].as_py()
    return Evidence(int(undecided.sum()), int((second > 12).sum()), int((first > 12).sum()), example)


def moments(column: pa.Array, clock: Clock) -> NDArray[np.int64]:
    """Microseconds since 1970 in UTC; `MISSING` for empty cells, `UNREADABLE` for what is no time."""
    if pa.types.is_timestamp(column.type):
        return _of_timestamps(column, clock)
    if pa.types.is_date(column.type):
        return _of_timestamps(column.cast(pa.timestamp("us")), clock)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        column = pc.cast(column, pa.int64(), safe=False).cast(pa.string())
    return _of_text(text(column), clock)


def _of_timestamps(column: pa.Array, clock: Clock) -> NDArray[np.int64]:
    stamps = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    result = np.asarray(pc.fill_null(stamps.cast(pa.int64()), 0)).copy()
    if column.type.tz is None:
        result = _to_utc(result, clock.zone)
    result[is_null(column)] = MISSING
    return result


def _of_text(column: pa.Array, clock: Clock) -> NDArray[np.int64]:
    result = np.full(len(column), UNREADABLE, np.int64)
    result[is_null(column)] = MISSING
    is_iso = true_where(pc.match_substring_regex(column, _ISO))
    if is_iso.any():
        result[is_iso] = _of_iso(column.filter(pa.array(is_iso)), clock)
    rest = (result == UNREADABLE) & ~is_iso
    if rest.any():
        encoded = column.filter(pa.array(rest)).dictionary_encode()
        values = np.array([_read(value, clock) for value in encoded.dictionary.to_pylist()], np.int64)
        result[rest] = values[np.asarray(encoded.indices)]
    return result


def _of_iso(column: pa.Array, clock: Clock) -> NDArray[np.int64]:
    try:
        local = column.cast(pa.timestamp("us")).cast(pa.int64())
    except pa.ArrowInvalid:  # some day does not exist: find out which
        return np.array([_read(value, clock) for value in column.to_pylist()], np.int64)
    return _to_utc(np.asarray(local), clock.zone)


def _to_utc(local: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Wall clock to UTC. No zone changes within a quarter of an hour, so each quarter is looked up once.

    An hour that happens twice in autumn is taken the first time; one left out in spring, as if the
    clock had not been moved yet.
    """
    quarters, place = np.unique(local // _QUARTER_US, return_inverse=True)
    offsets = np.array([_offset_us(int(quarter), zone) for quarter in quarters], np.int64)
    return local - offsets[place]


@lru_cache(maxsize=200_000)
def _offset_us(quarter: int, zone: str) -> int:
    if not -2_500_000 < quarter < 280_000_000:  # 1898 to 9955: beyond, zones mean nothing and rows are refused
        return 0
    wall = (_EPOCH + timedelta(microseconds=quarter * _QUARTER_US)).replace(tzinfo=ZoneInfo(zone))
    return round((wall.utcoffset() or timedelta()).total_seconds() * 1_000_000)


def _read(value: str, clock: Clock) -> int:
    """One date in any of the ways people write them."""
    try:
        moment = _read_moment(value, clock)
    except (ValueError, OverflowError, KeyError):
        return int(UNREADABLE)
    if moment is None:
        return int(UNREADABLE)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(clock.zone))
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _read_moment(value: str, clock: Clock) -> datetime | None:
    if value.isdigit() and len(value) in (9, 10, 13, 16):
        return _EPOCH + timedelta(microseconds=int(value) * 10 ** {9: 6, 10: 6, 13: 3, 16: 0}[len(value)])
    if _SHEET_DAYS.match(value) and _FIRST_SHEET_DAY <= float(value) < _LAST_SHEET_DAY:
        return _SHEET_EPOCH + timedelta(milliseconds=round(float(value) * 86_400_000))
    if parts := _COMPACT.match(value):
        year, month, day, hour, minute, second, z = parts.groups()
        zone = UTC if z else None
        return datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
    if parts := _PARTS.match(value):
        first, _, second, third, *time = parts.groups()
        return _at(*_ordered(first, second, third, clock.order), *time)
    if parts := _NAMED.match(value):
        day, month, month_first, day_second, year, hour, minute, second, half, zone = parts.groups()
        number = _MONTHS[(month or month_first).lower().rstrip(".")]
        return _at(int(year), number, int(day or day_second), hour, minute, second, None, half, zone)
    return datetime.fromisoformat(value)


def _ordered(first: str, second: str, third: str, order: str) -> tuple[int, int, int]:
    if len(first) == 4:
        return int(first), int(second), int(third)
    if len(first) > 2 or len(third) not in (2, 4):
        raise ValueError
    year = int(third) if len(third) == 4 else _century(int(third))
    if order == "ymd" and len(third) == 2 and first != second:
        return _century(int(first)), int(second), int(third)
    return (year, int(first), int(second)) if order == "mdy" else (year, int(second), int(first))


def _century(year: int) -> int:
    return year + (2000 if year < 70 else 1900)


def _at(
    year: int,
    month: int,
    day: int,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    half: str | None,
    zone: str | None,
) -> datetime:
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError
        hours = hours % 12 + (12 if half in "pP" else 0)
    micros = int((fraction or "0").ljust(6, "0")[:6])
    moment = datetime(year, month, day, hours, int(minute or 0), int(second or 0), micros, tzinfo=UTC)
    if zone is None:
        return moment.replace(tzinfo=None)
    return moment - _shift(zone)


def _shift(zone: str) -> timedelta:
    if zone in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return shift if zone[0] == "+" else -shift
