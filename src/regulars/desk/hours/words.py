"""Opening hours as people write them, and as they are kept in a row."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from regulars.desk.hours.errors import UnreadableHours
from regulars.desk.hours.week import DAY, Hours, Interval, SpecialDay

_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–—]\s*(\d{1,2})(?::(\d{2}))?")


def read_intervals(text: str) -> tuple[Interval, ...]:
    """Read “09:00-12:30, 13:30-17:00”; “22:00-06:00” runs past midnight; an empty text is a closed day."""
    return tuple(sorted(_read_one(part.strip()) for part in re.split(r"[,;]", text) if part.strip()))


def _read_one(text: str) -> Interval:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise UnreadableHours
    from_hour, from_minute, to_hour, to_minute = (int(part or 0) for part in found.groups())
    opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if max(from_minute, to_minute) > 59 or opens >= DAY or closes > DAY or opens == closes:
        raise UnreadableHours
    return Interval(opens, closes if closes > opens else closes + DAY)


def write_intervals(intervals: Iterable[Interval]) -> str:
    """The text that `read_intervals` reads back."""
    return ", ".join(f"{_clock(one.opens)}-{_clock(one.closes)}" for one in intervals)


def _clock(minute: int) -> str:
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02d}:{minute % 60:02d}"


def as_json(hours: Hours) -> dict[str, Any]:
    """The form in which hours are kept; `from_json` gives back equal ones."""
    return {
        "zone": hours.zone,
        "week": [write_intervals(day) for day in hours.week],
        "country": hours.country,
        "subdivision": hours.subdivision,
        "special": [
            {"on": one.on.isoformat(), "intervals": write_intervals(one.intervals), "name": one.name}
            for one in hours.special
        ],
    }


def from_json(kept: Mapping[str, Any]) -> Hours:
    """Hours out of their kept form; refuses what is none."""
    try:
        return Hours(
            zone=kept["zone"],
            week=tuple(read_intervals(day) for day in kept["week"]),
            country=kept.get("country", ""),
            subdivision=kept.get("subdivision", ""),
            special=tuple(_special(one) for one in kept.get("special", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableHours from error


def _special(kept: Mapping[str, Any]) -> SpecialDay:
    return SpecialDay(date.fromisoformat(kept["on"]), read_intervals(kept["intervals"]), kept.get("name", ""))
