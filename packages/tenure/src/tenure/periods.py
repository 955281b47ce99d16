"""Calendar periods as integers: days since 1970-01-01, Monday weeks, months, quarters and years."""

from __future__ import annotations

import re
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.errors import PersonalMonths, UnknownPeriod

Period = Literal["day", "week", "month", "quarter", "year"]
PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month", "quarter", "year")
DEFAULT_HORIZON: Final[dict[str, int]] = {"day": 90, "week": 104, "month": 120, "quarter": 80, "year": 100}
_MONTHS_IN: Final[dict[str, int]] = {"month": 1, "quarter": 3, "year": 12}
_DAYS: Final = re.compile(r"(\d+) ?days?")


def checked_period(period: str) -> Period:
    """The period, or a refusal that names the choices."""
    for known in PERIODS:
        if known == period:
            return known
    raise UnknownPeriod(period=period)


def personal_days(period: str) -> int:
    """How many 24-hour days a personal window holds; months are refused, because they have no fixed length."""
    if period in ("day", "week"):
        return 1 if period == "day" else 7
    if period in PERIODS:
        raise PersonalMonths(period=period)
    match = _DAYS.fullmatch(period.strip())
    if not match or int(match[1]) < 1:
        raise UnknownPeriod(period=period)
    return int(match[1])


def period_of(days: NDArray[np.integer], period: str) -> NDArray[np.int32]:
    """The number of the period that holds each day (days since 1970-01-01, local)."""
    whole = np.asarray(days, np.int64)
    if period == "day":
        return whole.astype(np.int32)
    if period == "week":
        return ((whole + 3) // 7).astype(np.int32)
    months = whole.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (months // _MONTHS_IN[period]).astype(np.int32)


def first_day(indices: NDArray[np.integer], period: str) -> NDArray[np.int64]:
    """The first local day of each period."""
    whole = np.asarray(indices, np.int64)
    if period == "day":
        return whole
    if period == "week":
        return whole * 7 - 3
    months = (whole * _MONTHS_IN[period]).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def ended_before(day: int, period: str) -> int:
    """The last period that has fully ended when local day `day` begins."""
    return int(period_of(np.array([day]), period)[0]) - 1


def label(day: np.datetime64, period: str) -> str:
    """A period by its first day, in words: 2010-12, 2010-Q4, 2010, or the date itself."""
    text = str(day.astype("datetime64[D]"))
    if period == "month":
        return text[:7]
    if period == "quarter":
        return f"{text[:4]}-Q{(int(text[5:7]) - 1) // 3 + 1}"
    return text[:4] if period == "year" else text
