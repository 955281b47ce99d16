"""One year of openings as a table, so that any span is two look-ups and a subtraction."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from regulars.desk.hours.offsets import Piece, pieces
from regulars.desk.hours.week import Hours, days_between

SECOND = 1_000_000
_FIRST_DAY = date(1970, 1, 1)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Year:
    """The openings within one UTC year, in microseconds since 1970, in order and apart from each other."""

    opens: list[int]
    closes: list[int]
    before: list[int]  # how long it was open in this year before each opening
    total: int

    def opened(self, at: int) -> int:
        """How long it was open from the year's begin to a moment."""
        place = bisect_right(self.opens, at) - 1
        if place < 0:
            return 0
        return self.before[place] + min(at, self.closes[place]) - self.opens[place]

    def reached(self, opened: int) -> int:
        """The first moment at which it was open for so long; for 0 < opened <= total."""
        place = bisect_left(self.before, opened) - 1
        return self.opens[place] + opened - self.before[place]

    def is_open(self, at: int) -> bool:
        """Whether a moment lies within an opening; the closing moment does not."""
        place = bisect_right(self.opens, at) - 1
        return place >= 0 and at < self.closes[place]

    def next_opening(self, at: int) -> int | None:
        """The moment itself when it is open then, else the next opening of this year."""
        if self.is_open(at):
            return at
        place = bisect_left(self.opens, at)
        return self.opens[place] if place < len(self.opens) else None


def year_of(hours: Hours, year: int) -> Year:
    """The table of one UTC year, worked out once."""
    if year not in hours.kept:
        hours.kept[year] = _table(_openings(hours, year))
    return hours.kept[year]


def _table(spans: Iterable[Span]) -> Year:
    apart = list(_joined(spans))
    opens = [begins * SECOND for begins, _ in apart]
    closes = [ends * SECOND for _, ends in apart]
    lengths = [ends - begins for begins, ends in zip(opens, closes, strict=True)]
    sums = list(accumulate(lengths, initial=0))
    return Year(opens, closes, sums[:-1], sums[-1])


def _openings(hours: Hours, year: int) -> Iterator[Span]:
    """Spans of UTC seconds: what the wall's clock shows, shifted piece by piece between its changes."""
    local = list(_joined(_local(hours, year)))
    ends = [end for _, end in local]
    for piece in pieces(hours.zone, year=year):
        yield from _within(piece, local, bisect_right(ends, piece.begins + piece.offset))


def _within(piece: Piece, local: list[Span], place: int) -> Iterator[Span]:
    last = piece.ends + piece.offset
    while place < len(local) and local[place][0] < last:
        begins, ends = local[place]
        yield max(begins - piece.offset, piece.begins), min(ends - piece.offset, piece.ends)
        place += 1


def _local(hours: Hours, year: int) -> Iterator[Span]:
    """Openings in seconds of local time, with days to spare for zones far from UTC and for night shifts."""
    spare = timedelta(days=3)
    for day in days_between(date(year, 1, 1) - spare, date(year, 12, 31) + spare):
        midnight = (day - _FIRST_DAY).days * 86_400
        for interval in hours.intervals_on(day):
            yield midnight + interval.opens * 60, midnight + interval.closes * 60


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, with those that touch or overlap made one."""
    held: Span | None = None
    for begins, ends in sorted(spans):
        if held is not None and begins <= held[1]:
            held = held[0], max(held[1], ends)
            continue
        if held is not None:
            yield held
        held = begins, ends
    if held is not None:
        yield held
