"""Business hours: pure values and exact arithmetic; no table, no clock of its own.

A week may have several intervals a day, night shifts or no end at all; a time zone with daylight
saving; public holidays; and days that differ. `business_seconds` measures, `add_business` foresees.
"""

from regulars.desk.hours.errors import NeverOpen, UnknownHolidays, UnknownZone, UnreadableHours
from regulars.desk.hours.measuring import add_business, business_seconds, business_time, is_open, next_opening
from regulars.desk.hours.week import ALL_DAY, ALWAYS, Hours, Interval, SpecialDay, same_every_day
from regulars.desk.hours.words import as_json, from_json, read_intervals, write_intervals

__all__ = [
    "ALL_DAY",
    "ALWAYS",
    "Hours",
    "Interval",
    "NeverOpen",
    "SpecialDay",
    "UnknownHolidays",
    "UnknownZone",
    "UnreadableHours",
    "add_business",
    "as_json",
    "business_seconds",
    "business_time",
    "from_json",
    "is_open",
    "next_opening",
    "read_intervals",
    "same_every_day",
    "write_intervals",
]
