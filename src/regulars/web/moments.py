"""Moments as a language writes them, put together of a day and a time of day that were written before.

A page of the desk writes thirty moments twice each. There are few days and few minutes of a day, so each is written
by Django once, and what stands on a page is one beside the other.
"""

from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

from django.utils import dateformat, formats, timesince, translation
from django.utils.html import avoid_wrapping

_OF_TIME: Final = frozenset("aAfgGhHiPs")  # what of a format says the time, to the second
_OF_BOTH: Final = frozenset("ceIOrTuUZ")  # what says more, or a zone


def written(moment: datetime, name: str) -> str:
    """What `date_format` writes for a moment by one of the language's own formats: `DATE_FORMAT` and its like."""
    language = translation.get_language()
    day, hour = _parts(language, name)
    if day is None:
        return formats.date_format(moment, name)
    said = _day(language, day, moment.year, moment.month, moment.day)
    return (
        said + _time(language, hour, moment.hour, moment.minute, moment.second if "s" in hour else 0) if hour else said
    )


def between(earlier: datetime, later: datetime) -> str:
    """How long it is from one moment to another, in one unit: what `timesince` says with a depth of 1."""
    later = later.astimezone(earlier.tzinfo)
    since = later - earlier
    seconds = since.days * 86_400 + since.seconds
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    months -= (earlier.day, earlier.time()) > (later.day, later.time())
    if seconds <= 0 or months <= 0:
        return _counted(translation.get_language(), *_short(seconds))
    return _counted(translation.get_language(), *(("year", months // 12) if months >= 12 else ("month", months)))


def _short(seconds: int) -> tuple[str, int]:
    for unit, length in (("week", 604_800), ("day", 86_400), ("hour", 3_600)):
        if seconds >= length:
            return unit, seconds // length
    return "minute", max(0, seconds // 60)


@lru_cache(maxsize=2_000)
def _counted(_language: str | None, unit: str, count: int) -> str:
    return avoid_wrapping(timesince.TIME_STRINGS[unit] % {"num": count})


@lru_cache(maxsize=100)
def _parts(_language: str | None, name: str) -> tuple[str | None, str]:
    """A format's part of the day, and after it that of the time; None where they do not stand in this order."""
    text, at = formats.get_format(name), 0
    while at < len(text) and text[at] not in _OF_TIME:
        at += 2 if text[at] == "\\" else 1
    day, hour = text[:at], text[at:]
    is_mixed = "\\" in hour or any(sign.isalpha() and sign not in _OF_TIME for sign in hour)
    return (None, "") if is_mixed or _OF_BOTH.intersection(day) else (day, hour)


@lru_cache(maxsize=4_000)
def _day(_language: str | None, form: str, year: int, month: int, day: int) -> str:
    return dateformat.format(date(year, month, day), form)


@lru_cache(maxsize=4_000)
def _time(_language: str | None, form: str, hour: int, minute: int, second: int) -> str:
    return dateformat.time_format(time(hour, minute, second), form)
