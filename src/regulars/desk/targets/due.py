"""When a target comes due on a clock that stands still at times."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from regulars.desk.episodes import Pause
from regulars.desk.hours import Hours, NeverOpen, add_business, business_seconds


class Running(NamedTuple):
    """The clock runs; it still does while `until` is null."""

    since: datetime
    until: datetime | None = None


def running_spans(start: datetime, pauses: Iterable[Pause]) -> Iterator[Running]:
    """What is left of the time from `start` on when the pauses, in order and apart, are taken out."""
    since: datetime | None = start
    for pause in pauses:
        if since is not None and pause.since > since:
            yield Running(since, pause.since)
        since = pause.until
    if since is not None:
        yield Running(since)


def falls_due(start: datetime, seconds: float, hours: Hours, *, pauses: Iterable[Pause] = ()) -> datetime | None:
    """The moment the running spans hold so many business seconds; null while it stands still or never opens."""
    left = seconds
    for span in running_spans(start, pauses):
        if span.until is not None:
            there = business_seconds(span.since, span.until, hours)
            if there < left:
                left = round(left - there, 6)
                continue
        return _reached(span.since, left, hours)
    return None


def _reached(since: datetime, seconds: float, hours: Hours) -> datetime | None:
    try:
        return add_business(since, seconds, hours)
    except NeverOpen:
        return None
