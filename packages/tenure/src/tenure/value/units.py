"""Units of time, as numbers of days."""

from __future__ import annotations

import math
from typing import Final

from tenure.errors import UnknownChoice
from tenure.value.errors import ChoiceBad

DAYS_IN: Final[dict[str, float]] = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25}


def days_in(unit: str) -> float:
    """How many days a unit of time has; a month is a twelfth of 365.25 days."""
    if unit not in DAYS_IN:
        raise UnknownChoice(name="unit", value=unit, choices=", ".join(DAYS_IN))
    return DAYS_IN[unit]


def force_of_discount(discount: float, *, unit: str) -> float:
    """The continuous rate per unit that discounts like `discount` a year: ln(1 + d) over the units in a year."""
    if not math.isfinite(discount) or discount < 0:
        raise ChoiceBad(name="discount", value=discount, why="it is a share a year of 0 or more, such as 0.1")
    return math.log1p(discount) * days_in(unit) / DAYS_IN["year"]


def checked_span(value: float, *, name: str) -> float:
    """A length of time of 0 or more, finite."""
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise ChoiceBad(name=name, value=value, why="it is a length of time of 0 or more")
    return float(value)


def checked_level(level: float) -> float:
    """A level of confidence between 0 and 1."""
    if not 0 < level < 1:
        raise UnknownChoice(name="level", value=level, choices="a number between 0 and 1, such as 0.95")
    return level
