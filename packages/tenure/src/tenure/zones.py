"""Time zones as integer tables, so that no fact ever becomes a datetime object."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownZone

DAY: Final = 86_400_000_000  # microseconds
_SECOND: Final = 1_000_000
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A zone over some years: from `starts[i]` (µs UTC, ascending) on, local time is UTC plus `offsets[i]` (µs)."""

    name: str
    starts: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def offset_at(self, moments: NDArray[np.int64]) -> NDArray[np.int64]:
        """What to add to each UTC moment to get the local clock."""
        return self.offsets[np.maximum(np.searchsorted(self.starts, moments, side="right") - 1, 0)]

    def to_utc(self, clocks: NDArray[np.int64]) -> NDArray[np.int64]:
        """UTC moments of local clock readings; the earlier of two, and a skipped hour read as before the change."""
        earlier, later, is_earlier, is_later = self._candidates(clocks)
        return np.where(~is_earlier & is_later, later, earlier)

    def is_doubtful(self, clocks: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a clock reading happened twice, or never, in a night the clocks changed."""
        earlier, later, is_earlier, is_later = self._candidates(clocks)
        return (is_earlier == is_later) & (earlier != later)

    def _candidates(self, clocks: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """The reading under the offset a day before and a day after, and whether each is what a clock showed."""
        about = clocks - self.offset_at(clocks)
        before, after = self.offset_at(about - DAY), self.offset_at(about + DAY)
        earlier, later = clocks - before, clocks - after
        return earlier, later, self.offset_at(earlier) == before, self.offset_at(later) == after

    def day_start(self, day: int) -> int:
        """The UTC moment at which local day `day` begins (not always at 00:00: some zones skip midnight)."""
        changes, days = self.date_changes(day - 2, day + 2)
        reached = np.flatnonzero(days >= day)
        return int(changes[reached[0]])

    def date_changes(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """When the local date changes, from day `first` to `last`: moments (µs UTC) and the date from then on."""
        low, high = (first - 1) * DAY, (last + 2) * DAY
        inside = (self.starts > low) & (self.starts < high)
        pieces = [np.array([low]), self.starts[inside]]
        for offset in np.unique(self.offsets):
            midnights = np.arange(first, last + 2, dtype=np.int64) * DAY - offset
            pieces.append(midnights[self.offset_at(midnights) == offset])
        moments = _ascending(np.concatenate(pieces))
        days = (moments + self.offset_at(moments)) // DAY
        keep = np.ones(len(days), bool)
        keep[1:] = days[1:] != days[:-1]
        return moments[keep], days[keep]


def zone(name: str, *, first: int, last: int) -> Zone:
    """The zone's offsets around the UTC moments `first` to `last` (µs)."""
    years = tuple(
        int(np.datetime64(moment, "us").astype("datetime64[Y]").astype(int)) + 1970 for moment in (first, last)
    )
    return _zone(name, max(years[0] - 1, 2), min(years[1] + 2, 9998))


def checked_zone(name: str) -> ZoneInfo:
    """The zone by its IANA name, or a refusal."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError) as refused:
        raise UnknownZone(zone=name) from refused


@lru_cache(maxsize=64)
def _zone(name: str, first_year: int, last_year: int) -> Zone:
    """Look at every day and bisect where the offset differs; the zone's own rules stay the only source."""
    info = checked_zone(name)
    start = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC)
    is_fixed = info.utcoffset(None) is not None  # only a zone without any change knows it without being told when
    count = 0 if is_fixed else (dt.datetime(last_year, 1, 1, tzinfo=dt.UTC) - start).days + 1
    starts, offsets = [_seconds(start)], [_offset(info, _seconds(start))]
    for day in range(1, count):
        second = starts[0] + day * 86_400
        if _offset(info, second) != offsets[-1]:
            starts.append(_change(info, second - 86_400, second))
            offsets.append(_offset(info, second))
    table = np.array(starts, np.int64) * _SECOND, np.array(offsets, np.int64) * _SECOND
    for column in table:
        column.flags.writeable = False
    return Zone(name, *table)


def _ascending(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each moment once, in order; a sort that likes long ascending stretches, as these are."""
    ordered = np.sort(moments, kind="stable")
    keep = np.ones(len(ordered), bool)
    keep[1:] = ordered[1:] != ordered[:-1]
    return ordered[keep]


def _change(info: ZoneInfo, low: int, high: int) -> int:
    """The first second at which the offset is that of `high`."""
    after = _offset(info, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(info, middle) == after else (middle, high)
    return high


def _offset(info: ZoneInfo, second: int) -> int:
    offset = (_EPOCH + dt.timedelta(seconds=second)).astimezone(info).utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def _seconds(moment: dt.datetime) -> int:
    return int((moment - _EPOCH).total_seconds())
