"""Public holidays of a country and its parts, from the `holidays` package, which is loaded when first asked."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from regulars.desk.hours.errors import UnknownHolidays

if TYPE_CHECKING:
    from holidays import HolidayBase


def check(country: str, subdivision: str) -> None:
    """Refuse a place whose holidays nobody knows; no place at all is fine."""
    if subdivision and not country:
        raise UnknownHolidays
    if country and (country not in places() or (subdivision and subdivision not in places()[country])):
        raise UnknownHolidays


@lru_cache(maxsize=1024)
def of(country: str, subdivision: str, *, year: int) -> Mapping[date, str]:
    """The public holidays of one year with their names in the country's own language."""
    if not country:
        return {}
    found = _calendar(country, subdivision, year)
    return {day: name for day, name in sorted(found.items()) if day.year == year}


def _calendar(country: str, subdivision: str, year: int) -> "HolidayBase":
    import holidays

    return holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False)


@lru_cache(maxsize=1)
def places() -> Mapping[str, tuple[str, ...]]:
    """Two-letter country codes, each with the codes of its parts."""
    import holidays

    supported = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in sorted(supported.items())}
