"""Where the clocks of a time zone are changed, so that everything between is plain arithmetic."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_SECONDS = 86_400


class Piece(NamedTuple):
    """Seconds since 1970 in UTC, from `begins` to before `ends`, in which local time is UTC plus `offset` seconds."""

    begins: int
    ends: int
    offset: int


@lru_cache(maxsize=2048)
def pieces(zone: str, *, year: int) -> tuple[Piece, ...]:
    """One UTC year, cut where the zone's clock is changed; usually three pieces.

    `zoneinfo` does not tell its changes, so each day's two ends are compared and a change between
    them is found by halving. Two changes within one day that cancel out would be missed; no zone has
    had that.
    """
    clock = ZoneInfo(zone)
    first, last = seconds_at(year), seconds_at(year + 1)
    cuts = [first]
    cuts += [
        _change(clock, day, day + DAY_SECONDS)
        for day in range(first, last, DAY_SECONDS)
        if _offset(clock, day) != _offset(clock, day + DAY_SECONDS)
    ]
    return tuple(
        Piece(begins, ends, _offset(clock, begins)) for begins, ends in zip(cuts, [*cuts[1:], last], strict=True)
    )


def seconds_at(year: int) -> int:
    """The second in which a UTC year begins."""
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def _change(clock: ZoneInfo, before: int, after: int) -> int:
    """The first second with the new offset."""
    old = _offset(clock, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(clock, middle) == old else (before, middle)
    return after


def _offset(clock: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, clock).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
